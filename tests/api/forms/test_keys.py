from __future__ import annotations

from accounts.domain.access.roles import Role
from api.forms.keys import ApiKeyForm


def test_no_key_has_the_rights_of_an_admin() -> None:
    wanted = {"name": "shop", "project": "web", "rate": "60"}

    fit = [role for role in Role if ApiKeyForm({**wanted, "role": role}).is_valid()]

    assert fit == [Role.CS, Role.VIEWER]
