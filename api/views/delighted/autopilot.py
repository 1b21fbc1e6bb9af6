"""/v1/autopilot: how often it asks, and whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from accounts.domain.access.roles import Permission
from api.domain import values
from api.domain.autopilot import CADENCE, EMAIL
from api.domain.ids import shown_id
from api.domain.values import BLANK, INVALID, Invalid, seconds
from api.models import Member, Membership
from api.queries.members import as_sent, by_email, by_id, by_phone
from api.queries.records import person_brief, person_record
from api.services.asking import survey_of
from api.services.autopilot import enrol
from api.services.members import Given, address_of, save_member
from api.web.call import Answer, Call, answered, needs
from api.web.paging import after_cursor

IDENTIFIERS = ("person_id", "person_email", "person_phone_number")


@needs(Permission.VIEW_REPORTS)
def show(call: Call, platform: str) -> Answer:
    """Everybody in half a year by e-mail; nobody by SMS, which Koe does not send."""
    made = seconds(call.project.created_at)
    return Answer(
        {
            "platform_id": platform,
            "active": platform == EMAIL,
            "frequency": int(CADENCE.total_seconds()),
            "created_at": made,
            "updated_at": made,
        }
    )


@needs(Permission.VIEW_PEOPLE)
def index(call: Call, platform: str) -> Answer:
    rows = Membership.objects.filter(
        platform=platform, member__project=call.project, member__deleted_at=None
    )
    if any(call.query.get(name) for name in IDENTIFIERS):
        rows = rows.filter(member=_member(call, call.query))
    if since := values.moment(call.query.get("updated_since"), "updated_since"):
        rows = rows.filter(updated_at__gte=since)
    path = f"/v1/autopilot/{platform}/memberships.json"
    filters = (*IDENTIFIERS, "updated_since")
    found, headers = after_cursor(call, rows, path=path, filters=filters)
    listed = Member.objects.with_moments().filter(pk__in=[each.member_id for each in found])
    people = {each.pk: each for each in listed}
    return Answer([_record(each, people[each.member_id]) for each in found], headers=headers)


@needs(Permission.IMPORT_DATA)
def create(call: Call, platform: str) -> Answer:
    body = call.body
    properties = values.properties(body.get("properties"))
    survey_of(properties)
    member = _member(call, body) or _made(call, platform)
    name = values.text(body.get("person_name"), "person_name")
    if name and name != member.name:
        member = save_member(call.project, Given(name=name), now=call.now, known=member)
    if platform == EMAIL and not member.email:
        raise Invalid(person_email=BLANK)
    if platform != EMAIL and not member.phone_number:
        raise Invalid(person_phone_number=BLANK)
    enrol(member, platform, properties, now=call.now)
    return Answer({"person": person_brief(member), "properties": properties}, 201)


@needs(Permission.IMPORT_DATA)
def delete(call: Call, platform: str) -> Answer:
    """By one identifier: in the body, or as Node's client has it in the query."""
    member = _member(call, call.body) or _member(call, call.query)
    mine = Membership.objects.filter(member=member, platform=platform)
    if member is None or not mine.delete()[0]:
        raise Http404
    return Answer({"person": person_brief(member)}, 202)


def _member(call: Call, given: Mapping[str, Any]) -> Member | None:
    shown, email, phone = (values.text(given.get(name), name) for name in IDENTIFIERS)
    if shown:
        return by_id(call.project, shown)
    if email:
        return by_email(call.project, email)
    return by_phone(call.project, str(given["person_phone_number"])) if phone else None


def _made(call: Call, platform: str) -> Member:
    if call.body.get("person_id"):
        raise Invalid(person_id=INVALID)
    email = as_sent(values.text(call.body.get("person_email"), "person_email"))
    phone = values.phone(call.body.get("person_phone_number"), "person_phone_number")
    if platform == EMAIL:
        email = address_of(email, "person_email")
    elif not phone:
        raise Invalid(person_phone_number=BLANK)
    return save_member(call.project, Given(email=email, phone_number=phone), now=call.now)


def _record(row: Membership, member: Member) -> dict[str, Any]:
    person = person_record(member)
    shown = ("id", "name", "email", "created_at", "phone_number", "last_sent_at")
    return {
        "created_at": seconds(row.created_at),
        "updated_at": seconds(row.updated_at),
        "person": {name: person[name] for name in shown},
        "next_survey_request": {
            "id": shown_id(row.pk, None),
            "created_at": seconds(row.created_at),
            "survey_scheduled_at": seconds(row.next_at),
            "properties": row.properties,
        },
    }


configuration = answered(GET=show)
memberships = answered(GET=index, POST=create, DELETE=delete)
