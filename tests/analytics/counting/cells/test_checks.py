from __future__ import annotations

import pytest

from analytics.counting.cells.checks import check_cells
from analytics.models import CellBlock, InvitationBlock

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("kept_cells"),
]


def test_block_that_is_gone_and_totals_and_numbers_of_others_are_found() -> None:
    CellBlock.objects.update(totals=b"")
    assert [line.split(",")[0] for line in check_cells().wrong] == ["totals of 2026-04"]
    CellBlock.objects.update(answers=1)
    assert [line.split(",")[0] for line in check_cells().wrong] == ["totals of 2026-04"]
    CellBlock.objects.all().delete()
    assert [line.split(",")[0] for line in check_cells().wrong] == ["answers of 2026-04"]


def test_wrong_count_of_invitations_is_found() -> None:
    InvitationBlock.objects.update(days=b"")

    assert check_cells().wrong == ("invitations of 2026-04",)
