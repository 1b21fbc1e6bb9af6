from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from surveys.models import Demo

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_there_is_one_demo_at_most() -> None:
    Demo.objects.create(pk=Demo.ONLY, began_at=timezone.now())

    with pytest.raises(IntegrityError):
        Demo.objects.create(pk=2, began_at=timezone.now())
