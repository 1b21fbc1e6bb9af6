"""Follow-ups: what is open, and what was done."""

from __future__ import annotations

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from ninja import Query as In
from pydantic import Field

from accounts.domain.access.roles import Permission
from accounts.models import Customer, StaffUser
from actions.domain.follow_ups.states import State
from actions.models import FollowUp
from actions.queries.follow_ups.causes import offered_causes
from actions.services.follow_ups.decisions import open_by_hand
from actions.services.follow_ups.work import NotAllowed, Stale
from api.domain.values import storable
from api.services.rest.following_up import LONGEST_SNOOZE, change, staff_by_email
from api.services.rest.noting import note_write
from api.views.rest.shapes import follow_ups as shapes
from api.views.rest.shapes.rows import OneCustomer
from api.web.rest.cursors import page
from api.web.rest.fields import Id, Paged, Text
from api.web.rest.keys import Call, named, needs
from api.web.rest.once import once
from api.web.rest.refusals import not_there, refused

router = Router(tags=["follow-ups"])


class Wanted(Paged):
    state: State | None = None
    customer_id: OneCustomer = ""
    owner: Annotated[Text, Field(max_length=254, description="The owner's address.")] = ""


@router.get(
    "/follow-ups",
    response=shapes.FollowUps,
    operation_id="list_follow_ups",
    summary="Follow-ups, in the order in which they were opened",
    **needs(Permission.FOLLOW_UP),
)
def list_follow_ups(request: Call, query: In[Wanted]) -> Any:
    rows = _rows()
    if query.state:
        rows = rows.filter(state=query.state)
    if query.customer_id:
        rows = rows.filter(customer__customer_id=query.customer_id)
    if query.owner:
        rows = rows.filter(owner__email__iexact=query.owner)
    return page(rows, query, shape=_shape)


@router.post(
    "/follow-ups",
    response={201: shapes.FollowUp},
    operation_id="open_follow_up",
    summary="Open one for a customer, or join the one that is open",
    **named(Permission.FOLLOW_UP),
)
@once
def open_follow_up(request: Call, given: Body[shapes.NewFollowUp]) -> Any:
    customer = Customer.objects.filter(customer_id=storable(given.customer_id)).first()
    if customer is None:
        raise not_there("customer_id", _("no customer has this id"))
    owner = _owner(given.owner) if given.owner else None
    program, text = request.auth.name, storable(given.text)
    found = open_by_hand(
        customer, owner=owner, text=text, by=None, now=request.now, program=program
    )
    note_write(request.auth, "open", f"follow-up {found.pk}", now=request.now)
    return 201, _shape(_found(found.pk))


@router.get(
    "/follow-ups/{id}",
    response=shapes.FollowUp,
    operation_id="get_follow_up",
    summary="One follow-up",
    **needs(Permission.FOLLOW_UP),
)
def get_follow_up(request: Call, id: Path[Id]) -> Any:
    return _shape(_found(id))


@router.patch(
    "/follow-ups/{id}",
    response=shapes.FollowUp,
    operation_id="change_follow_up",
    summary="Assign, comment, start, put off, close or dismiss one",
    description="One change a request. 409 where somebody changed it since `version`.",
    **needs(Permission.FOLLOW_UP),
)
def change_follow_up(request: Call, id: Path[Id], given: Body[shapes.Change]) -> Any:
    found = _found(id)
    wanted = {name: _plain(value) for name, value in given.model_dump().items()}
    if "owner" in wanted:
        wanted["to"] = _owner(wanted["owner"])
    _check(wanted)
    try:
        change(found, wanted, seen=given.version, key=request.auth, now=request.now)
    except (Stale, NotAllowed):
        detail = _("somebody changed it meanwhile, or its state does not allow it")
        raise refused("version", detail, _("read it again")) from None
    return _shape(_found(id))


def _plain(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _check(wanted: dict[str, Any]) -> None:
    if "until" in wanted:
        today = timezone.localdate()
        if not today < wanted["until"] <= today + LONGEST_SNOOZE:
            fix = _("choose a day after today, within a year")
            raise refused("until", _("is past, or too far away"), fix)
    if "root_cause" in wanted:
        known = [key for key, _name in offered_causes()]
        if wanted["root_cause"] not in known:
            fix = _("name one of %(names)s") % {"names": ", ".join(known)}
            raise refused("root_cause", _("is not known"), fix)


def _owner(email: str) -> StaffUser:
    found = staff_by_email(storable(email))
    if found is None or not found.may(Permission.FOLLOW_UP):
        raise not_there("owner", _("no CS member has this address"))
    return found


def _rows() -> Any:
    return FollowUp.objects.select_related("customer", "owner").prefetch_related("cases")


def _found(pk: int) -> FollowUp:
    found: FollowUp = get_object_or_404(_rows(), pk=pk)
    return found


def _shape(row: FollowUp) -> dict[str, Any]:
    beside = {
        "customer_id": row.customer.customer_id if row.customer else None,
        "owner": row.owner.email if row.owner else None,
        "responses": sorted(case.response_id for case in row.cases.all()),
    }
    names = shapes.FollowUp.model_fields
    return {name: beside[name] if name in beside else getattr(row, name) for name in names}
