"""Asks one person, because another program wants it: now, or at a moment that it named.

The same decisions, the same insert and the same slots as by planning, and at its turn the e-mail
must pass the same claim. A campaign asks a person once, so who is asked anew comes into the next
one of the series.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.models import Respondent
from accounts.queries.merges import kept_ids, members_of
from config.celery import enqueue
from surveys.domain.eligibility import Decision, Reason, decide
from surveys.domain.states import LAUNCHED, CampaignState
from surveys.models import Campaign, Invitation
from surveys.queries.campaigns.asking import may_ask
from surveys.queries.campaigns.planning import Decided, Facts, asking_rules
from surveys.services.campaigns.plan import Stopped, invite
from surveys.services.campaigns.states import CampaignError, refuse_as_demo, refuse_sender


@dataclass(frozen=True, slots=True)
class Survey:
    """What is asked; whoever wants the same asked shares its campaigns."""

    series: str
    name: str
    language: str
    # Whoever was asked by any campaign within so many days is not asked.
    gap_days: int
    product: str = ""
    # What differs from the default wording, in that language.
    wording: Mapping[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        said = [self.product, self.language if self.wording else "", sorted(self.wording.items())]
        digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        return f"{self.series}-{digest[:12]}"


def ask_person(
    respondent: Respondent, survey: Survey, *, at: dt.datetime, now: dt.datetime
) -> Invitation | None:
    """None where nobody is asked: the cap, an opt-out, or whatever else speaks against it."""
    try:
        found = ask_or_tell(respondent, survey, at=at, now=now)
    except CampaignError:
        return None
    return found if isinstance(found, Invitation) else None


def ask_or_tell(
    respondent: Respondent, survey: Survey, *, at: dt.datetime, now: dt.datetime
) -> Invitation | Decision | None:
    """Else why nobody is asked, and from when on; None where staff hold the campaign.

    In a transaction that holds the person: who asks them next sees what this one left. Raises
    CampaignError where it would leave in the demo's name.
    """
    refuse_as_demo()
    person = kept_ids([respondent.person_id])[respondent.person_id]
    # One without anybody yet.
    campaign = Campaign(**_fields(survey, now=now))
    decided = _decided(respondent, person, campaign, at=at, language=survey.language)
    if decided is None or decided.decision.reason is not Reason.ASKED:
        return decided.decision if decided else Decision(Reason.ERASED)
    return _asked(_campaign(survey, person, now=now), respondent, decided, at=at, now=now)


def ask_by(
    campaign: Campaign, respondent: Respondent, *, at: dt.datetime, now: dt.datetime
) -> Invitation | Decision | None:
    """As `ask_or_tell`, by a campaign of staff's: in its words and by its gap.

    Whoever named them decides that they are meant: they need not be of its audience.
    """
    refuse_as_demo()
    refuse_sender(campaign)
    if not may_ask(now=now).filter(pk=campaign.pk).exists():
        return None
    person = kept_ids([respondent.person_id])[respondent.person_id]
    decided = _decided(respondent, person, campaign, at=at)
    if decided is None or decided.decision.reason is not Reason.ASKED:
        return decided.decision if decided else Decision(Reason.ERASED)
    return _asked(campaign, respondent, decided, at=at, now=now)


def _asked(
    campaign: Campaign,
    respondent: Respondent,
    decided: Decided,
    *,
    at: dt.datetime,
    now: dt.datetime,
) -> Invitation | Decision | None:
    try:
        beaten = invite(campaign, [decided], now=at)
    except Stopped:
        return None
    if beaten:
        return beaten[respondent.pk]
    if at <= now:
        enqueue("surveys.tasks.dispatch")
    # One that goes on may have asked them before.
    return Invitation.objects.filter(campaign=campaign, respondent=respondent).latest("pk")


def _decided(
    respondent: Respondent,
    person: int,
    campaign: Campaign,
    *,
    at: dt.datetime,
    language: str = "",
) -> Decided | None:
    """As of the moment at which the e-mail is to leave.

    None where nothing is known of them any more.
    """
    rules = asking_rules(campaign)
    for batch, contacts in Facts(campaign, now=at, only=[person]).batches():
        for each in batch:
            if each.respondent_id == respondent.pk:
                # Whoever named them decides that they are meant, at a customer of ours or not.
                facts = replace(each, language=language or each.language, in_audience=True)
                decision = decide(facts, rules=rules, now=at)
                return Decided(facts, decision, contacts[respondent.pk][0], send_at=at)
    return None


def _campaign(survey: Survey, person: int, *, now: dt.datetime) -> Campaign:
    """The first of the series that has not asked them, under whatever name they were known."""
    family = list(members_of([person]))
    for number in itertools.count(1):
        campaign, _ = Campaign.objects.get_or_create(
            slug=f"{survey.slug}-{number}", defaults=_fields(survey, now=now)
        )
        invited = Invitation.objects.filter(campaign=campaign, person__in=family)
        if campaign.state in LAUNCHED and not invited.exists():
            break
    return campaign


def _fields(survey: Survey, *, now: dt.datetime) -> dict[str, Any]:
    return {
        "name": survey.name[:120],
        "product_name": survey.product[:120],
        "by_request": True,
        "state": CampaignState.RUNNING,
        "wording": {survey.language: dict(survey.wording)} if survey.wording else {},
        "minimum_gap_days": survey.gap_days,
        "starts_at": now,
        "launched_at": now,
    }
