from __future__ import annotations

import pytest

from accounts.forms.scheduled import ScheduledImportForm
from accounts.models import ScheduledImport

ENTERED = {"name": "N", "kind": "revenue", "way": "s3", "every": "hour", "hour": "0"}
URL = "https://bucket.s3.eu-west-1.amazonaws.com/a.csv"


def test_each_way_keeps_only_what_belongs_to_it() -> None:
    entered = ENTERED | {"url": f" {URL} ", "user": "KEY", "secret": " s \n", "host_keys": "x"}
    form = ScheduledImportForm(entered, row=ScheduledImport(), zone="Asia/Tokyo")

    assert form.is_valid(), form.errors
    row = form.filled()
    assert (row.kind, row.region, row.host_keys) == ("revenue", "us-east-1", [])
    assert (form.cleaned_data["url"], form.new_secret) == (URL, "s")
    assert "Asia/Tokyo" in str(form.fields["hour"].help_text)


@pytest.mark.parametrize("hour", ["24", "-1", "x", ""])
def test_an_hour_is_one_of_a_day(hour: str) -> None:
    form = ScheduledImportForm(
        ENTERED | {"hour": hour, "url": URL}, row=ScheduledImport(), zone="UTC"
    )

    assert "hour" in form.errors
