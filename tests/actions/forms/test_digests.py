from __future__ import annotations

from actions.forms.digests import DigestForm
from actions.models import DigestWish


def test_it_shows_what_was_wished_and_else_monday_morning() -> None:
    new = DigestForm(wish=None, zone="Asia/Tokyo")
    assert new.initial == {"wanted": False, "weekday": 0, "hour": 8}
    assert new.fields["hour"].help_text == "Asia/Tokyo"

    known = DigestForm(wish=DigestWish(weekday=4, hour=17), zone="UTC")
    assert known.initial == {"wanted": True, "weekday": 4, "hour": 17}


def test_no_other_day_or_hour_is_taken() -> None:
    for field, value in (("weekday", "7"), ("hour", "24"), ("hour", "x")):
        form = DigestForm({"weekday": "0", "hour": "8", field: value}, wish=None, zone="UTC")
        assert set(form.errors) == {field}
