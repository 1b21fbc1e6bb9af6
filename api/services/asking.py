"""What a project asks of its people: through the campaigns of its own, within everybody's cap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from django.conf import settings

from accounts.models import Respondent
from accounts.services.people import Answerer, CustomerIds, respondents_for
from api.domain.special import Wanted, letters_of, plain, wanted_by
from api.models import Ask, Member
from api.services.members import held, key_of
from common.resilience.retry import in_transaction
from surveys.services.campaigns.ask_person import Survey, ask_person

MOST_ATTRIBUTES = 200


def ask_member(
    member: Member, properties: Mapping[str, str], *, delay: dt.timedelta, now: dt.datetime
) -> Ask | None:
    """None where nobody is asked, which a caller is not told the reason of."""
    wanted = survey_of(properties)
    work = partial(_ask, member, dict(properties), wanted, at=now + delay, now=now)
    return in_transaction(work)


def survey_of(properties: Mapping[str, str]) -> Wanted:
    """Raises Invalid, which is to be before anything is stored."""
    return wanted_by(properties, languages=dict(settings.LANGUAGES))


def _ask(
    member: Member, properties: dict[str, str], wanted: Wanted, *, at: dt.datetime, now: dt.datetime
) -> Ask | None:
    if not member.email or _was_asked_elsewhere(member, at=at):
        return None
    if not held(member):
        return None
    respondent = _respondent(member, properties, wanted.language)
    survey = _survey(member, wanted, language=wanted.language or respondent.language)
    invitation = ask_person(respondent, survey, at=at, now=now)
    if invitation is None:
        return None
    return Ask.objects.create(
        project=member.project, member=member, invitation=invitation, properties=properties
    )


def customer_in(properties: Mapping[str, str]) -> int | None:
    """The customer that a property names by its id, if we know it."""
    named = [value for name, value in properties.items() if letters_of(name) == "customerid"]
    return CustomerIds().find(named).get(named[0]) if named else None


def _was_asked_elsewhere(member: Member, *, at: dt.datetime) -> bool:
    gap = dt.timedelta(days=member.project.throttle_days)
    return member.last_sent_at is not None and at < member.last_sent_at + gap


def _respondent(member: Member, properties: Mapping[str, str], language: str) -> Respondent:
    key = key_of(member.email, member.phone_number)
    wanted = Answerer(key, member.email, customer_in(properties), language)
    [respondent] = respondents_for([wanted])
    known = {**respondent.attributes, **plain(properties)}
    if len(known) <= MOST_ATTRIBUTES:
        respondent.attributes = known
    respondent.name = respondent.name or member.name[:200]
    respondent.save(update_fields=["attributes", "name", "updated_at"])
    return respondent


def _survey(member: Member, wanted: Wanted, *, language: str) -> Survey:
    project = member.project
    about = wanted.wording.get("subject") or wanted.product
    return Survey(
        series=f"api-{project.pk}",
        name=f"API: {project.name}" + (f" – {about}" if about else ""),
        language=language,
        gap_days=project.throttle_days,
        product=wanted.product,
        wording=wanted.wording,
    )
