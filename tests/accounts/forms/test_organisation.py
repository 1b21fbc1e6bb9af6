from __future__ import annotations

from typing import Any

import pytest

from accounts.forms.organisation import OrganisationForm, zone_choices
from accounts.models import Organisation
from accounts.services.organisation import put_in_force


def test_zones_are_places_and_the_one_that_holds() -> None:
    names = [name for name, _label in zone_choices("Etc/GMT-9")]

    assert names[0] == "UTC"
    assert {"Asia/Tokyo", "Europe/London", "Etc/GMT-9"} <= set(names)
    assert "US/Pacific" not in names


@pytest.mark.django_db
def test_what_is_held_keeps_the_rows_own_value() -> None:
    row = Organisation(name="Aoba", time_zone="Asia/Tokyo")
    put_in_force({"name": "Aoba", "time_zone": "Asia/Tokyo"})
    given: dict[str, Any] = {"name": "Midori", "time_zone": "Asia/Seoul", "language": "ja"}
    form = OrganisationForm(
        {**given, "address": "Kyoto", "sender": "a@b.jp"}, row=row, fixed="counted"
    )

    assert form.is_valid(), form.errors
    assert (form.instance.name, form.instance.time_zone) == ("Midori", "Asia/Tokyo")
    assert not form.zone_moves
    assert form.fields["time_zone"].help_text == "counted"
