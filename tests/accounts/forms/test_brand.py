from __future__ import annotations

from accounts.forms.brand import KOE, BrandForm


def test_koes_own_colour_is_none_and_others_are_kept_in_small_letters() -> None:
    found = []
    for colour in (KOE, "#1D5FA9", ""):
        form = BrandForm({"colour": colour}, colour="")
        assert form.is_valid()
        found.append(form.cleaned_data["colour"])

    assert found == ["", "#1d5fa9", ""]
    assert not BrandForm({"colour": "#1d5fa8;}"}, colour="").is_valid()
