from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.templatetags.behind import customers_behind, invitations_behind, responses_behind

QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
DAYS = {"from_": ["2026-04-01"], "to": ["2026-06-30"]}


def parts(url: str) -> tuple[str, dict[str, list[str]]]:
    found = urlsplit(url)
    return found.path, parse_qs(found.query)


def test_answers_keep_every_filter_and_a_rows_segment_is_among_them() -> None:
    filters = Filters(
        QUARTER,
        where={"plan": ["a", "b"]},
        campaign="spring",
        language="ja",
        owner="me@koe.example",
    )

    assert parts(responses_behind(filters, "promoter", segment={"plan": "b", "role": ""})) == (
        "/responses/",
        DAYS | {"campaign": ["spring"], "language": ["ja"], "mine": ["1"], "category": ["promoter"]}
        | {"segment-plan": ["b"], "segment-role": ["—"]},
    )  # fmt: skip
    assert parts(invitations_behind(filters))[1]["segment-plan"] == ["a", "b"]


def test_customers_keep_what_chooses_customers() -> None:
    filters = Filters(QUARTER, where={"plan": ["a", "b"]}, campaign="spring")

    assert parts(customers_behind(filters, "churned")) == (
        "/customers/",
        {"figure": ["churned"], "from": ["2026-04-01"], "to": ["2026-06-30"]}
        | {"where": ["plan=a", "plan=b"]},
    )
    # Only what rests on answers has a campaign.
    assert "campaign=spring" in customers_behind(filters, "hits:feedback_rate")
    assert "from=2026-02-01&to=2026-02-28" in customers_behind(filters, "started", month="2026-02")


def test_what_the_lists_cannot_show_has_no_link() -> None:
    now = Filters(QUARTER, as_of=dt.date(2026, 7, 1))

    found = (responses_behind(now), invitations_behind(now), customers_behind(now, "churned"))
    assert found == ("", "", "")
