"""The page of metrics against pandas counting the same shares and medians from frames in memory.

The world of the reports (1 million answers of 20,000 customers) with tickets, onboarding, training,
purchases and renewals. The peer counts every metric of the year and of the one before, without
intervals, tests, targets, months or permissions; ours is the whole page as a browser gets it.
"""

from __future__ import annotations

from typing import Any

from benchmarks import harness, reports

BAR_PAGE = 0.3


def run(
    *, answers: int = 1_000_000, customers: int = reports.CUSTOMERS, rounds: int = 5
) -> list[dict[str, Any]]:
    with harness.database() as url:
        found: list[dict[str, Any]] = harness.run_module(
            "metrics", answers, customers, rounds, url=url
        )
    return found


def build(answers: int, customers: int) -> None:
    from django.db import connection

    reports.build_world(answers, customers=customers, respondents=customers * 10)
    with connection.cursor() as cursor:
        for statement in WORLD:
            cursor.execute(statement, {"today": reports.TODAY, "customers": customers})
        cursor.execute("VACUUM ANALYZE")


# Kind, how many of it, the days after which it follows the ticket of the same number.
EVENT = """INSERT INTO accounts_event (customer_id, kind, at, email, mail_key, ref, note, channel,
    known_from) SELECT c.id, '{kind}', d, '', '', {ref}, '', '', d::date
    FROM generate_series(1, {times} * %(customers)s) n JOIN accounts_customer c
        ON c.customer_id = 'c' || (1 + n * {prime}::bigint %% %(customers)s),
    LATERAL (SELECT %(today)s::timestamptz - (n %% 720 * interval '1 day') + {after} AS d) x
    WHERE n %% 10 < {of_ten} AND d < %(today)s"""
TICKET = {"times": 5, "prime": 7919, "ref": "'T' || n"}
KINDS: dict[str, dict[str, Any]] = {
    "ticket_opened": {**TICKET, "of_ten": 10, "after": "interval '0'"},
    "ticket_replied": {**TICKET, "of_ten": 9, "after": "n %% 50 * interval '1 hour'"},
    "ticket_resolved": {**TICKET, "of_ten": 8, "after": "n %% 60 * interval '1 day'"},
}
OTHERS = ("trained", "community", "attended", "referred", "purchased", "renewed", "contacted")
WORLD = (
    *(EVENT.format(kind=kind, **fields) for kind, fields in KINDS.items()),
    *(
        EVENT.format(
            kind=kind, times=1, prime=7919 + 2 * place, ref="''", of_ten=6, after="interval '0'"
        )
        for place, kind in enumerate(OTHERS)
    ),
    """UPDATE accounts_customer SET started_on = %(today)s::date - id::int %% 1400""",
    """INSERT INTO accounts_event (customer_id, kind, at, email, mail_key, ref, note, channel,
        known_from) SELECT id, 'onboarding_completed', d, '', '', '', '', '', d::date
        FROM accounts_customer, LATERAL
            (SELECT started_on + (20 + id::int %% 110) * interval '1 day' AS d) x
        WHERE id %% 10 < 8 AND d < %(today)s""",
    """INSERT INTO accounts_customerterms (customer_id, known_from, renews_on)
        SELECT id, started_on, started_on + (n * 365)::int FROM accounts_customer,
        generate_series(1, 3) n""",
    """INSERT INTO accounts_importedfact (fact, first_on, last_on)
        SELECT f, '2020-01-01', '2027-01-01' FROM unnest(ARRAY['churn', 'renews_on']) f""",
)
