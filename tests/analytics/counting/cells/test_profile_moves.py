"""What is counted follows the invitations to their new profiles."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.services.segments import profile_ids
from analytics.counting.cells import folding
from analytics.counting.cells.answers import read_answers
from analytics.counting.cells.profile_moves import move_profiles
from analytics.domain.periods import Period
from analytics.models import InvitationBlock
from analytics.queries.database.clock import midnight
from surveys.models import Invitation
from tests.analytics import world
from tests.analytics.counting.cells.test_folding import check_answers
from tests.analytics.counting.cells.test_invitations import PERIODS, counted, from_rows
from tests.analytics.counting.cells.test_segment_rebuild import redefine, run_to_the_end

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
EVER = Period(dt.date(2025, 1, 1), dt.date(2027, 1, 1))


def move_all() -> None:
    """Everybody to one profile of their own."""
    invitations = list(Invitation.objects.all())
    before = {each.pk: int(each.profile_id or 0) for each in invitations}
    [profile] = profile_ids([{"plan": "new"}])
    Invitation.objects.update(profile=profile)
    for each in invitations:
        each.profile_id = profile
    move_profiles(invitations, before=before)


@pytest.fixture
def plan(db: None) -> None:
    world.make_dimension("plan")


def test_a_score_that_is_not_folded_yet_moves_as_the_cells_hold_it(plan: None) -> None:
    """Changed twice since, and once taken out: the ledger tells what the cells still hold."""
    campaign, customer = world.make_campaign(), world.make_customer(plan="gold")
    changed, scanned = (
        world.answer(world.ask(world.make_respondent(customer), campaign), 9) for _ in range(2)
    )
    folding.fold_all()
    for score in (3, 7):
        world.change(changed, score=score)
    world.change(scanned, suspect=True)
    world.answer(world.ask(world.make_respondent(customer), campaign), 0)

    move_all()
    check_answers()
    folding.fold_all()

    check_answers()


def test_without_a_profile_before_it_leaves_those_of_no_segment(plan: None) -> None:
    world.give_scores(world.make_customer(plan="gold"), world.make_campaign(), 9, 0)
    Invitation.objects.update(profile=None)
    folding.fold_all()

    move_all()

    check_answers()


def test_only_mails_of_the_counted_days_are_moved(plan: None) -> None:
    campaign, customer = world.make_campaign(), world.make_customer(plan="gold")
    for sent in ("2026-04-10", "2026-05-01", "2026-05-19"):
        world.give_scores(customer, campaign, 9, sent=f"{sent}T12:00+00:00")
        world.ask(world.make_respondent(customer), campaign, sent=f"{sent}T12:00+00:00")
    failed = world.ask(world.make_respondent(customer), campaign)
    folding.fold_all()
    folding.close_invitations(now=midnight(dt.date(2026, 5, 20)))
    Invitation.objects.filter(pk=failed.pk).update(state="failed")
    world.ask(world.make_respondent(customer), campaign, sent="2026-05-21T12:00+00:00")
    before = [counted(each) == from_rows(each) for each in PERIODS]

    move_all()

    assert [counted(each) == from_rows(each) for each in PERIODS] == before


def test_an_answer_filed_before_its_customer_was_known_moves_too() -> None:
    plan = world.make_dimension("plan", source="respondent")
    respondent = world.make_respondent(None, attributes={"plan": "a", "contract": "b"})
    world.answer(world.ask(respondent, world.make_campaign()), 9)
    folding.fold_all()
    respondent.customer = world.make_customer()
    respondent.save()

    redefine(plan, attribute="contract")
    run_to_the_end()

    [(_, cell)] = read_answers([EVER]).cells(EVER)
    profile = Invitation.objects.get().profile_id
    assert (cell.profiles.tolist(), cell.counts.tolist()) == ([profile], [1])


def test_mails_that_are_counted_already_move_with_their_answers() -> None:
    plan = world.make_dimension("plan")
    campaign = world.make_campaign()
    customer = world.make_customer(plan="a", contract="b")
    world.give_scores(customer, campaign, 9)
    world.ask(world.make_respondent(customer), campaign)
    folding.fold_all()
    folding.close_invitations(now=midnight(dt.date(2026, 5, 20)))
    assert InvitationBlock.objects.exists()
    before = counted(PERIODS[2])

    redefine(plan, attribute="contract")
    run_to_the_end()

    assert counted(PERIODS[2]) == from_rows(PERIODS[2]) != before
    assert sum(counted(PERIODS[2]).values()) == sum(before.values()) == 3
