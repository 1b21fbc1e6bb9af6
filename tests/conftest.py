from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import StaffUser

pytest_plugins = ["tests.services"]


@pytest.fixture
def staff(db: None) -> Callable[[str], Client]:
    """`staff("cs")` is a browser in which somebody of that role has logged in."""

    def log_in(role: str) -> Client:
        email = f"{role}@koe.example"
        user = StaffUser.objects.filter(email=email).first()
        user = user or StaffUser.objects.create_user(email, "a long password", role=role)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in
