"""What is read of an answer; the whole way is in tests/accounts/views/entrance/test_saml.py."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.web.saml import Provider, app


class Said:
    """As the library gives an answer that it has checked."""

    def __init__(self, name: str, **attributes: str) -> None:
        self.name, self.attributes = name, attributes

    def get_attributes(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self.attributes.items()}

    def get_nameid(self) -> str:
        return self.name

    def get_nameid_format(self) -> str:
        return "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


@pytest.fixture
def provider(rf: Any, settings: Any) -> Provider:
    settings.SAML_ENTITY_ID = "https://login.example.com/saml"
    return Provider(rf.get("/"), app=app())


def test_an_endless_name_is_kept_short(provider: Provider) -> None:
    assert provider.extract_uid(Said("person-1")) == "person-1"
    long = [provider.extract_uid(Said("x" * 300 + end)) for end in "ab"]
    assert len(set(long)) == 2
    assert max(map(len, long)) == 64


@pytest.mark.parametrize(
    ("name", "verified", "found"),
    [
        ("Aya@Example.com", {}, [("aya@example.com", True)]),
        (
            "aya@example.com",
            {"http://schemas.auth0.com/email_verified": "false"},
            [("aya@example.com", False)],
        ),
        ("\u212aen@example.com", {}, []),
    ],
)
def test_an_address_is_believed_unless_it_is_said_not_to_be(
    provider: Provider, name: str, verified: dict[str, str], found: list[tuple[str, bool]]
) -> None:
    said = provider.extract_email_addresses(Said(name, **verified))
    assert [(each.email, each.verified) for each in said] == found


def test_the_assertion_itself_must_be_signed(provider: Provider) -> None:
    assert provider.app.settings["advanced"]["want_assertion_signed"] is True
