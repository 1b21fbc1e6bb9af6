"""The segment report against DuckDB counting the same cells from Parquet, and the rebuilding of the
cells against a pandas cross count.

200,000 respondents at 20,000 customers, 4 dimensions (4 x 8 x 5 x 12 values), 24 months. The report
does more than its peer: votes of customers, churn, revenue, intervals. The peer's file is in the
page cache, our first report in a process reads all of its blocks from PostgreSQL. Each size has a
database and a process of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import harness

LARGEST = 5_000_000
SIZES = {
    "small": [(50_000, 3)],
    "default": [(1_000_000, 5)],
    "full": [(1_000_000, 5), (LARGEST, 5)],
}
TODAY = dt.date(2026, 11, 24)
DIMENSIONS = {"contract": 4, "region": 8, "size": 5, "industry": 12}
# Of a tenth of the customers.
OWNER = "cs@koe.example"
CUSTOMERS, RESPONDENTS, MONTHS = 20_000, 200_000, 24

BAR_GROWTH, BAR_PAGE, BAR_REBUILD, BAR_REBUILD_SECONDS = 1.2, 0.3, 25.0, 30.0
# By the number of answers: counting few rows is quick in any way.
BARS_REPORT = {1_000_000: 1.0, LARGEST: 1.5}


def run(*, quick: bool = False, scale: str = "full") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seconds: list[float] = []
    for size, rounds in SIZES["small" if quick else scale]:
        with harness.database() as url:
            found = harness.run_module("figures.reports", size, rounds, url=url)
        rows += found
        seconds.append(found[0]["ours"])
    if len(seconds) > 1:
        name = "segment report at the largest against the smallest size (s)"
        rows.append(harness.compared(name, seconds[-1], seconds[0], bar=BAR_GROWTH))
    return rows


def measure(size: int, rounds: int) -> list[dict[str, Any]]:
    build_world(size)
    return compare(size, rounds)


def compare(size: int, rounds: int) -> list[dict[str, Any]]:
    """On the world that is there."""
    from analytics.counting.cells import folding

    rebuilt = [_seconds(folding.rebuild) for _ in range(rounds)]
    close_invitations()
    with tempfile.TemporaryDirectory() as folder:
        frame = _rows()
        parquet = Path(folder) / "answers.parquet"
        _write_parquet(frame, parquet)
        ours, peer = [], []
        for _ in range(rounds):
            ours.append(_seconds(_report))
            peer.append(_seconds(lambda: _count_by_duckdb(parquet)))
        pandas_seconds = [_seconds(lambda: _cross_count(frame)) for _ in range(rounds)]
    first = statistics.median(_first_in_a_process() for _ in range(rounds))
    chosen = [statistics.median(_seconds(each) for _ in range(rounds)) for each in _overviews()]
    as_of_now = statistics.median(_seconds(lambda: _report(as_of=TODAY)) for _ in range(rounds))
    _check(size)
    name = f"{size:,} answers"
    page, plain = statistics.median(ours), statistics.median(pandas_seconds)
    fold, longest = statistics.median(rebuilt), BAR_REBUILD_SECONDS * size / 1_000_000
    bar_report = BARS_REPORT.get(size)
    bar_rebuild = BAR_REBUILD if size < LARGEST else None
    return [
        harness.compared(
            f"segment report, {name} (s)", page, statistics.median(peer), bar=bar_report
        ),
        harness.limited(
            f"segment report, {name}: first in a process (s)", first, bar=None, unit="s"
        ),
        harness.limited(f"segment report, {name}: later ones (s)", page, bar=BAR_PAGE, unit="s"),
        harness.compared(
            f"segment report as of now, {name} (s)", as_of_now, statistics.median(peer), bar=None
        ),
        harness.limited(f"overview, {name} (s)", chosen[0], bar=BAR_PAGE, unit="s"),
        harness.limited(
            f"overview with a filter, {name}: the slowest of {len(chosen) - 1} (s)",
            max(chosen[1:]),
            bar=BAR_PAGE,
            unit="s",
        ),
        harness.compared(f"rebuild of {name} (s)", fold, plain, bar=bar_rebuild),
        harness.limited(f"rebuild of {name}: alone (s)", fold, bar=longest, unit="s"),
    ]


def close_invitations() -> None:
    """As the ticks of a production do, which are done with it long before anybody looks."""
    from analytics.counting.cells import folding
    from analytics.queries.database.clock import midnight

    while folding.close_invitations(now=midnight(TODAY + dt.timedelta(days=1))):
        pass


def _first_in_a_process() -> float:
    """Of a web worker that has loaded its views and is connected."""
    url = os.environ["DATABASE_URL"]
    return float(harness.run_module("figures.reports", "first", url=url)["seconds"])


def _first() -> dict[str, float]:
    from django.db import connection

    from common.web.lazy import load_all

    load_all()
    connection.ensure_connection()
    return {"seconds": _seconds(_report)}


def _seconds(work: Callable[[], object]) -> float:
    return harness.timed(work)[1]


def _report(*, as_of: dt.date | None = None) -> Any:
    from analytics.domain.periods import last_12_months
    from analytics.queries.filters import Compare, Filters
    from analytics.reports.answers.segments import segment_report

    period = last_12_months(TODAY)
    return segment_report(Filters(period, by=("contract",), compare=Compare.PREVIOUS, as_of=as_of))


def _overviews() -> list[Callable[[], object]]:
    """Of all; then of a segment, a campaign, a language, somebody's accounts."""
    from analytics.domain.periods import last_12_months
    from analytics.queries.filters import Compare, Filters
    from analytics.reports.overview.figures import overview_report

    filters: list[dict[str, Any]] = [
        {},
        {"where": {"region": ["region 1"]}},
        {"campaign": "month-3"},
        {"language": "en"},
        {"owner": OWNER},
    ]
    period = last_12_months(TODAY)
    return [
        partial(overview_report, Filters(period, compare=Compare.PREVIOUS, **each), today=TODAY)
        for each in filters
    ]


def _check(size: int) -> None:
    from analytics.domain.periods import Period
    from analytics.queries.filters import Filters
    from analytics.reports.answers.segments import segment_report

    ever = Period(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
    counted = segment_report(Filters(ever, by=("industry",))).total.responses
    if counted != size:
        raise SystemExit(f"the report counted {counted} of {size} answers")


def _rows() -> Any:
    """The answers as a frame in memory, which is what the peers start from."""
    import pandas as pd
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT extract(year FROM r.answered_at)::int * 12
                + extract(month FROM r.answered_at)::int, i.profile_id, r.score,
                i.respondent_id FROM surveys_response r
                JOIN surveys_invitation i ON i.id = r.invitation_id"""
        )
        columns = ["month", "profile", "score", "respondent"]
        frame = pd.DataFrame.from_records(cursor.fetchall(), columns=columns)
    values = _profiles()
    for name in DIMENSIONS:
        frame[name] = frame["profile"].map(values[name]).astype("category")
    return frame


def _profiles() -> Any:
    import pandas as pd

    from accounts.models import SegmentProfile

    rows = SegmentProfile.objects.values_list("pk", "values")
    return pd.DataFrame(dict(rows)).T


def _write_parquet(frame: Any, path: Path) -> None:
    import duckdb

    text = frame.astype(dict.fromkeys(DIMENSIONS, "str"))  # noqa: F841 - DuckDB reads it by name
    duckdb.sql(f"COPY (SELECT * FROM text) TO '{path}' (FORMAT parquet)")


def _count_by_duckdb(path: Path) -> Any:
    import duckdb

    names = ", ".join(["month", *DIMENSIONS, "score"])
    query = f"SELECT {names}, count(*) FROM '{path}' GROUP BY ALL"
    found = duckdb.sql(query)
    assert found is not None
    return found.fetchnumpy()


def _cross_count(frame: Any) -> Any:
    return frame.groupby(["month", *DIMENSIONS, "score"], observed=True).size()


def build_world(size: int, *, customers: int = CUSTOMERS, respondents: int = RESPONDENTS) -> None:
    from django.db import connection

    from accounts.models import Dimension
    from surveys.models import Campaign

    harness.make_tables()
    for name in DIMENSIONS:
        Dimension.objects.create(name=name, source="customer", attribute=name)
    for month in range(MONTHS):
        slug = f"month-{month}"
        Campaign.objects.create(slug=slug, name=slug, state="finished")
    sizes = {
        "customers": customers, "respondents": respondents, "answers": size, "months": MONTHS
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in WORLD:
            cursor.execute(statement.format(**sizes), {"today": TODAY})
        cursor.execute("VACUUM ANALYZE")


VALUES = ", ".join(
    f"'{name}', '{name} ' || (n / {2 * place + 1}) %% {count}"
    for place, (name, count) in enumerate(DIMENSIONS.items())
)
WORLD = (
    f"""INSERT INTO accounts_customer (customer_id, name, owner_email, started_on, churned_on,
        attributes, created_at, updated_at)
        SELECT 'c' || n, 'Customer ' || n, CASE WHEN n %% 10 = 0 THEN '{OWNER}' ELSE '' END,
        '2024-01-01', CASE WHEN n %% 9 = 0 THEN %(today)s::date - n %% 300 END,
        jsonb_build_object({VALUES}), now(), now() FROM generate_series(1, {{customers}}) n""",
    """INSERT INTO accounts_customerversion (customer_id, known_from, attributes)
        SELECT id, '2025-01-01', attributes FROM accounts_customer""",
    """INSERT INTO accounts_monthlyrevenue (customer_id, month, mrr, currency)
        SELECT c.id, m, 100 + c.id %% 900, 'JPY' FROM accounts_customer c,
        generate_series(%(today)s::date - interval '24 months', %(today)s, '1 month') d,
        LATERAL (SELECT date_trunc('month', d)::date AS m) x
        WHERE c.churned_on IS NULL OR c.churned_on > m""",
    """INSERT INTO accounts_person (mail_key, created_at)
        SELECT 'p' || n || '@example.com', now() FROM generate_series(1, {respondents}) n""",
    """INSERT INTO accounts_respondent (person_id, customer_id, email, name, role, language,
        time_zone, attributes, created_at, updated_at)
        SELECT p.id, c.id, p.mail_key, '', '', CASE WHEN p.id %% 3 = 0 THEN 'en' ELSE 'ja' END, '',
        '{{}}', now(), now() FROM accounts_person p JOIN accounts_customer c
        ON c.customer_id = 'c' || (1 + p.id %% {customers})""",
    """INSERT INTO accounts_segmentprofile (digest, values)
        SELECT md5(attributes::text), attributes FROM accounts_customer GROUP BY attributes""",
    """INSERT INTO surveys_invitation (campaign_id, respondent_id, person_id, public_id, state,
        reason, sent_at, settled_at, attempts_made, email, language, message_id, delivery_status,
        attributes, profile_id, reminder_state, created_at)
        SELECT k.id, r.id, r.person_id, left(md5(n::text), 22), 'sent', 'imported', at, at, 1, '',
        r.language, '', '', '{{}}', f.id, '', at
        FROM generate_series(1, {answers}) n
        JOIN accounts_respondent r
            ON r.id = 1 + (n * 7919::bigint + n / {months}) %% {respondents}
        JOIN accounts_customer c ON c.id = r.customer_id
        JOIN accounts_segmentprofile f ON f.digest = md5(c.attributes::text)
        JOIN surveys_campaign k ON k.slug = 'month-' || n %% {months},
        LATERAL (SELECT %(today)s::timestamptz - (n %% {months}) * interval '30 days'
            - (n %% 28) * interval '1 day' AS at) x""",
    """INSERT INTO surveys_response (invitation_id, score, comment, extra, language, answered_at,
        changed_at, suspect, signals, tags, note)
        SELECT id, (ARRAY[10, 9, 9, 8, 7, 6, 3, 0])[1 + id %% 8], '', '{{}}', language, sent_at,
        sent_at, false, '{{}}', '', '' FROM surveys_invitation""",
)


if __name__ == "__main__":
    import django

    django.setup()
    what, *sizes = sys.argv[1:]
    found = _first() if what == "first" else measure(int(what), int(sizes[0]))
    print(json.dumps(found))
