"""Planning a campaign, against the one SQL statement that only inserts the eligible ones.

Each respondent was asked twice in the last three years, so 1,000,000 respondents come with
2,000,000 past invitations. The statement knows no slots, hours or reasons; what planning does
beyond it is what the ratio pays for. Each size runs in a process of its own, whose peak memory is
reported.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import harness

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
WINDOW = dt.timedelta(hours=8760)
SIZES = {"small": [(20_000, 1)], "default": [(100_000, 3)], "full": [(100_000, 5), (1_000_000, 1)]}

BAR_TIME = 8.0
BAR_MEMORY = 500.0
BAR_FRESH = 2.0


def run(scale: str = "default") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for size, rounds in SIZES[scale]:
        with harness.database() as url:
            rows += harness.run_module("planning", size, rounds, url=url)
    with harness.database() as url:
        rows += harness.run_module("planning", SIZES[scale][0][0], 0, url=url)
    return rows


def measure(size: int, rounds: int) -> list[dict[str, Any]]:
    _build(size)
    ours, peer = [], []
    for last in reversed(range(rounds)):
        planned, seconds = harness.timed(_plan)
        ours.append(seconds)
        _undo()
        inserted, seconds = harness.timed(_insert_eligible)
        peer.append(seconds)
        if last:
            _undo()
        if planned != inserted:
            raise SystemExit(f"planning asked {planned}, the statement inserted {inserted}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"planning {size:,} respondents, {2 * size:,} past invitations"
    return [
        harness.compared(
            f"{name} (s)", statistics.median(ours), statistics.median(peer), bar=BAR_TIME
        ),
        harness.limited(f"{name}: peak memory (MB)", memory, bar=BAR_MEMORY, unit="MB"),
    ]


def measure_fresh(size: int) -> list[dict[str, Any]]:
    """Planning on tables that PostgreSQL knows nothing of yet, against the same after ANALYZE."""
    _build(size, fresh=True)
    _, fresh = harness.timed(_plan)
    _undo()
    _, known = harness.timed(_plan)
    name = f"planning {size:,} respondents on fresh tables, and after ANALYZE (s)"
    return [harness.compared(name, fresh, known, bar=BAR_FRESH)]


def _build(size: int, *, fresh: bool = False) -> None:
    """The world, made by the database itself: 12 quarterly campaigns, two of them per person."""
    from django.db import connection

    from surveys.models import Campaign

    harness.make_tables()
    for quarter in range(12):
        sent_at = NOW - dt.timedelta(days=45 + 91 * quarter)
        slug = f"quarter-{quarter}"
        Campaign.objects.create(slug=slug, name=slug, state="finished", starts_at=sent_at)
    with connection.cursor() as cursor, _unchecked(cursor), _without_indexes(cursor):
        for statement in WORLD:
            cursor.execute(statement.format(size=size), {"now": NOW})
    if not fresh:
        _tidy()


@contextmanager
def _unchecked(cursor: Any) -> Iterator[None]:
    """Without the foreign keys' checks, which took most of the time between the measurements."""
    cursor.execute("SET session_replication_role = replica")
    yield
    cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Filled first and indexed then, a million rows take a tenth of the time."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename IN ('accounts_respondent', 'surveys_invitation', 'surveys_slot')"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("SET maintenance_work_mem = '256MB'")
    for _, definition in indexes:
        cursor.execute(definition)


WORLD = (
    """INSERT INTO accounts_customer (customer_id, name, owner_email, attributes, created_at,
        updated_at) SELECT 'c' || n, 'Customer ' || n, '', '{{"contract": "enterprise"}}', %(now)s,
        %(now)s FROM generate_series(1, {size} / 10) n""",
    """INSERT INTO accounts_person (mail_key, created_at)
        SELECT 'p' || n || '@example.com', %(now)s FROM generate_series(1, {size}) n""",
    """INSERT INTO accounts_respondent (person_id, customer_id, email, name, role, language,
        time_zone, attributes, created_at, updated_at)
        SELECT p.id, c.id, p.mail_key, 'Name', '', CASE WHEN p.id %% 3 = 0 THEN 'en' ELSE 'ja' END,
        CASE WHEN p.id %% 3 = 0 THEN 'America/New_York' ELSE 'Asia/Tokyo' END, '{{}}', %(now)s,
        %(now)s FROM accounts_person p JOIN accounts_customer c
        ON c.customer_id = 'c' || (1 + p.id %% ({size} / 10))""",
    """INSERT INTO accounts_suppression (person_id, reason, created_at, source, note)
        SELECT id, 'opted_out', %(now)s, '', '' FROM accounts_person WHERE id %% 50 = 0""",
    """INSERT INTO surveys_invitation (campaign_id, respondent_id, person_id, public_id, state,
        reason, send_at, sent_at, settled_at, attempts_made, email, language, message_id,
        delivery_status, attributes, reminder_state, created_at)
        SELECT c.id, r.id, r.person_id, left(md5(c.id || '/' || r.id), 22), 'sent', '', c.starts_at,
        c.starts_at, c.starts_at, 1, r.email, r.language, 'm', '', '{{}}', '', c.starts_at
        FROM accounts_respondent r JOIN surveys_campaign c ON
        c.slug IN ('quarter-' || (r.person_id %% 6) * 2,
                   'quarter-' || (1 + 2 * ((r.person_id / 6) %% 6)))""",
    """INSERT INTO surveys_slot (person_id, number, free_at, prev_free_at)
        SELECT person_id, row_number() OVER (PARTITION BY person_id ORDER BY sent_at) - 1,
        sent_at + interval '8760 hours', sent_at FROM surveys_invitation""",
)

# The statement to beat: the eligible ones by history alone, one pass, one transaction.
ELIGIBLE = """
    INSERT INTO surveys_invitation (campaign_id, respondent_id, person_id, public_id, state, reason,
        send_at, attempts_made, email, language, message_id, delivery_status, attributes,
        reminder_state, created_at)
    SELECT %(campaign)s, r.id, r.person_id, left(md5(random()::text), 22), 'queued', '', %(now)s, 0,
        r.email, r.language, '', '', '{}', '', %(now)s
    FROM accounts_respondent r
    JOIN accounts_person p ON p.id = r.person_id
    JOIN accounts_customer c ON c.id = r.customer_id
    LEFT JOIN (SELECT person_id FROM surveys_invitation
        WHERE sent_at > %(since)s AND state IN ('sending', 'sent', 'unknown')
        GROUP BY person_id HAVING count(*) >= 2) capped ON capped.person_id = r.person_id
    WHERE capped.person_id IS NULL AND p.erased_at IS NULL AND p.merged_into_id IS NULL
        AND (c.churned_on IS NULL OR c.churned_on > %(now)s::date) AND r.email <> ''
        AND NOT EXISTS (SELECT FROM accounts_suppression s
            WHERE s.person_id = r.person_id AND s.lifted_at IS NULL)
        AND NOT EXISTS (SELECT FROM surveys_invitation i
            WHERE i.campaign_id = %(campaign)s AND i.person_id = r.person_id)
"""


def _plan() -> int:
    from surveys.services.campaigns.plan import plan_campaign

    asked: int = plan_campaign(_campaign("ours"), now=NOW).asked
    return asked


def _insert_eligible() -> int:
    from django.db import connection, transaction

    campaign = _campaign("peer")
    with transaction.atomic(), connection.cursor() as cursor:
        values = {"campaign": campaign.pk, "now": NOW, "since": NOW - WINDOW}
        cursor.execute(ELIGIBLE, values)
        return int(cursor.rowcount)


def _campaign(name: str) -> Any:
    from surveys.models import Campaign

    slug = f"{name}-{time.monotonic_ns()}"
    return Campaign.objects.create(slug=slug, name=name, state="running", starts_at=NOW)


def _undo() -> None:
    from django.db import connection

    with connection.cursor() as cursor, _unchecked(cursor):
        cursor.execute(
            "UPDATE surveys_slot SET held_by_id = NULL, free_at = prev_free_at"
            " WHERE held_by_id IS NOT NULL"
        )
        cursor.execute("DELETE FROM surveys_invitation WHERE state = 'queued'")
    _tidy()


def _tidy() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


if __name__ == "__main__":
    import django

    django.setup()
    many, times = map(int, sys.argv[1:])
    print(json.dumps(measure(many, times) if times else measure_fresh(many)))
