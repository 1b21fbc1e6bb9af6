"""/v1/survey_responses and /v1/metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404

from accounts.domain.access.roles import Permission
from api.domain import values
from api.domain.figures import metrics_of
from api.domain.values import BLANK, INVALID, Invalid
from api.models import Ask, Member
from api.queries.answers import Wanted, answer_by_id, answers, counts_by_score
from api.queries.members import by_email, by_id
from api.queries.records import answer_record, person_record
from api.services.answers import Answered, Correction, add_answer, change_answer
from api.web.call import Answer, Call, answered, needs
from api.web.paging import numbered


@needs(Permission.VIEW_COMMENTS)
def index(call: Call) -> Answer:
    wanted = Wanted(
        created=call.span(),
        updated=call.span("updated_since", "updated_until"),
        members=_members(call),
        order=values.text(call.query.get("order"), "order"),
    )
    rows = numbered(call, answers(call.project, wanted))
    return Answer(_records(call, rows))


@needs(Permission.VIEW_COMMENTS)
def retrieve(call: Call, shown: str) -> Answer:
    return Answer(_record(call, _named(call, shown)))


@needs(Permission.IMPORT_DATA)
def create(call: Call) -> Answer:
    body = call.body
    member = _person(call, body.get("person"))
    if member is None:
        raise Invalid(person=INVALID if body.get("person") else BLANK)
    given = Answered(
        score=values.score(body.get("score")),
        comment=values.text(body.get("comment"), "comment", limit=values.COMMENT_LIMIT),
        properties=values.properties(body.get("person_properties"), "person_properties"),
        at=values.moment(body.get("created_at"), "created_at") or call.now.replace(microsecond=0),
    )
    if given.at > call.now:
        raise Invalid(created_at="can't be in the future")
    return Answer(_record(call, add_answer(member, given, now=call.now)), 201)


@needs(Permission.IMPORT_DATA)
def change(call: Call, shown: str = "") -> Answer:
    """Clients send the whole record back; only what can be changed is read of it."""
    ask = _named(call, shown or values.text(call.body.get("id"), "id"))
    change_answer(ask, _correction(call), now=call.now)
    return Answer(_record(call, ask))


@needs(Permission.VIEW_REPORTS)
def show_metrics(call: Call) -> Answer:
    return Answer(metrics_of(counts_by_score(call.project, call.span())))


def _correction(call: Call) -> Correction:
    body = call.body
    comment = tags = properties = member = None
    if "comment" in body:
        comment = values.text(body["comment"], "comment", limit=values.COMMENT_LIMIT)
    if "person_properties" in body:
        properties = values.properties(body["person_properties"], "person_properties")
    if "tags" in body:
        tags = _tags(body["tags"])
    if body.get("person") and (member := _person(call, body["person"])) is None:
        raise Invalid(person=INVALID)
    score = values.score(body["score"]) if body.get("score") not in (None, "") else None
    return Correction(score, comment, tags, properties, member)


def _tags(given: Any) -> str:
    listed = given if isinstance(given, list) else [given]
    found = values.tags(values.text(each, "tags") for each in listed)
    return values.text(found, "tags", limit=values.TAGS_LIMIT)


def _members(call: Call) -> list[Member] | None:
    shown = values.text(call.query.get("person_id"), "person_id")
    email = values.text(call.query.get("person_email"), "person_email")
    if not shown and not email:
        return None
    if email and not call.key.may(Permission.VIEW_PEOPLE):
        raise Invalid(person_email="needs a key that may see addresses")
    found = by_id(call.project, shown) if shown else by_email(call.project, email)
    return [found] if found else []


def _person(call: Call, given: Any) -> Member | None:
    """By its id, or as the whole record that was read before."""
    shown = given.get("id") if isinstance(given, Mapping) else given
    return by_id(call.project, values.text(shown, "person"))


def _named(call: Call, shown: str) -> Ask:
    ask = answer_by_id(call.project, shown)
    if ask is None:
        raise Http404
    return ask


def _record(call: Call, ask: Ask) -> dict[str, Any]:
    return _records(call, [ask])[0]


def _records(call: Call, asks: list[Ask]) -> list[dict[str, Any]]:
    persons: dict[int, Any] = {ask.member_id: ask.member.shown_id for ask in asks}
    if _expands_person(call):
        named = Member.objects.with_moments().filter(pk__in=persons)
        with_address = call.key.may(Permission.VIEW_PEOPLE)
        persons = {each.pk: person_record(each, with_address=with_address) for each in named}
    return [
        answer_record(ask, persons[ask.member_id], origin=call.origin, secret=settings.SECRET_KEY)
        for ask in asks
    ]


def _expands_person(call: Call) -> bool:
    """`expand[]=person`, `expand=person`, or a list in a body."""
    for wanted in (call.query.get("expand"), call.body.get("expand")):
        if "person" in (wanted if isinstance(wanted, list) else [wanted]):
            return True
    return False


responses = answered(GET=index, POST=create, PUT=change)
response = answered(GET=retrieve, PUT=change)
metrics = answered(GET=show_metrics)
