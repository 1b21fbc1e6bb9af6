"""Staff users for the tests of pages, made and logged in in one line."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.domain.access.roles import Role
from accounts.models import StaffUser

PASSWORD = "correct horse battery"


def make_staff(role: Role | str = Role.ADMIN, email: str = "", **fields: Any) -> StaffUser:
    email = email or f"{role}@koe.example"
    return StaffUser.objects.create_user(email, PASSWORD, role=str(role), **fields)


def logged_in(user: StaffUser) -> Client:
    client = Client()
    client.force_login(user)
    return client


def client_as(role: Role | str, **fields: Any) -> Client:
    return logged_in(make_staff(role, **fields))
