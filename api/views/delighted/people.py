"""/v1/people, and what is waiting for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from accounts.domain.access.roles import Permission
from api.domain import values
from api.domain.values import BLANK, INVALID, Invalid, seconds
from api.models import Member
from api.queries.members import EMAIL, as_sent, email_key, identified
from api.queries.records import person_record
from api.queries.rows import within
from api.services.asking import ask_member, survey_of
from api.services.members import Given, address_of, delete_member, save_member, withdraw_pending
from api.web.call import Answer, Call, answered, needs
from api.web.paging import after_cursor

CHANNELS = ("email", "sms")
FILTERS = ("since", "until", "email", "phone_number")


@needs(Permission.VIEW_PEOPLE)
def index(call: Call) -> Answer:
    rows = within(Member.objects.of(call.project), "created_at", call.span())
    query = call.query
    if email := values.text(query.get("email"), "email"):
        rows = rows.filter(email_key=email_key(email))
    if values.text(query.get("phone_number"), "phone_number"):
        rows = rows.filter(phone_number=as_sent(query["phone_number"]))
    found, headers = after_cursor(
        call, rows.with_moments(), path="/v1/people.json", filters=FILTERS
    )
    return Answer([person_record(each) for each in found], headers=headers)


@needs(Permission.IMPORT_DATA)
def create(call: Call) -> Answer:
    """Stores somebody and, unless told not to, asks them: within the cap, and else in silence."""
    return Answer(_save(call, None), 201)


@needs(Permission.IMPORT_DATA)
def save(call: Call) -> Answer:
    """Of somebody by the id in the body, as Node's client sends it back: nobody is asked."""
    member = _named(call, values.text(call.body.get("id"), "id"))
    return Answer(_save(call, member))


@needs(Permission.VIEW_PEOPLE)
def retrieve(call: Call, identifier: str) -> Answer:
    return Answer(_record(_named(call, identifier)))


@needs(Permission.IMPORT_DATA)
def delete(call: Call, identifier: str) -> Answer:
    delete_member(_named(call, identifier), key=call.key, now=call.now)
    return Answer({"ok": True}, 202)


@needs(Permission.IMPORT_DATA)
def delete_pending(call: Call, identifier: str) -> Answer:
    withdraw_pending(_named(call, EMAIL + identifier.removeprefix(EMAIL)), now=call.now)
    return Answer({"ok": True})


def _named(call: Call, identifier: str) -> Member:
    member = identified(call.project, identifier)
    if member is None:
        raise Http404
    return member


def _record(member: Member) -> dict[str, Any]:
    return person_record(Member.objects.with_moments().get(pk=member.pk))


def _save(call: Call, known: Member | None) -> dict[str, Any]:
    body = call.body
    given = _given(body, is_known=known is not None)
    properties = values.properties(body.get("properties"))
    wait = values.delay(body.get("delay"))
    wants = known is None and values.flag(body.get("send"), "send", default=True)
    survey_of(properties)
    member = save_member(call.project, given, now=call.now, known=known)
    by_mail = values.text(body.get("channel"), "channel") != "sms"
    ask = None
    if wants and by_mail:
        ask = ask_member(member, properties, delay=wait, now=call.now)
    record = {} if known is None else _record(member)
    return {
        **record,
        "id": member.shown_id,
        "email": member.email or None,
        "name": member.name or None,
        "phone_number": member.phone_number or None,
        "survey_scheduled_at": seconds(call.now + wait) if ask else None,
        "properties": properties,
    }


def _given(body: Mapping[str, Any], *, is_known: bool) -> Given:
    channel = values.text(body.get("channel"), "channel") or "email"
    if channel not in CHANNELS:
        raise Invalid(channel=INVALID)
    given = Given(
        email=as_sent(values.text(body.get("email"), "email")),
        phone_number=values.phone(body.get("phone_number")),
        name=values.text(body.get("name"), "name") if "name" in body else None,
        last_sent_at=values.moment(body.get("last_sent_at"), "last_sent_at"),
        email_update=values.text(body.get("email_update"), "email_update"),
        phone_number_update=values.phone(body.get("phone_number_update"), "phone_number_update"),
    )
    if is_known:
        return given
    if channel == "sms" and not given.phone_number:
        raise Invalid(phone_number=BLANK)
    if not (given.email or given.phone_number):
        raise Invalid(email=BLANK)
    for field in ("email", "email_update"):
        if address := getattr(given, field):
            address_of(address, field)
    return given


people = answered(GET=index, POST=create, PUT=save)
person = answered(GET=retrieve, DELETE=delete)
pending = answered(DELETE=delete_pending)
