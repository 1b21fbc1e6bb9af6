"""How far an empty installation has come to its first survey."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Customer, Respondent
from surveys.domain.states import WITHOUT_MAIL, CampaignState
from surveys.models import Campaign


class Step(StrEnum):
    CUSTOMERS = "customers"
    RESPONDENTS = "respondents"
    CAMPAIGN = "campaign"
    LAUNCH = "launch"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    done: frozenset[Step]
    # The draft that is to be launched.
    draft: Campaign | None

    @property
    def next(self) -> Step | None:
        return next((each for each in Step if each not in self.done), None)

    @property
    def are_done(self) -> bool:
        """Who has asked somebody needs no list of what to do first, whatever is left of it."""
        return Step.LAUNCH in self.done


def first_steps() -> FirstSteps:
    ours = Campaign.objects.exclude(state__in=WITHOUT_MAIL)
    there = {
        Step.CUSTOMERS: Customer.objects.exists(),
        Step.RESPONDENTS: Respondent.objects.exists(),
        Step.CAMPAIGN: ours.exists(),
        Step.LAUNCH: ours.exclude(state=CampaignState.DRAFT).exists(),
    }
    return FirstSteps(frozenset(step for step, is_there in there.items() if is_there), ours.first())
