"""What an answer opens, in its own transaction, on both databases."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import StaffUser
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step
from actions.domain.rules.triggers import Trigger
from actions.models import AnswerCase, FollowUp, FollowUpRule
from actions.queries.follow_ups.balance import balance
from surveys.domain.answers.scanners import BURST_WINDOW
from surveys.models import Response
from surveys.services.answers.receive import ledger_written
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, answer, make_campaign, make_customer, make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def owner() -> StaffUser:
    return make_staff("cs", "owner@koe.example")


def test_a_detractor_opens_one_with_the_accounts_owner_due_by_working_hours(owner) -> None:
    response = answered(3)

    found = FollowUp.objects.get()
    assert found.customer == response.invitation.respondent.customer
    assert (found.trigger, found.state, found.owner) == (Trigger.SCORE, State.OPEN, owner)
    # 18 working hours from Tuesday at nine.
    assert found.due_at == found.first_due_at == NOW + DAY + 9 * HOUR
    assert response.case.follow_up == found
    assert [each.step for each in found.entries.all()] == [Step.OPENED]


def test_without_an_account_owner_it_is_whose_campaign_it_is_else_nobodys(owner) -> None:
    customer = make_customer()
    gone = make_staff("cs", "gone@koe.example", is_active=False)
    of = [answered(2, customer=customer, campaign=make_campaign(created_by=owner))]
    of += [answered(2, campaign=make_campaign(created_by=gone), customer=make_customer())]

    assert [each.case.follow_up.owner for each in of] == [owner, None]


def test_a_second_detractor_of_the_customer_joins_and_brings_it_back(owner) -> None:
    first = answered(3)
    later = NOW + 30 * DAY
    found = first.case.follow_up
    FollowUp.objects.update(state=State.WAITING, due_at=later)

    second = answered(1, customer=found.customer, at=NOW + DAY)

    assert second.case.follow_up == found
    found.refresh_from_db()
    assert found.due_at < later
    assert [each.step for each in found.entries.all()] == [Step.OPENED, Step.JOINED]


def test_once_it_is_closed_the_next_one_opens_another(owner) -> None:
    first = answered(3)
    FollowUp.objects.update(
        state=State.CLOSED, closed_at=NOW, closed_as=ClosedAs.DONE, root_cause="price"
    )

    second = answered(1, customer=first.case.follow_up.customer, at=NOW + DAY)

    assert second.case.follow_up != first.case.follow_up


@pytest.mark.parametrize(("score", "cases"), [(7, 0), (9, 0)])
def test_passives_and_promoters_open_nothing(owner, score: int, cases: int) -> None:
    answered(score)

    assert AnswerCase.objects.count() == cases
    assert not FollowUp.objects.exists()


def test_a_detractor_that_no_rule_catches_waits(owner) -> None:
    FollowUpRule.objects.create(trigger=Trigger.SCORE, level=6, due_hours=8, only_with_comment=True)

    silent, loud = answered(3), answered(3, comment="Too slow.")

    assert silent.case.follow_up is None
    assert loud.case.follow_up is not None
    assert balance().waiting == balance().followed_up == 1


def test_a_fall_is_followed_up_where_its_rule_is_in_use(owner) -> None:
    FollowUpRule.objects.create(trigger=Trigger.FALL, level=2, due_hours=8)
    first = answered(10, at=NOW - 200 * DAY)
    again = make_invitation(first.invitation.respondent, sent_at=NOW - HOUR, state="sent")

    assert answer(again, 8).case.follow_up.trigger == Trigger.FALL


def test_a_better_answer_is_noted_and_a_worse_one_after_closing_opens_another(owner) -> None:
    response = answered(3)
    found = response.case.follow_up
    answer(response.invitation, 9, at=NOW + HOUR)

    assert [each.step for each in found.entries.all()] == [Step.OPENED, Step.CHANGED]
    assert balance().detractors == 0

    FollowUp.objects.update(
        state=State.CLOSED, closed_at=NOW, closed_as=ClosedAs.DONE, root_cause="price"
    )
    answer(response.invitation, 2, at=NOW + DAY)

    response.case.refresh_from_db()
    assert response.case.follow_up != found
    assert balance() == balance().__class__(1, 1, 0, 0, 0, ())


def test_what_a_machine_opened_is_withdrawn_when_its_answers_are_set_aside(owner) -> None:
    response = answered(3)
    for number in range(1, 5):
        answer(response.invitation, number, at=NOW + BURST_WINDOW * number / 10)

    assert not Response.objects.counted().exists()
    assert FollowUp.objects.get().closed_as == ClosedAs.WITHDRAWN


def test_imported_history_opens_nothing(owner, tmp_path) -> None:
    customer = make_customer(owner_email=owner.email)
    file = tmp_path / "responses.csv"
    file.write_text(
        "email,score,answered_at,customer_id\n"
        f"a@example.com,2,2026-01-05,{customer.customer_id}\n"
        f"b@example.com,9,2026-01-05,{customer.customer_id}\n"
    )

    call_command("import_responses", str(file), stdout=StringIO(), stderr=StringIO())

    assert AnswerCase.objects.get().dismissed == Dismissal.HISTORY
    assert not FollowUp.objects.exists()
    assert balance().faults == 0


def test_the_answer_and_its_follow_up_are_of_one_transaction(owner) -> None:
    def fails(**_) -> None:
        raise RuntimeError

    # After our own: what it wrote goes when anything fails.
    ledger_written.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            answered(3)
    finally:
        ledger_written.disconnect(fails)
    assert not Response.objects.exists()
    assert not FollowUp.objects.exists()
