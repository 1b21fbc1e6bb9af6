from __future__ import annotations

import json

import pytest
from django.utils import timezone

from actions.models import FollowUpRule, HoldOut
from tests.actions.following import answered
from tests.staffing import client_as
from tests.world import DAY

pytestmark = pytest.mark.django_db
PAGE = "/follow-ups/effect/"


def test_the_page_and_its_files_are_the_same_report() -> None:
    answered(3, at=timezone.now() - DAY)
    viewer = client_as("viewer")

    page = viewer.get(PAGE)
    report = page.context["report"]
    assert report.opened == 1
    assert "This is no trial" in page.content.decode()
    found = json.loads(viewer.get(f"{PAGE}?format=json").content)
    assert found["opened"] == 1
    assert viewer.get(f"{PAGE}?format=csv").content.count(b"\n") == 9
    assert viewer.get(f"{PAGE}?format=exe").status_code == 404
    assert viewer.get(f"{PAGE}?by=nothing").status_code == 422


def test_a_trial_stands_beside_what_was_observed() -> None:
    FollowUpRule.objects.create(trigger="score", level=8, due_hours=18)
    HoldOut.objects.create(percent=50)
    answered(8, at=timezone.now() - DAY)

    page = client_as("viewer").get(PAGE).content.decode()

    assert "This is a trial" in page
    assert "This is no trial" in page
