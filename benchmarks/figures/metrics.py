"""The page of metrics against pandas counting the same shares and medians from frames in memory.

The world of the reports (1 million answers of 20,000 customers) with tickets, onboarding, training,
purchases and renewals. The peer counts every metric of the year and of the one before, without
intervals, tests, targets or permissions. The page is a whole request: where nobody keeps its
figures it is there before them and a browser asks for them, as for its months; then they are kept
for a minute, as those of the overview are.
"""

from __future__ import annotations

import json
import statistics
import sys
from typing import Any

from benchmarks import harness, lists
from benchmarks.figures import reports

PAGE = "/analytics/metrics/?preset=last_12_months"
BAR_PAGE, BAR_TIMES = 0.3, 5.0
# So many are known in this world.
METRICS = 17
ANSWERS = 1_000_000


def run(
    *, answers: int = ANSWERS, customers: int = reports.CUSTOMERS, rounds: int = 5
) -> list[dict[str, Any]]:
    with harness.database() as url:
        found: list[dict[str, Any]] = harness.run_module(
            "figures.metrics",
            answers,
            customers,
            rounds,
            url=url,
            environment={"REDIS_URL": harness.REDIS},
        )
    return found


def build(answers: int, customers: int) -> None:
    from django.db import connection

    from analytics.counting.cells.folding import rebuild

    reports.build_world(answers, customers=customers, respondents=customers * 10)
    rebuild()
    reports.close_invitations()
    with connection.cursor() as cursor:
        for statement in WORLD:
            cursor.execute(statement, {"today": reports.TODAY, "customers": customers})
        cursor.execute("VACUUM ANALYZE")


# `n` goes through the customers `times` over; of ten rows as many are there as `of_ten` says.
EVENT = """INSERT INTO accounts_event (customer_id, kind, at, email, mail_key, ref, note, channel,
    known_from) SELECT c.id, '{kind}', d, '', '', {ref}, '', '', d::date
    FROM generate_series(1, {times} * %(customers)s) n JOIN accounts_customer c
        ON c.customer_id = 'c' || (1 + n * 7919::bigint %% %(customers)s),
    LATERAL (SELECT %(today)s::timestamptz - (n %% 720 * interval '1 day') + {after} AS d) x
    WHERE n %% 10 < {of_ten} AND d < %(today)s"""
TICKET: dict[str, Any] = {"times": 5, "ref": "'T' || n"}
ONCE: dict[str, Any] = {"times": 1, "ref": "''", "after": "interval '0'"}
KINDS: dict[str, dict[str, Any]] = {
    "ticket_opened": {**TICKET, "of_ten": 10, "after": "interval '0'"},
    "ticket_replied": {**TICKET, "of_ten": 9, "after": "n %% 50 * interval '1 hour'"},
    "ticket_resolved": {**TICKET, "of_ten": 8, "after": "n * 7 %% 45 * interval '1 day'"},
    "trained": {**ONCE, "of_ten": 7},
    "community": {**ONCE, "of_ten": 4},
    "attended": {**ONCE, "of_ten": 2},
    "referred": {**ONCE, "of_ten": 1},
    "purchased": {**ONCE, "of_ten": 8},
    "renewed": {**ONCE, "of_ten": 5},
    "contacted": {**ONCE, "of_ten": 6},
}
WORLD = (
    *(EVENT.format(kind=kind, **fields) for kind, fields in KINDS.items()),
    """UPDATE accounts_customer SET started_on = least(coalesce(churned_on, %(today)s::date),
        %(today)s::date) - id::int %% 1400""",
    """INSERT INTO accounts_event (customer_id, kind, at, email, mail_key, ref, note, channel,
        known_from) SELECT id, 'onboarding_completed', d, '', '', '', '', '', d::date
        FROM accounts_customer, LATERAL
            (SELECT started_on + (20 + id::int %% 110) * interval '1 day' AS d) x
        WHERE id %% 10 < 8 AND d < %(today)s""",
    """INSERT INTO accounts_customerterms (customer_id, known_from, renews_on)
        SELECT id, started_on + n, started_on + n * 365 FROM accounts_customer,
        generate_series(1, 3) n""",
    """INSERT INTO accounts_importedfact (fact, first_on, last_on)
        SELECT f, '2020-01-01', '2027-01-01' FROM unnest(ARRAY['churn', 'renews_on']) f
        ON CONFLICT DO NOTHING""",
)


def measure(answers: int, customers: int, rounds: int) -> list[dict[str, Any]]:
    build(answers, customers)
    return compare(answers, customers, rounds)


def compare(answers: int, customers: int, rounds: int) -> list[dict[str, Any]]:
    """On the world that is there."""
    from django.core.cache import cache

    client, frames = lists.logged_in(), _frames()
    again, months, plain = [], [], []
    for _ in range(rounds):
        again.append(harness.timed(_report)[1])
        plain.append(harness.timed(lambda: _by_pandas(frames))[1])
        months.append(harness.timed(_months)[1])
    cold = []
    for _ in range(rounds):
        cache.clear()
        cold.append(harness.timed(lambda: client.get(PAGE))[1])
    # The first one counts for the minute that follows.
    figures = harness.timed(lambda: _page(client))[1]
    kept = [harness.timed(lambda: _page(client))[1] for _ in range(rounds)]
    name = f"metrics of {customers:,} customers, {answers:,} answers"
    middle = statistics.median
    return [
        harness.limited(f"{name}: page, nothing kept (s)", middle(cold), bar=BAR_PAGE, unit="s"),
        harness.limited(f"{name}: page with its figures (s)", middle(kept), bar=BAR_PAGE, unit="s"),
        harness.compared(f"{name}: counted anew (s)", middle(again), middle(plain), bar=BAR_TIMES),
        harness.limited(f"{name}: figures of a minute (s)", figures, bar=None, unit="s"),
        harness.limited(f"{name}: twelve months (s)", middle(months), bar=None, unit="s"),
    ]


def _page(client: Any) -> None:
    page = client.get(PAGE, HTTP_HX_REQUEST="true")
    if page.status_code != 200 or b"/analytics/metrics/resolution_rate/" not in page.content:
        raise SystemExit(f"the page of metrics answered {page.status_code}")


def _filters() -> Any:
    from analytics.domain.periods import last_12_months
    from analytics.queries.filters import Compare, Filters

    period = last_12_months(reports.TODAY)
    return Filters(period, compare=Compare.PREVIOUS, today=reports.TODAY)


def _report() -> None:
    from analytics.reports.metrics.report import metric_report

    rows = metric_report(_filters(), today=reports.TODAY).rows
    if sum(row.value is not None for row in rows) < METRICS:
        raise SystemExit(f"unknown: {[row.metric for row in rows if row.value is None]}")


def _months() -> None:
    from analytics.reports.metrics.course import metric_courses

    metric_courses(_filters(), today=reports.TODAY, draws=False)


QUERIES = {
    "answers": """SELECT i.sent_at, r.score FROM surveys_response r
        JOIN surveys_invitation i ON i.id = r.invitation_id""",
    "events": "SELECT customer_id, kind, at, ref FROM accounts_event",
    "customers": "SELECT id, started_on, churned_on FROM accounts_customer",
    "terms": "SELECT customer_id, renews_on FROM accounts_customerterms",
    "revenue": "SELECT customer_id, month, mrr::float8 FROM accounts_monthlyrevenue",
}
DAYS = {"sent_at", "at", "started_on", "churned_on", "renews_on", "month"}


def _frames() -> dict[str, Any]:
    """The rows as frames in memory, which is what the peer starts from."""
    import pandas as pd
    from django.db import connection

    found = {}
    for name, query in QUERIES.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            columns = [each.name for each in cursor.description]
            frame = pd.DataFrame.from_records(cursor.fetchall(), columns=columns)
        for day in DAYS & set(columns):
            frame[day] = pd.to_datetime(frame[day], utc=True).dt.tz_localize(None)
        found[name] = frame
    return found


def _by_pandas(frames: dict[str, Any]) -> list[dict[str, float]]:
    import pandas as pd

    end = pd.Timestamp(reports.TODAY)
    year = pd.Timedelta(days=365)
    return [_of_year(frames, end - year, end), _of_year(frames, end - 2 * year, end - year)]


def _of_year(frames: dict[str, Any], start: Any, end: Any) -> dict[str, float]:
    scores = frames["answers"]
    scores = scores.loc[(scores["sent_at"] >= start) & (scores["sent_at"] < end), "score"]
    customers = frames["customers"].set_index("id")
    started, gone = customers["started_on"], customers["churned_on"]
    there = customers.index[(started < start) & ~(gone < start)]
    return {
        "nps": 100 * ((scores >= 9).mean() - (scores <= 6).mean()),
        "churn": (gone[there] < end).mean(),
        **_kept_revenue(frames["revenue"], start, end),
        **_of_events(frames["events"], customers, there, start, end),
        "renewal": _renewed(frames["terms"], gone, start, end),
    }


def _kept_revenue(revenue: Any, start: Any, end: Any) -> dict[str, float]:
    import pandas as pd

    month = pd.offsets.MonthBegin(1)
    before, after = (
        revenue[revenue["month"] == (day - 2 * month).normalize()].set_index("customer_id")["mrr"]
        for day in (start, end)
    )
    then = after.reindex(before.index, fill_value=0)
    # Of the months before the first one there is nothing.
    whole = before.sum() or 1.0
    return {"nrr": then.sum() / whole, "grr": then.clip(upper=before).sum() / whole}


def _renewed(terms: Any, gone: Any, start: Any, end: Any) -> float:
    import pandas as pd

    day = terms["renews_on"] + pd.Timedelta(days=30)
    due = (day >= start) & (day < end)
    left = gone.reindex(terms.loc[due, "customer_id"]).to_numpy() < day[due].to_numpy()
    return float(1 - left.mean())


def _of_events(events: Any, customers: Any, there: Any, start: Any, end: Any) -> dict[str, float]:
    events = events[events["at"] < end]
    within = events[events["at"] >= start]
    by_kind = dict(list(events.groupby("kind")))
    bought = events[events["kind"].isin(["purchased", "renewed"])].groupby("customer_id").size()
    opened = by_kind["ticket_opened"]
    opened = opened[opened["at"] >= start]
    pairs = [
        opened.merge(by_kind[kind], on=["customer_id", "ref"], how="left", suffixes=("", "_then"))
        for kind in ("ticket_replied", "ticket_resolved")
    ]
    waits = [(each["at_then"] - each["at"]).dt.total_seconds() / 3600 for each in pairs]
    done = by_kind["onboarding_completed"].groupby("customer_id")["at"].min()
    days = (done.reindex(customers.index) - customers["started_on"]).dt.days
    started = (customers["started_on"] >= start) & (customers["started_on"] < end)
    joined = {
        kind: there.isin(within.loc[within["kind"] == kind, "customer_id"]).mean()
        for kind in ("trained", "community", "referred")
    }
    return {
        **joined,
        "repurchase": (bought >= 2).mean(),
        "first_response": waits[0].median(),
        "resolution": (waits[1] <= 30 * 24).mean(),
        "onboarding_days": days[started].median(),
        "onboarded": (days[started] <= 90).mean(),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(*map(int, sys.argv[1:]))))
