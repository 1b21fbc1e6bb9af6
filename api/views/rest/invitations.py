"""Asks of single people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Body, Path, Router

from accounts.domain.access.roles import Permission
from accounts.domain.mail_key import mail_key
from accounts.models import Respondent
from accounts.queries.merges import members_of
from accounts.services.people import find_persons
from api.domain.problems import Code, FieldError, Problem
from api.domain.values import storable
from api.services.rest.inviting import Wanted, invite_now
from api.views.rest.shapes import campaigns as shapes
from api.web.rest.fields import Id
from api.web.rest.keys import Call, named, needs
from api.web.rest.once import once
from api.web.rest.refusals import not_there, refused
from surveys.domain.eligibility import Decision
from surveys.labels import REASON_LABELS
from surveys.models import Campaign, Invitation
from surveys.services.campaigns.states import CampaignError

router = Router(tags=["campaigns"])
LATEST = dt.timedelta(days=3650)


@router.post(
    "/invitations",
    response={201: shapes.Invitation},
    operation_id="invite",
    summary="Ask one person now",
    description="Within the cap of two surveys a year. 409 says why not (`reason`) and from when "
    "on it is possible (`from`).",
    **named(Permission.LAUNCH_CAMPAIGNS),
)
@once
def invite(request: Call, given: Body[shapes.NewInvitation]) -> Any:
    now = request.now
    at = given.send_at or now
    if not now - dt.timedelta(minutes=5) <= at <= now + LATEST:
        raise refused("send_at", _("is past, or too far away"), _("choose a later moment"))
    respondent = _respondent(given.email, given.customer_id)
    campaign = _campaign(given) if given.campaign else None
    wanted = Wanted(given.product, given.language or "", given.subject, campaign)
    project = request.auth.project
    try:
        found = invite_now(respondent, wanted, project=project, at=max(at, now), now=now)
    except CampaignError as fault:
        raise Problem(Code.REFUSED, str(fault)) from None
    if not isinstance(found, Invitation):
        raise _refusal(found, campaign)
    return 201, _shape(found)


@router.get(
    "/invitations/{id}",
    response=shapes.Invitation,
    operation_id="get_invitation",
    summary="What became of an invitation",
    **needs(Permission.VIEW_PEOPLE),
)
def get_invitation(request: Call, id: Path[Id]) -> Any:
    rows = Invitation.objects.select_related("campaign", "response")
    return _shape(get_object_or_404(rows, pk=id))


def _respondent(email: str, customer_id: str | None) -> Respondent:
    key = mail_key(storable(email))
    family = members_of(find_persons([key]).values())
    rows = Respondent.objects.filter(person__in=family).exclude(email="")
    if customer_id is not None:
        rows = rows.filter(customer__customer_id=storable(customer_id))
    found = list(rows.order_by("pk")[:2])
    if not found:
        detail = _("nobody of this address is a respondent")
        raise not_there("email", detail, _("POST /respondents first"))
    if len(found) > 1 and customer_id is None:
        detail = _("this person is a respondent at several customers")
        raise refused("customer_id", detail, _("name one of them"))
    return found[0]


def _campaign(given: shapes.NewInvitation) -> Campaign:
    """Any of staff's; those that only ask by request are other projects' or this one's own."""
    own = [name for name in ("product", "language", "subject") if getattr(given, name)]
    if own:
        raise refused(own[0], _("is the campaign's own"), _("leave it out, or the campaign"))
    found = Campaign.objects.filter(slug=given.campaign, by_request=False).first()
    if found is None:
        raise not_there("campaign", _("no campaign is called that"))
    return found


def _refusal(why: Decision | None, campaign: Campaign | None) -> Problem:
    if why is None:
        detail, since = _("Staff have paused the campaign of this key."), None
        if campaign is not None:
            detail = _("This campaign is not sending.")
        reason = "paused"
    else:
        detail, since, reason = str(REASON_LABELS[why.reason]), why.next_possible, str(why.reason)
    since_text = since.isoformat() if since else None
    fix = _("ask again from %(moment)s on") % {"moment": since_text} if since else _("ask no more")
    errors = [FieldError("email", detail, fix)]
    return Problem(Code.REFUSED, detail, errors, more={"reason": reason, "from": since_text})


def _shape(row: Invitation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": str(row.state),
        "reason": row.reason_label,
        "campaign": row.campaign.slug,
        "respondent_id": row.respondent_id,
        "send_at": row.send_at,
        "sent_at": row.sent_at,
        "answered": hasattr(row, "response"),
    }
