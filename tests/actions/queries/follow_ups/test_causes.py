from __future__ import annotations

import pytest
from django.utils.translation import override

from actions.domain.follow_ups.causes import Cause
from actions.models import RootCause
from actions.queries.follow_ups.causes import cause_name, offered_causes

pytestmark = pytest.mark.django_db


def test_the_organisations_own_stand_beside_koes_and_hidden_ones_keep_their_name() -> None:
    RootCause.objects.create(key="billing", name_en="Wrong bill", name_ja="請求の誤り")
    RootCause.objects.create(key="old", name_en="Old", is_offered=False)
    RootCause.objects.create(key=Cause.PRICE, is_offered=False)

    keys = [key for key, _ in offered_causes()]
    assert keys[-2:] == ["billing", Cause.UNKNOWN]
    assert {"old", Cause.PRICE} & set(keys) == set()
    assert (cause_name("old"), cause_name("price"), cause_name("gone")) == ("Old", "Price", "gone")
    with override("ja"):
        assert cause_name("billing") == "請求の誤り"
