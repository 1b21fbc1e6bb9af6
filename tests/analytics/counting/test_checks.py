from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command

from accounts.models import Respondent
from analytics.counting import folding
from analytics.counting.checks import check_cells
from analytics.models import CellBlock, InvitationBlock
from surveys.models import Response
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _kept() -> None:
    """Two folded answers, one of them by somebody whose customer is known since; and a late one."""
    campaign, customer = world.make_campaign(), world.make_customer()
    world.give_scores(customer, campaign, 9)
    world.give_scores(None, campaign, 3)
    late = world.ask(world.make_respondent(customer), campaign)
    folding.fold_all()
    folding.close_invitations(now=LATER)
    world.answer(late, 7)
    Respondent.objects.filter(customer=None).update(customer=customer)


def check(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("check_score_cells", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_what_is_kept_holds() -> None:
    assert check() == ("answers=3 blocks=3 wrong=0\n", "")


def test_change_by_hand_is_found_and_repaired_by_counting_again() -> None:
    Response.objects.filter(score=9).update(score=0)

    (line,) = check_cells().wrong
    assert line.startswith("answers of 2026-04, campaign ")
    with pytest.raises(SystemExit):
        check()
    assert check("--rebuild")[0] == "answers=3 blocks=1 wrong=0\n"


def test_block_that_is_gone_and_totals_of_others_are_found() -> None:
    CellBlock.objects.update(totals=b"")
    assert [line.split(",")[0] for line in check_cells().wrong] == ["totals of 2026-04"]
    CellBlock.objects.all().delete()
    assert [line.split(",")[0] for line in check_cells().wrong] == ["answers of 2026-04"]


def test_wrong_count_of_invitations_is_found() -> None:
    InvitationBlock.objects.update(days=b"")

    assert check_cells().wrong == ("invitations of 2026-04",)
