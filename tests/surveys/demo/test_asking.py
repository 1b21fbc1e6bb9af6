from __future__ import annotations

from collections import Counter

import pytest

from surveys.demo.asking import satisfaction
from surveys.domain.answers.scoring import category
from surveys.domain.states import CampaignState, InvitationState
from tests.surveys.demo.made import NOW, SMALL, World, answers_of, asked_of, contacts_of, make
from tests.surveys.helpers.cap_oracle import violations


@pytest.mark.parametrize("seed", range(5))
def test_cap_holds_in_the_whole_history(seed: int) -> None:
    sent = [
        [each.send_at for each in contact.asked if each.sent_at]
        for contact in contacts_of(make(SMALL, seed=seed))
    ]

    assert max(map(len, sent)) > 2
    assert [times for times in sent if violations(times, limit=2)] == []


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


def test_only_the_running_campaign_has_mails_to_leave(usual: World) -> None:
    waiting = [asked for asked in asked_of(usual) if asked.state is InvitationState.QUEUED]

    assert {asked.campaign.state for asked in waiting} == {CampaignState.RUNNING}


def test_who_is_content_is_satisfied_and_some_leave_the_question_out(large: World) -> None:
    asked = [each for each in asked_of(large) if each.answer]
    own = [each.answer for each in asked if each.campaign.asks_satisfaction and each.answer]
    said = [(each.score, each.satisfaction) for each in own if each.satisfaction]
    share = {
        name: sum(given >= 4 for _, given in found) / len(found)
        for name in ("promoter", "passive", "detractor")
        if (found := [pair for pair in said if category(pair[0]) == name])
    }

    assert 0.8 < len(said) / len(own) < 0.92
    assert {given for _, given in said} == {1, 2, 3, 4, 5}
    assert share["promoter"] > 0.8 > share["passive"] > 0.5 > share["detractor"] > 0.05
    elsewhere = [each.answer for each in asked if not each.campaign.asks_satisfaction]
    assert elsewhere
    assert all(each and each.satisfaction is None for each in elsewhere)


def test_how_satisfied_somebody_is_hangs_on_their_invitation_alone() -> None:
    drawn = [satisfaction(8, public_id=f"p{number}") for number in range(20)]

    assert drawn == [satisfaction(8, public_id=f"p{number}") for number in range(20)]
    assert len(set(drawn)) > 2
