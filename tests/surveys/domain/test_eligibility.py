from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from accounts.domain.contactability import SuppressionReason
from surveys.domain.campaigns.occasions import Occasion
from surveys.domain.eligibility import (
    AskingRules,
    Decision,
    Reason,
    RespondentFacts,
    decide,
    decide_all,
    keeps_from_mail,
)
from surveys.domain.frequency import Kept

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
RULES = AskingRules(languages=frozenset({"ja", "en"}), by_occasion=True)
OPEN = Occasion("x", NOW - DAY, NOW + 900 * DAY)
FINE = {"respondent_id": 1, "person_id": 1, "language": "ja", "occasion": OPEN}

# Strongest first, each as the one fact that causes it.
CAUSES: list[tuple[Reason, dict[str, Any]]] = [
    (Reason.ERASED, {"erased": True}),
    (Reason.OUTSIDE_AUDIENCE, {"in_audience": False}),
    (Reason.CHURNED_CUSTOMER, {"customer_churned": True}),
    (Reason.WRONG_LANGUAGE, {"language": "fr"}),
    (Reason.ALREADY_INVITED, {"already_invited": True}),
    (Reason.NO_DATE, {"occasion": None}),
    (Reason.MISSED, {"occasion": Occasion("x", NOW - 3 * DAY, NOW)}),
    (Reason.NO_ADDRESS, {"has_address": False}),
    (Reason.OPTED_OUT, {"suppression": SuppressionReason.OPTED_OUT}),
    (Reason.COMPLAINED, {"suppression": SuppressionReason.COMPLAINED}),
    (Reason.BOUNCED, {"suppression": SuppressionReason.BOUNCED}),
    (Reason.SUPPRESSED, {"suppression": SuppressionReason.MANUAL}),
    (Reason.NOT_DUE, {"occasion": Occasion("x", NOW + DAY, NOW + 3 * DAY)}),
    (Reason.CAPPED, {"next_slot_at": NOW + DAY}),
    (Reason.ASKED_RECENTLY, {"last_asked_at": NOW - DAY}),
    (Reason.RESERVED, {"asked_at": (NOW - DAY,), "reserved": (Kept(NOW + 90 * DAY),)}),
]


def told(**facts: Any) -> RespondentFacts:
    return RespondentFacts(**{**FINE, **facts})


def test_respondent_without_obstacle_is_asked_now() -> None:
    assert decide(told(), rules=RULES, now=NOW) == Decision(Reason.ASKED, NOW)


@pytest.mark.parametrize(("reason", "cause"), CAUSES)
def test_each_obstacle_gives_its_reason(reason: Reason, cause: dict[str, Any]) -> None:
    assert decide(told(**cause), rules=RULES, now=NOW).reason is reason


@pytest.mark.parametrize(("stronger", "weaker"), [*pairwise(CAUSES)])
def test_stronger_reason_is_told_first(
    stronger: tuple[Reason, dict[str, Any]], weaker: tuple[Reason, dict[str, Any]]
) -> None:
    facts = told(**{**weaker[1], **stronger[1]})
    assert decide(facts, rules=RULES, now=NOW).reason is stronger[0]


def test_causes_cover_every_reason_in_order() -> None:
    # too late is found by the planner, which knows the pace, after everything here
    planned = [Reason.TOO_LATE, Reason.ASKED]
    assert [reason for reason, _ in CAUSES] + planned == list(Reason)


@pytest.mark.parametrize(("reason", "cause"), CAUSES[:12])
def test_lasting_reason_promises_no_date(reason: Reason, cause: dict[str, Any]) -> None:
    facts = told(next_slot_at=NOW + DAY, last_asked_at=NOW, **cause)
    assert decide(facts, rules=RULES, now=NOW) == Decision(reason, None)


def test_capped_respondent_has_the_date_on_which_all_holds() -> None:
    capped = told(next_slot_at=NOW + 100 * DAY)
    assert decide(capped, rules=RULES, now=NOW) == Decision(Reason.CAPPED, NOW + 100 * DAY)
    both = told(next_slot_at=NOW + DAY, last_asked_at=NOW - 2 * DAY)
    assert decide(both, rules=RULES, now=NOW) == Decision(Reason.CAPPED, NOW + 28 * DAY)


def test_slot_that_is_free_by_now_does_not_cap() -> None:
    free = told(next_slot_at=NOW)
    assert decide(free, rules=RULES, now=NOW) == Decision(Reason.ASKED, NOW)
    assert decide(free, rules=RULES, now=NOW - SECOND) == Decision(Reason.CAPPED, NOW)


def test_gap_between_surveys_ends_to_the_second() -> None:
    facts = told(last_asked_at=NOW - 30 * DAY)
    assert decide(facts, rules=RULES, now=NOW) == Decision(Reason.ASKED, NOW)
    assert decide(facts, rules=RULES, now=NOW - SECOND) == Decision(Reason.ASKED_RECENTLY, NOW)


def test_gap_counts_from_a_planned_send_too() -> None:
    facts = told(last_asked_at=NOW + DAY)
    rules = AskingRules(languages=frozenset({"ja"}), minimum_gap=timedelta(days=7))
    assert decide(facts, rules=rules, now=NOW) == Decision(Reason.ASKED_RECENTLY, NOW + 8 * DAY)


def test_person_at_several_customers_is_asked_once() -> None:
    everyone = [
        told(respondent_id=1, person_id=7, customer_churned=True),
        told(respondent_id=2, person_id=7),
        told(respondent_id=3, person_id=7),
        told(respondent_id=4, person_id=8),
    ]
    decided = list(decide_all(everyone, rules=RULES, now=NOW))
    assert [facts.respondent_id for facts, _ in decided] == [1, 2, 3, 4]
    assert [decision for _, decision in decided] == [
        Decision(Reason.CHURNED_CUSTOMER),
        Decision(Reason.ASKED, NOW),
        Decision(Reason.ALREADY_INVITED),
        Decision(Reason.ASKED, NOW),
    ]


@pytest.mark.parametrize(
    ("suppression", "has_address", "erased", "churned", "expected"),
    [
        (None, True, False, False, None),
        (None, False, False, False, "no_address"),
        (None, True, True, False, "erased"),
        (None, True, False, True, "churned_customer"),
        (SuppressionReason.OPTED_OUT, True, False, False, "opted_out"),
        (SuppressionReason.BOUNCED, True, False, False, "bounced"),
        (SuppressionReason.COMPLAINED, True, False, False, "complained"),
        (SuppressionReason.MANUAL, True, False, False, "suppressed"),
        (SuppressionReason.MANUAL, False, True, True, "erased"),
    ],
)
def test_mail_needs_an_address_and_no_objection(
    suppression: SuppressionReason | None,
    has_address: bool,
    erased: bool,
    churned: bool,
    expected: str | None,
) -> None:
    found = keeps_from_mail(
        erased=erased, customer_churned=churned, has_address=has_address, suppression=suppression
    )
    assert found == expected
