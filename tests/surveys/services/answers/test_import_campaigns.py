from __future__ import annotations

import pytest

from accounts.models import Respondent
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from tests.accounts.importing import Files, counts
from tests.surveys.helpers.answer_files import HEAD, RESPONSES

pytestmark = pytest.mark.django_db


def test_answers_belong_to_imported_campaigns_only(files: Files, respondent: Respondent) -> None:
    ours = Campaign.objects.create(slug="imported-spring", name="Ours")
    rows = [
        [*HEAD, "campaign"],
        ["a@x.example", 1, "2026-06-01", "C1", "", "1", ""],
        ["a@x.example", 2, "2026-06-02", "C1", "", "2", "Spring"],
        ["a@x.example", 3, "2026-06-03", "C1", "", "3", "春の調査"],
    ]

    files.bring_in(RESPONSES, rows)

    assert counts(files.bring_in(RESPONSES, rows)) == (3, 0, 0, 3, 0)
    assert ours.invitations.count() == 0
    imported = Campaign.objects.filter(state=CampaignState.IMPORTED).order_by("pk")
    assert list(imported.values_list("slug", "name")) == [
        ("imported", "Imported history"),
        ("imported-spring--2", "Spring"),
        (imported[2].slug, "春の調査"),
    ]
