from __future__ import annotations

import pytest

from accounts.domain.names import shown_name
from accounts.models import Customer, Respondent, StaffUser


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u200b\u200e", "-", "―", "・", ".", "\x00"])
def test_what_nobody_sees_is_no_name(text: str) -> None:
    assert shown_name(text) == ""
    assert Respondent(name=text, email="a@b.example").name_or_email == "a@b.example"
    assert str(StaffUser(name=text, email="a@b.example")) == "a@b.example"
    assert str(Customer(name=text, customer_id="c1")) == "c1"


@pytest.mark.parametrize("text", ["山田 花子", "Ü", "7", "O’Brien", "อรุณ", "(株)声"])
def test_a_name_of_any_script_stays_as_it_is(text: str) -> None:
    assert shown_name(f"\u3000{text} ") == text
