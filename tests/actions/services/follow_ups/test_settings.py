from __future__ import annotations

import pytest

from actions.models import RootCause
from actions.queries.follow_ups.causes import offered_causes
from actions.services.follow_ups.settings import add_cause, offer_cause
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_a_cause_that_is_added_again_is_offered_again() -> None:
    who = {"by": make_staff("admin"), "now": NOW}
    for _ in range(2):
        add_cause(name_en="Wrong bill", name_ja="請求の誤り", **who)
        key = RootCause.objects.get().key
        assert (key, "Wrong bill") in offered_causes()
        assert offer_cause(key, offered=False, **who)
    assert (key, "Wrong bill") not in offered_causes()
