from __future__ import annotations

import pytest

from accounts.domain.imports.cells.texts import Broken, as_text, compared, refuse_broken
from accounts.domain.reasons import Refused


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" Aozora\u3000", "Aozora"),
        ("\ufeffAozora\u200b", "Aozora"),
        ('="00101"', "00101"),
        ('="say ""hi"""', 'say "hi"'),
        ("'00101", "00101"),
        ("'=1+1", "=1+1"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("がく", "がく"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_text_is_what_a_person_sees(cell: str, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.parametrize("text", ["ｶﾞｸ", "カ\u3099ク", "ガク\u200c", "ガク"])
def test_what_looks_alike_is_compared_alike(text: str) -> None:
    assert compared(as_text(text)) == "ガク"


@pytest.mark.parametrize("cell", [Broken("#N/A"), Broken(""), "#N/A", "#ref!", " #VALUE!", "####"])
def test_error_is_no_value(cell: str) -> None:
    with pytest.raises(Refused):
        refuse_broken(cell)


@pytest.mark.parametrize("cell", ["#1 customer", "#", "N/A", None, 5])
def test_text_with_a_number_sign_is_one(cell: str) -> None:
    refuse_broken(cell)
