from __future__ import annotations

import pytest

from actions.queries.home.steps import Step, first_steps
from surveys.domain.states import CampaignState
from tests.world import make_campaign, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_one_step_after_the_other_until_somebody_is_asked() -> None:
    make_campaign(state=CampaignState.IMPORTED)
    seen = [first_steps().next]
    make_customer()
    seen.append(first_steps().next)
    make_respondent()
    seen.append(first_steps().next)
    draft = make_campaign(state=CampaignState.DRAFT)
    seen.append(first_steps().next)

    assert seen == list(Step)
    assert first_steps().draft == draft
    assert not first_steps().are_done
    make_campaign()
    assert first_steps().are_done
    assert first_steps().next is None
