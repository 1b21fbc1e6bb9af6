"""Answers, as they came in and as they were changed."""

from __future__ import annotations

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Path, Router
from ninja import Query as In
from pydantic import Field

from accounts.domain.access.roles import Permission
from api.views.rest.shapes import responses as shapes
from api.views.rest.shapes.rows import OneCustomer
from api.web.rest.cursors import page_by_moment, settled_since
from api.web.rest.fields import Id, Moment, Paged, Text
from api.web.rest.keys import Call, needs
from surveys.domain.answers.scoring import category
from surveys.models import Response

router = Router(tags=["responses"])


class Wanted(Paged):
    since: Annotated[
        Moment | None,
        Field(description="Only what came or changed at or after it, or up to ten minutes before."),
    ] = None
    campaign: Annotated[Text, Field(max_length=80, description="Its slug.")] = ""
    customer_id: OneCustomer = ""


@router.get(
    "/responses",
    response=shapes.Responses,
    operation_id="list_responses",
    summary="Answers, by when they came or changed",
    description="Keep the last `changed_at` as the next `since`: what was changed comes again, and "
    "so do the ten minutes before, as a change may come to sight after later ones.",
    **needs(Permission.VIEW_COMMENTS),
)
def list_responses(request: Call, query: In[Wanted]) -> Any:
    rows = _rows()
    if query.since:
        rows = rows.filter(changed_at__gte=settled_since(query.since))
    if query.campaign:
        rows = rows.filter(invitation__campaign__slug=query.campaign)
    if query.customer_id:
        rows = rows.filter(invitation__respondent__customer__customer_id=query.customer_id)
    sees = request.auth.may(Permission.VIEW_PEOPLE)
    return page_by_moment(rows, query, by="changed_at", shape=lambda row: _shape(row, sees=sees))


@router.get(
    "/responses/{id}",
    response=shapes.Response,
    operation_id="get_response",
    summary="One answer",
    **needs(Permission.VIEW_COMMENTS),
)
def get_response(request: Call, id: Path[Id]) -> Any:
    found = get_object_or_404(_rows(), pk=id)
    return _shape(found, sees=request.auth.may(Permission.VIEW_PEOPLE))


def _rows() -> Any:
    return Response.objects.counted().select_related(
        "invitation__campaign", "invitation__respondent__customer", "invitation__profile"
    )


def _shape(row: Response, *, sees: bool) -> dict[str, Any]:
    """`sees`: people; without that neither name nor address."""
    invitation = row.invitation
    respondent = invitation.respondent
    customer = respondent.customer
    return {
        "id": row.pk,
        "score": row.score,
        "category": category(row.score).value,
        "comment": row.comment,
        "extra": row.extra,
        "language": row.language or invitation.language,
        "answered_at": row.answered_at,
        "changed_at": row.changed_at,
        "invited_at": invitation.sent_at,
        "campaign": invitation.campaign.slug,
        "customer_id": customer.customer_id if customer else None,
        "segments": invitation.profile.values if invitation.profile else {},
        "tags": [each.strip() for each in row.tags.split(",") if each.strip()],
        "respondent_id": respondent.pk if sees else None,
        "name": respondent.name if sees else None,
        "email": respondent.email if sees else None,
    }
