from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Organisation

pytestmark = pytest.mark.django_db


def test_there_is_one_and_its_colour_is_one() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(pk=2)
    for colour in ("red", "#fff", "#12345g", "#1d63ad;"):
        with pytest.raises(ValidationError):
            Organisation(pk=1, colour=colour).full_clean()
    Organisation(pk=1, colour="#1d63ad").full_clean()
