"""A program asks one person now: within everybody's cap, and told why where it is not possible."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from accounts.models import Person, Respondent
from accounts.queries.merges import kept_ids
from api.models import Project
from common.resilience.retry import in_transaction
from surveys.domain.eligibility import Decision
from surveys.models import Campaign, Invitation
from surveys.services.campaigns.ask_person import Survey, ask_by, ask_or_tell


@dataclass(frozen=True, slots=True)
class Wanted:
    """By a campaign of staff's, or by one of the project's own with these words."""

    product: str = ""
    language: str = ""
    subject: str = ""
    campaign: Campaign | None = None


def invite_now(
    respondent: Respondent, wanted: Wanted, *, project: Project, at: dt.datetime, now: dt.datetime
) -> Invitation | Decision | None:
    """None where staff hold the campaign that it would be asked by."""
    work = partial(_invite, respondent, wanted, project=project, at=at, now=now)
    return in_transaction(work)


def _invite(
    respondent: Respondent, wanted: Wanted, *, project: Project, at: dt.datetime, now: dt.datetime
) -> Invitation | Decision | None:
    # Whoever else asks or erases them waits until this one is through.
    person = kept_ids([respondent.person_id])[respondent.person_id]
    list(Person.objects.filter(pk=person).select_for_update(no_key=True).values_list("pk"))
    if wanted.campaign is not None:
        return ask_by(wanted.campaign, respondent, at=at, now=now)
    survey = Survey(
        series=f"rest-{project.pk}",
        name=f"API: {project.name}" + (f" – {wanted.product}" if wanted.product else ""),
        language=wanted.language or respondent.language,
        gap_days=project.throttle_days,
        product=wanted.product,
        wording={"subject": wanted.subject} if wanted.subject else {},
    )
    return ask_or_tell(respondent, survey, at=at, now=now)
