from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from analytics.counting.cells.checks import check_cells
from surveys.models import Response

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("kept_cells"),
]


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


def test_each_fault_is_a_line_of_its_own_and_the_exit_code_tells(capsys) -> None:
    Response.objects.filter(score=9).update(score=0)

    with pytest.raises(SystemExit) as ended:
        call_command("check_score_cells")

    assert ended.value.code == 1
    out, err = capsys.readouterr()
    assert out == "answers=3 blocks=3 wrong=1\n"
    assert err.splitlines() == list(check_cells().wrong)
