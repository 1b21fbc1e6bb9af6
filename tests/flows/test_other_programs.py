"""The files that the guide shows of other programs come in by the commands that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Customer, MonthlyRevenue, Respondent

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
GUIDES = [ROOT / "docs/guide/other-programs.md", ROOT / "docs/guide/ja/other-programs.md"]
STEP = re.compile(r"^```csv\n(.*?)^```\n\n`manage\.py (\w+) FILE`", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", GUIDES, ids=["en", "ja"])
def test_each_file_comes_in_whole_by_its_command(page: Path, tmp_path: Path, time_machine) -> None:
    time_machine.move_to("2026-11-30T09:00:00Z")
    steps = STEP.findall(page.read_text(encoding="utf-8"))
    assert len(steps) == 8
    for number, (text, command) in enumerate(steps):
        path = tmp_path / f"{number}.csv"
        path.write_text(text, encoding="utf-8")
        call_command(command, str(path))

    people = Respondent.objects.order_by("pk").values_list("customer__customer_id", "email", "name")
    assert list(people) == [
        ("0015g00000AbCdE", "aoi@ember.example", "Aoi Sato"),
        ("9012345678", "ren@birch.example", "Ren Ito"),
        ("K-0007", "yui@hinoki.example", "阿部 結衣"),
    ]
    maple = Customer.objects.get(customer_id="cus_NffrFeUfNV2Hib")
    assert (maple.seats, str(maple.renews_on)) == (12, "2027-06-30")
    assert MonthlyRevenue.objects.get().customer == maple
    assert Customer.objects.filter(started_on__isnull=False).count() == 4
