from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import pandas as pd
import pytest

from accounts.domain.mail_key import clean_address
from analytics.domain.customers.outcomes import Outcomes, outcomes
from surveys.demo import world
from surveys.demo.comments import english, japanese, pick
from surveys.demo.people import share_out
from surveys.demo.shape import Answer, Asked, Company, Contact, Sizes
from surveys.domain import frequency
from surveys.domain.answers.scoring import category
from surveys.domain.states import CampaignState, InvitationState
from tests.surveys.cap_oracle import violations

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
USUAL = Sizes()
SMALL = Sizes(customers=150, respondents=430, responses=750)
LARGE = Sizes(customers=1500, respondents=4400, responses=7500)
World = list[tuple[Company, list[Contact]]]


def make(sizes: Sizes = USUAL, *, seed: int = 2026, now: dt.datetime = NOW) -> World:
    plans = world.campaigns(sizes, now=now, in_local_inbox=True)
    return list(world.companies(sizes, plans=plans, seed=seed, now=now))


@pytest.fixture(scope="module")
def usual() -> World:
    return make()


@pytest.fixture(scope="module")
def large() -> World:
    return make(LARGE)


def contacts_of(made: World) -> list[Contact]:
    return [contact for _, contacts in made for contact in contacts]


def asked_of(made: World) -> list[Asked]:
    return [asked for contact in contacts_of(made) for asked in contact.asked]


def answers_of(made: World) -> list[Answer]:
    return [asked.answer for asked in asked_of(made) if asked.answer]


def outcomes_of(made: World) -> Outcomes:
    rows: list[dict[str, Any]] = []
    for company, contacts in made:
        asked = [each for contact in contacts for each in contact.asked if each.sent_at]
        if asked:
            given = [each.answer for each in asked if each.answer]
            first = min(given, key=lambda answer: answer.at, default=None)
            rows.append(
                {
                    "first_invited_on": min(each.send_at for each in asked).date(),
                    "first_answered_on": first.at.date() if first else None,
                    "first_score": first.score if first else None,
                    "churned_on": company.churned_on,
                    "mrr": 0.0,
                }
            )
    frame = pd.DataFrame(rows)
    for name in ("first_invited_on", "first_answered_on", "churned_on"):
        frame[name] = pd.to_datetime(frame[name])
    return outcomes(frame, last_known=NOW.date(), horizon_days=365)


def test_same_seed_makes_the_same_world() -> None:
    assert make(SMALL, seed=7) == make(SMALL, seed=7)


def test_other_seed_makes_another_world() -> None:
    assert make(SMALL, seed=7) != make(SMALL, seed=8)


@pytest.mark.parametrize(
    "sizes",
    [
        USUAL,
        Sizes(customers=40, respondents=90, responses=60, months=12),
        Sizes(customers=3, respondents=2, responses=40, months=6),
        Sizes(customers=20, respondents=60, responses=0, months=24),
    ],
)
def test_world_has_exactly_the_sizes_asked_for(sizes: Sizes) -> None:
    made = make(sizes)

    found = (len(made), len(contacts_of(made)), len(answers_of(made)))
    assert found == (sizes.customers, sizes.respondents, sizes.responses)


@pytest.mark.parametrize("seed", range(5))
def test_cap_holds_in_the_whole_history(seed: int) -> None:
    sent = [
        [each.send_at for each in contact.asked if each.sent_at]
        for contact in contacts_of(make(SMALL, seed=seed))
    ]

    assert max(map(len, sent)) > 2
    assert [times for times in sent if violations(times, limit=2)] == []


def test_nothing_happens_outside_the_time_of_a_customer(usual: World) -> None:
    wrong = [
        (company.customer_id, asked.campaign.slug)
        for company, contacts in usual
        for contact in contacts
        for asked in contact.asked
        if not company.is_active_on(asked.send_at.date())
    ]

    assert wrong == []
    assert [company for company, _ in usual if company.churned_on] != []


def test_nothing_is_answered_or_sent_later_than_now(usual: World) -> None:
    assert max(answer.at for answer in answers_of(usual)) < NOW
    assert max(asked.sent_at for asked in asked_of(usual) if asked.sent_at) < NOW


def test_suppressed_are_not_asked_again(usual: World) -> None:
    suppressed = [contact for contact in contacts_of(usual) if contact.suppressed]
    asked_later = [
        contact.email
        for contact in suppressed
        for asked in contact.asked
        if contact.suppressed and asked.reason != "imported"
        if asked.send_at > contact.suppressed[1]
    ]

    reasons = {contact.suppressed[0] for contact in suppressed if contact.suppressed}
    assert {str(reason) for reason in reasons} == {"opted_out", "bounced"}
    assert asked_later == []


def test_every_end_of_a_mail_occurs(usual: World) -> None:
    states = {asked.state for asked in asked_of(usual)}

    expected = {"sent", "failed", "unknown", "queued"}
    assert {state.value for state in states} == expected
    assert [asked for asked in asked_of(usual) if asked.bounced_at] != []
    assert [asked for asked in asked_of(usual) if asked.reminded_at] != []


def test_response_rate_is_about_a_third_and_the_first_days_bring_most(large: World) -> None:
    sent = [
        asked
        for asked in asked_of(large)
        if asked.sent_at and asked.campaign.state is CampaignState.FINISHED
    ]
    days = [(asked.answer.at - asked.send_at).days for asked in sent if asked.answer]

    assert 0.28 < len(days) / len(sent) < 0.42
    assert days.count(0) > days.count(3) > days.count(8) > 0


def test_low_scores_come_before_lost_customers(large: World) -> None:
    found = outcomes_of(large)

    risks = {row.group: row.relative_risk for row in found.rows}
    assert risks["detractor"] is not None
    assert risks["no_answer"] is not None
    assert 1.5 < risks["detractor"] < 8
    assert 1.1 < risks["no_answer"] < 6
    assert found.log_rank_p_value is not None
    assert found.log_rank_p_value < 0.01


def test_scores_are_lower_in_japanese_and_with_small_contracts(large: World) -> None:
    score: dict[str, Counter[str]] = {name: Counter() for name in ("ja", "en", "starter", "other")}
    for company, contacts in large:
        size = "starter" if company.attributes["contract"] == "starter" else "other"
        for contact in contacts:
            for asked in contact.asked:
                if asked.answer:
                    score[contact.language][category(asked.answer.score)] += 1
                    score[size][category(asked.answer.score)] += 1
    nps = {
        name: 100 * (found["promoter"] - found["detractor"]) / found.total()
        for name, found in score.items()
    }

    assert -45 < nps["ja"] < nps["en"] - 20 < 40
    assert nps["starter"] < nps["other"] - 10


def test_revenue_ends_with_the_customer_and_moves_meanwhile(usual: World) -> None:
    for company, _ in usual:
        for month, mrr in company.revenue:
            last = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
            assert company.is_active_on(last)
            assert last < NOW.date()
            assert mrr > 0
    steps = Counter(
        (after > before) - (after < before)
        for company, _ in usual
        for (_, before), (_, after) in itertools.pairwise(company.revenue)
    )
    assert steps[0] > steps[1] > steps[-1] > 0


def test_addresses_can_be_mailed_in_form_and_reach_nobody(usual: World) -> None:
    emails = [contact.email for contact in contacts_of(usual)]

    assert [email for email in emails if clean_address(email) != email] == []
    assert {email.rpartition(".")[2] for email in emails} == {"example"}
    assert len(set(emails)) == len(emails)
    owners = {company.owner_email for company, _ in usual}
    assert {owner.rpartition("@")[2] for owner in owners} == {"koe.example"}


def test_mails_leave_in_office_hours_of_the_respondent(usual: World) -> None:
    from zoneinfo import ZoneInfo

    local = [
        asked.send_at.astimezone(ZoneInfo(contact.time_zone))
        for contact in contacts_of(usual)
        for asked in contact.asked
        if asked.reason != "imported"
    ]

    assert {moment.hour for moment in local} == set(range(9, 17))
    assert {moment.weekday() for moment in local} == {0, 1, 2, 3, 4}


def test_campaigns_begin_before_their_mails_leave(usual: World) -> None:
    early = [
        asked
        for asked in asked_of(usual)
        if asked.reason != "imported" and asked.send_at < asked.campaign.starts_at
    ]

    assert early == []


def test_running_campaign_rests_where_mail_would_leave_the_machine() -> None:
    inside = world.campaigns(USUAL, now=NOW, in_local_inbox=True)
    outside = world.campaigns(USUAL, now=NOW, in_local_inbox=False)

    states = [plan.state for plan in inside.every]
    assert states.count(CampaignState.RUNNING) == 1
    assert CampaignState.RUNNING not in [plan.state for plan in outside.every]
    assert outside.running.state is CampaignState.PAUSED


def test_only_the_running_campaign_has_mails_to_leave(usual: World) -> None:
    waiting = [asked for asked in asked_of(usual) if asked.state is InvitationState.QUEUED]

    assert {asked.campaign.state for asked in waiting} == {CampaignState.RUNNING}


def test_a_newcomers_first_campaign_finds_people_to_ask(usual: World) -> None:
    """By the editor's own rules: not asked for 30 days, and a slot free."""
    lately = NOW - dt.timedelta(days=30)
    free = [
        contact
        for company, contacts in usual
        for contact in contacts
        if company.churned_on is None and contact.suppressed is None
        if all(asked.send_at < lately for asked in contact.asked)
        if frequency.next_possible(contact.slots, now=NOW, limit=2) == NOW
    ]

    assert len(free) > 20


def test_comments_speak_of_every_theme_in_both_languages() -> None:
    for module in (english, japanese):
        for sentences in (module.PROMOTER, module.PASSIVE, module.DETRACTOR):
            assert tuple(sentences) == pick.THEMES


def test_comments_are_in_the_language_of_the_respondent(usual: World) -> None:
    wrong = [
        asked.answer.comment
        for asked in asked_of(usual)
        if asked.answer and asked.answer.comment
        if asked.answer.comment.isascii() != (asked.language == "en")
    ]
    written = {answer.comment for answer in answers_of(usual) if answer.comment}

    assert wrong == []
    assert len(written) > 200


@pytest.mark.parametrize(("total", "companies"), [(700, 240), (3, 10), (10, 3), (0, 4)])
def test_share_out_gives_away_all(total: int, companies: int) -> None:
    left, shares = total, []
    for number in range(companies):
        share = share_out(left, left=companies - number, weight=2.3 if number % 2 else 0.5)
        shares.append(share)
        left -= share

    assert sum(shares) == total
    assert min(shares) >= (1 if total >= companies else 0)
