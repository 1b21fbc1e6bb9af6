"""A night's health scores, and the proof of a score, against DuckDB taking the same windows from
Parquet.

20,000 customers and 12 measures: two of usage as sum, mean, active days and change, tickets, the
last NPS, revenue and tenure. Usage comes weekly, of the last eight weeks daily. The peer takes the
windows and ranks them; it knows no formulas, versions, caps or intervals, and stores nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.figures import reports

CUSTOMERS, ROUNDS = reports.CUSTOMERS, 3
MEASURES = ("logins", "exports")
LAST = reports.TODAY - dt.timedelta(days=1)
DAYS, EVERY, HORIZON, WINDOW = 24, 28, 90, 28
BAR_NIGHT, BAR_EVIDENCE, BAR_TIMES = 60.0, 5.0, 5.0


def run(*, customers: int = CUSTOMERS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    with harness.database() as url:
        found: list[dict[str, Any]] = harness.run_module(
            "figures.health", customers, rounds, url=url
        )
    return found


def measure(customers: int, rounds: int) -> list[dict[str, Any]]:
    _build(customers)
    days = [LAST - dt.timedelta(days=HORIZON + EVERY * number) for number in range(DAYS)]
    with tempfile.TemporaryDirectory() as folder:
        _write_parquet(Path(folder))
        nights, proofs, plain, plain_proofs = [], [], [], []
        for _ in range(rounds):
            nights.append(harness.timed(_night)[1])
            plain.append(harness.timed(lambda: list(_score(Path(folder), [LAST])))[1])
            proofs.append(harness.timed(lambda: _evidence(days))[1])
            plain_proofs.append(harness.timed(lambda: _aucs(Path(folder), days))[1])
    night, peer = statistics.median(nights), statistics.median(plain)
    proof, aucs = statistics.median(proofs), statistics.median(plain_proofs)
    name = f"health of {customers:,} customers, 12 measures"
    label = f"proof over {DAYS} observation days"
    return [
        harness.compared(f"{name}: a night (s)", night, peer, bar=BAR_TIMES),
        harness.limited(f"{name}: a night alone (s)", night, bar=BAR_NIGHT, unit="s"),
        harness.compared(f"{name}: {label} (s)", proof, aucs, bar=BAR_TIMES),
        harness.limited(f"{name}: {label} alone (s)", proof, bar=BAR_EVIDENCE, unit="s"),
    ]


def _formula() -> dict[str, Any]:
    use: dict[str, Any] = {
        "window_days": WINDOW,
        "group": "use",
        "weight": 10,
        "points": "percentile",
    }
    change: dict[str, Any] = {
        "change": "previous_window",
        "points": [[-0.5, 0], [0, 70], [0.2, 100]],
    }
    kinds: dict[str, dict[str, Any]] = {
        "sum": {}, "mean": {}, "days_active": {}, "change": {"aggregate": "sum", **change},
    }  # fmt: skip
    found = [
        {"key": f"{name}_{kind}", "source": f"usage:{name}", "aggregate": kind, **use, **more}
        for name in MEASURES
        for kind, more in kinds.items()
    ]
    rest: list[dict[str, Any]] = [
        {"key": "voice", "source": "nps_last", "points": [[0, 0], [10, 100]]},
        {"key": "mrr", "source": "mrr", "points": "percentile"},
        {"key": "tenure", "source": "tenure_months", "points": "percentile"},
        {"key": "tickets", "source": "events:ticket_opened", "aggregate": "count",
         "window_days": 90, "points": "percentile", "direction": "low_is_good"},
    ]  # fmt: skip
    return {
        "name": "Standard",
        "unhealthy_means": "uses it less",
        "measures": found + [{**each, "group": "rest", "weight": 10} for each in rest],
        "min_known_share": 0.3,
        "bands": [{"name": "good", "from": 50}, {"name": "risk", "from": 0}],
        "too_new_days": 30,
    }


def _build(customers: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Measure
    from analytics.services.health.formulas import put_in_force, save_formula

    reports.build_world(customers * 10, customers=customers, respondents=customers * 10)
    Measure.objects.bulk_create(Measure(key=key) for key in MEASURES)
    with connection.cursor() as cursor:
        for statement in WORLD:
            cursor.execute(statement, {"last": LAST, "customers": customers})
        cursor.execute("VACUUM ANALYZE")
    now = timezone.now()
    put_in_force(save_formula(_formula(), by=None, now=now).row, by=None, now=now)


def _night() -> None:
    from analytics.models import HealthScore
    from analytics.services.health.scoring import score_health

    HealthScore.objects.all()._raw_delete(HealthScore.objects.db)
    if not score_health(LAST, today=reports.TODAY):
        raise SystemExit("nobody was scored")


def _evidence(days: Sequence[dt.date]) -> None:
    from analytics.domain.periods import Period
    from analytics.reports.health.evidence import evidence_report

    period = Period.from_inclusive(min(days), max(days))
    found = evidence_report(period, horizon_days=HORIZON, every_days=EVERY, today=reports.TODAY)
    if found.proof.withheld or found.proof.days != len(days):
        raise SystemExit(f"{found.proof.days} days, withheld: {found.withheld}")


QUERIES = {
    "readings": """SELECT measure_id, customer_id, day - DATE '1970-01-01', value::float8
        FROM accounts_reading""",
    "events": """SELECT 0, customer_id, at::date - DATE '1970-01-01', 1.0 FROM accounts_event""",
    "answers": """SELECT 0, p.customer_id, r.answered_at::date - DATE '1970-01-01', r.score::float8
        FROM surveys_response r JOIN surveys_invitation i ON i.id = r.invitation_id
        JOIN accounts_respondent p ON p.id = i.respondent_id""",
    "revenue": """SELECT 0, customer_id, month - DATE '1970-01-01', mrr::float8
        FROM accounts_monthlyrevenue""",
    "customers": """SELECT 0, id, started_on - DATE '1970-01-01',
        COALESCE(churned_on - DATE '1970-01-01', 99999)::float8 FROM accounts_customer""",
}


def _write_parquet(folder: Path) -> None:
    """As flat tables of what, whose, day and value, the readings by day."""
    import duckdb
    from django.db import connection

    for name, query in QUERIES.items():
        path = folder / f"{name}.csv"
        copied = f"COPY ({query} ORDER BY 3) TO STDOUT (FORMAT csv)"
        with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(copied) as parts:
            file.writelines(parts)
        columns = "{'what': 'INTEGER', 'customer': 'INTEGER', 'day': 'INTEGER', 'value': 'DOUBLE'}"
        duckdb.sql(
            f"COPY (SELECT * FROM read_csv('{path}', header=false, columns={columns}))"
            f" TO '{folder / name}.parquet' (FORMAT parquet)"
        )
        path.unlink()


def _score(folder: Path, days: Sequence[dt.date]) -> Iterator[Any]:
    """A frame of the measures' values, ranked, and of their mean, for each day."""
    import duckdb

    for day in ((each - dt.date(1970, 1, 1)).days for each in days):
        query = SCORES.format(folder=folder, day=day, before=day - WINDOW)
        values = duckdb.connect().sql(query).df()
        ranked = values.drop(columns=["customer", "churned"]).rank(pct=True)
        yield values.assign(score=ranked.mean(axis=1))


def _aucs(folder: Path, days: Sequence[dt.date]) -> list[float]:
    found = []
    for day, frame in zip(days, _score(folder, days), strict=True):
        number = (day - dt.date(1970, 1, 1)).days
        left = frame["churned"] <= number + HORIZON
        for name in frame.columns.drop(["customer", "churned"]):
            ranks = frame[name].rank()
            lost, kept = int(left.sum()), int((~left).sum())
            found.append((ranks[~left].sum() - kept * (kept + 1) / 2) / max(lost * kept, 1))
    return found


_SUMS = ", ".join(
    f"sum(value) FILTER (what = {place} AND day > {{before}}) AS now{place},"
    f" sum(value) FILTER (what = {place} AND day <= {{before}}) AS before{place},"
    f" avg(value) FILTER (what = {place} AND day > {{before}}) AS mean{place},"
    f" count(*) FILTER (what = {place} AND day > {{before}} AND value > 0) AS days{place}"
    for place in range(1, len(MEASURES) + 1)
)
_CHANGES = ", ".join(
    f"now{place}, now{place} / nullif(before{place}, 0) AS change{place}, mean{place}, days{place}"
    for place in range(1, len(MEASURES) + 1)
)
SCORES = f"""
    SELECT c.customer, c.value AS churned, {{day}} - c.day AS tenure, a.voice, m.mrr,
        -coalesce(e.tickets, 0) AS tickets, {_CHANGES}
    FROM '{{folder}}/customers.parquet' c
    LEFT JOIN (SELECT customer, {_SUMS} FROM '{{folder}}/readings.parquet'
        WHERE day > {{before}} - {WINDOW} AND day <= {{day}} GROUP BY 1) u USING (customer)
    LEFT JOIN (SELECT customer, arg_max(value, day) AS voice FROM '{{folder}}/answers.parquet'
        WHERE day <= {{day}} GROUP BY 1) a USING (customer)
    LEFT JOIN (SELECT customer, arg_max(value, day) AS mrr FROM '{{folder}}/revenue.parquet'
        WHERE day <= {{day}} GROUP BY 1) m USING (customer)
    LEFT JOIN (SELECT customer, count(*) AS tickets FROM '{{folder}}/events.parquet'
        WHERE day > {{day}} - 90 AND day <= {{day}} GROUP BY 1) e USING (customer)
    WHERE c.day <= {{day}} AND c.value > {{day}}
"""
WORLD = (
    """INSERT INTO accounts_reading (measure_id, day, customer_id, value, known_from, is_sum)
        SELECT m.id, d.day, c.id, (c.id * 7 + m.id * 13 + d.number * 31) %% 97, d.day + 1, false
        FROM (SELECT %(last)s::date - n AS day, n AS number FROM generate_series(0, 900) n
            WHERE n < 56 OR n %% 7 = 0) d, accounts_measure m, accounts_customer c
        WHERE c.churned_on IS NULL OR d.day < c.churned_on ORDER BY 1, 2, 3""",
    """INSERT INTO accounts_readingspan (measure_id, customer_id, first_day, last_day)
        SELECT measure_id, customer_id, min(day), max(day) FROM accounts_reading GROUP BY 1, 2""",
    """INSERT INTO accounts_event (customer_id, kind, at, email, mail_key, ref, note, channel,
        known_from) SELECT c.id, 'ticket_opened', d, '', '', 'T' || n, '', '', d::date
        FROM generate_series(1, 10 * %(customers)s) n JOIN accounts_customer c
            ON c.customer_id = 'c' || (1 + n * 7919::bigint %% %(customers)s),
        LATERAL (SELECT %(last)s::timestamptz - n %% 730 * interval '1 day' AS d) x
        WHERE c.churned_on IS NULL OR d < c.churned_on""",
)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(*map(int, sys.argv[1:]))))
