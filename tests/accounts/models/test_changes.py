from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import FieldChange
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_a_change_is_of_a_customer_or_of_a_respondent() -> None:
    both = {"customer": make_customer(), "respondent": make_respondent()}
    for name, of in both.items():
        FieldChange.objects.create(at=NOW, field="name", **{name: of})

    with pytest.raises(IntegrityError, match="change_of_a_customer_or_a_respondent"):
        FieldChange.objects.create(at=NOW, field="name", **both)
