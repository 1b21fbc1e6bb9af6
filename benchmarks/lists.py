"""List pages at 100,000 rows: the slowest of several requests for each, against a bar of 300 ms.

Every figure is a whole request through Django's test client: middleware, queries, template.
"""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any
from urllib.parse import quote

ROWS, ROUNDS, BAR_MS = 100_000, 5, 300
BATCH = 2000
COMPANY = 10  # respondents of one customer
CONTACTS = 8  # of one customer
NAMES = ("橋本 健一", "Alice Vance", "村上 真理子", "Ben Garrity", "佐藤 美咲")
# Of the scores from 0 to 10.
WEIGHTS = (2, 1, 1, 2, 2, 5, 6, 12, 20, 22, 27)
END, MINUTES = dt.datetime(2026, 11, 22, tzinfo=dt.UTC), 700_000
SORTS = ("health", "score", "answered", "mrr", "renews", "owner", "contact")
WORDS = ("サポート", "請求", "slow", "橋本", "株式", "zzzz")


def run(*, rows: int = ROWS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Needs Django set up on an empty database."""
    from django.db import connection

    build(rows)
    client = logged_in()
    last = (rows + 49) // 50
    pages = {
        "responses": [
            "/responses/",
            f"/responses/?page={last // 2}",
            f"/responses/?page={last}",
            "/responses/?category=detractor&has_comment=on",
            "/responses/?segment-contract=enterprise&from_=2026-01-01",
        ],
        "responses, search": [f"/responses/?text={quote(word)}" for word in WORDS],
        "respondents": [
            "/respondents/",
            f"/respondents/?page={last}",
            "/respondents/?sort=customer",
            f"/respondents/?q={quote('橋本')}",
        ],
        "customers": [
            "/customers/",
            f"/customers/?q={quote('株式')}",
            *(f"/customers/?sort=-{name}" for name in SORTS),
            *(f"/customers/?view={name}" for name in ("risk", "renewing", "silent")),
        ],
    }
    return [
        _row(f"list page of {rows:,} {name}, {connection.vendor} (ms)", client, paths, rounds)
        for name, paths in pages.items()
    ]


def _row(name: str, client: Any, paths: list[str], rounds: int) -> dict[str, Any]:
    worst = max(_median(client, path, rounds) for path in paths)
    return {"name": name, "ours": round(worst), "bar": f"<= {BAR_MS} ms", "ok": worst <= BAR_MS}


def _median(client: Any, path: str, rounds: int) -> float:
    # The first one loads templates and fills what is kept for a minute.
    _milliseconds(client, path)
    return statistics.median(_milliseconds(client, path) for _ in range(rounds))


def _milliseconds(client: Any, path: str) -> float:
    start = time.perf_counter()
    page = client.get(path)
    taken = (time.perf_counter() - start) * 1000
    if page.status_code != 200:
        raise SystemExit(f"{path} answered {page.status_code}")
    return taken


def logged_in() -> Any:
    from django.conf import settings
    from django.test import Client

    from accounts.models import StaffUser

    user = StaffUser.objects.create_user("bench@koe.example", "a long password", role="admin")
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def build(rows: int) -> None:
    """So many responses, each of a respondent of its own, at a tenth as many customers."""
    from django.db import connection

    rng = Random(1)
    contracts = ("enterprise", "business", "starter")
    respondents = _respondents(rows, contracts)
    _answers(_invitations(respondents, contracts, rng), rng)
    _health(rng)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _respondents(rows: int, contracts: Sequence[str]) -> list[Any]:
    from accounts.models import Customer, Dimension, Person, Respondent

    Dimension.objects.create(name="contract", attribute="contract", source="customer")
    customers = _written(
        Customer(
            customer_id=f"c{number}",
            name=f"株式会社サンプル{number}" if number % 2 else f"Sample {number} Inc.",
            attributes={"contract": contracts[number % 3]},
        )
        for number in range(rows // COMPANY)
    )
    people = _written(Person(mail_key=f"p{number}@example.com") for number in range(rows))
    return _written(
        Respondent(
            person=person,
            customer=customers[number // COMPANY],
            email=person.mail_key,
            name=NAMES[number % len(NAMES)],
            language="ja" if number % 3 else "en",
        )
        for number, person in enumerate(people)
    )


def _invitations(respondents: list[Any], contracts: Sequence[str], rng: Random) -> list[Any]:
    from accounts.models import SegmentProfile
    from surveys.models import Campaign, Invitation

    profiles = [
        SegmentProfile.objects.create(digest=each, values={"contract": each}) for each in contracts
    ]
    campaign = Campaign.objects.create(slug="bench", name="Bench", state="running")
    moments = sorted(END - dt.timedelta(minutes=rng.randrange(MINUTES)) for _ in respondents)
    return _written(
        Invitation(
            campaign=campaign,
            respondent=each,
            person_id=each.person_id,
            state="sent",
            sent_at=at,
            language=each.language,
            profile=profiles[number // COMPANY % 3],
        )
        for number, (each, at) in enumerate(zip(respondents, moments, strict=True))
    )


def _answers(invitations: list[Any], rng: Random) -> None:
    from surveys.demo.comments.pick import comment
    from surveys.models import Response

    def answer(invitation: Any) -> Response:
        score = rng.choices(range(11), WEIGHTS)[0]
        text, theme = comment(rng, score=score, language=invitation.language)
        at = invitation.sent_at
        return Response(
            invitation=invitation,
            score=score,
            comment=text,
            language=invitation.language,
            answered_at=at,
            changed_at=at,
            tags=theme,
        )

    _written(answer(each) for each in invitations)


def _health(rng: Random) -> None:
    """Scores, contacts and revenue of every customer, and the counts that reports keep."""
    from accounts.models import Customer, Event, MonthlyRevenue
    from analytics.counting.cells.folding import close_invitations, rebuild
    from analytics.models import HealthFormula, HealthScore
    from analytics.views.health.example import EXAMPLE

    formula = HealthFormula.objects.create(
        name="Bench",
        version=1,
        definition=EXAMPLE | {"unhealthy_means": "-"},
        created_at=END,
        published_at=END,
    )
    pks = list(Customer.objects.values_list("pk", flat=True))
    day = (END - dt.timedelta(days=1)).date()
    bands = [each["name"] for each in EXAMPLE["bands"]]
    _written(
        HealthScore(
            customer_id=pk, day=day, formula=formula, score=rng.random() * 100,
            band=rng.choice(bands), known_share=1, parts=b"", scored_on=day,
        )
        for pk in pks
    )  # fmt: skip
    _written(
        Event(customer_id=pk, kind="contacted", ref=f"{number}", known_from=day,
              at=END - dt.timedelta(minutes=rng.randrange(MINUTES)))
        for pk in pks
        for number in range(CONTACTS)
    )  # fmt: skip
    _written(
        MonthlyRevenue(customer_id=pk, month=dt.date(2026, 10, 1), mrr=rng.randrange(10**6),
                       currency="JPY")
        for pk in pks
    )  # fmt: skip
    rebuild()
    close_invitations(now=END, months=24)


def _written(rows: Iterator[Any]) -> list[Any]:
    found: list[Any] = []
    while batch := list(itertools.islice(rows, BATCH)):
        found += type(batch[0]).objects.bulk_create(batch)
    return found
