from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.models import StaffUser

USER = StaffUser(email="wakai@koe.example", name="Vera Wakai")


@pytest.mark.parametrize(
    "password", ["Summer2026!!", DEMO_PASSWORD, "VeraWakai2026!", "wakai@koe.example", "short9-X"]
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, USER)


def test_the_name_of_the_organisation_is_no_password(settings) -> None:
    validate_password("Obergurgl Traktoren", USER)
    settings.ORGANISATION_NAME = "Obergurgl Traktoren"

    with pytest.raises(ValidationError, match="easy to guess"):
        validate_password("Obergurgl Traktoren", USER)
    assert len(password_validators_help_texts()) == 2
