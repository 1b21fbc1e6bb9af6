from __future__ import annotations

import pytest

from accounts.domain.access.roles import Role
from accounts.domain.access.sign_on import (
    as_compared,
    gives_more,
    is_readable,
    lets_anybody_in,
    makes_all_admins,
    parse_roles,
    role_of,
)


def test_an_address_goes_before_its_domain() -> None:
    roles = parse_roles(" Example.com:viewer , boss@example.com:admin,other.jp:cs,")

    assert role_of("boss@example.com", roles) == Role.ADMIN
    assert role_of("aya@example.com", roles) == Role.VIEWER
    assert role_of("aya@other.jp", roles) == Role.CS
    assert role_of("aya@sub.example.com", roles) is None
    assert role_of("", roles) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "example.com",
        "example.com:boss",
        "example.com:",
        ":cs",
        "localhost:cs",
        "@example.com:cs",
        "*:cs",
        "例え.jp:cs",
        "example.com:cs,EXAMPLE.com:viewer",
        "example.com=cs",
    ],
)
def test_what_is_written_otherwise_is_not_guessed_at(text: str) -> None:
    assert not is_readable(text)
    assert not lets_anybody_in(text)
    assert not makes_all_admins(text)


def test_what_opens_too_much_is_seen() -> None:
    assert lets_anybody_in("example.com:cs,Gmail.com:viewer")
    assert not lets_anybody_in("aya@gmail.com:viewer")
    assert makes_all_admins("example.com:admin")
    assert not makes_all_admins("boss@example.com:admin,example.com:cs")


def test_signs_that_pass_for_others_are_nobody() -> None:
    assert as_compared("Aya@Example.com") == "aya@example.com"
    assert as_compared("\u212aen@example.com") == ""


def test_roles_have_an_order() -> None:
    assert gives_more(Role.ADMIN, than=Role.CS)
    assert gives_more(Role.CS, than=Role.VIEWER)
    assert not gives_more(Role.CS, than=Role.CS)
    assert not gives_more(Role.VIEWER, than=Role.ADMIN)
