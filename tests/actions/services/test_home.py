from __future__ import annotations

import pytest

from actions.domain.home import LineKind
from actions.models import HiddenLine
from actions.services import home
from actions.services.home import hide, show
from tests.staffing import make_staff
from tests.world import HOUR, NOW

pytestmark = pytest.mark.django_db


def test_hiding_a_line_again_remembers_how_bad_it_is_now() -> None:
    me = make_staff("cs")
    for level in (1, 5):
        assert hide(me, LineKind.RENEWAL, key="7", level=level, now=NOW)

    assert HiddenLine.objects.get().level == 5
    show(make_staff("admin"), LineKind.RENEWAL, key="7")
    assert HiddenLine.objects.count() == 1
    show(me, LineKind.RENEWAL, key="7")
    assert not HiddenLine.objects.exists()


def test_what_a_customer_said_is_not_hidden() -> None:
    assert not hide(make_staff("cs"), LineKind.OVERDUE, key="7", level=1, now=NOW)
    assert not HiddenLine.objects.exists()


def test_nobody_hides_more_than_so_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "MOST", 2)
    me, other = make_staff("cs"), make_staff("admin")
    hide(other, LineKind.GOAL, key="theirs", level=1, now=NOW)
    for number in range(3):
        hide(me, LineKind.GOAL, key=str(number), level=1, now=NOW + number * HOUR)

    assert sorted(HiddenLine.objects.values_list("key", flat=True)) == ["1", "2", "theirs"]
