"""Campaigns, from a draft to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from ninja import Query as In

from accounts.domain.access.roles import Permission
from api.services.rest.noting import note_write
from api.views.rest.shapes import campaigns as shapes
from api.web.rest.campaigns import checked, not_fit, texts_of
from api.web.rest.cursors import page
from api.web.rest.fields import Paged
from api.web.rest.keys import Call, named, needs
from api.web.rest.once import once
from api.web.rest.refusals import refused
from surveys.models import Campaign, Invitation
from surveys.services.campaigns import plan, states
from surveys.services.campaigns.states import CampaignError

router = Router(tags=["campaigns"])
# Beyond them a clock of some zone has no such moment.
FIRST_YEAR, LAST_YEAR = 2000, 2199


@router.get(
    "/campaigns",
    response=shapes.Campaigns,
    operation_id="list_campaigns",
    summary="Campaigns, in the order in which they were made",
    **needs(Permission.VIEW_CAMPAIGNS),
)
def list_campaigns(request: Call, query: In[Paged]) -> Any:
    found = page(Campaign.objects.all(), query, shape=lambda row: row)
    counts = _counts(found["data"])
    return {**found, "data": [_shape(row, counts[row.pk]) for row in found["data"]]}


@router.post(
    "/campaigns",
    response={201: shapes.Campaign},
    operation_id="create_campaign",
    summary="Make a campaign; nobody is asked before it is launched",
    **named(Permission.CONFIGURE_CAMPAIGNS),
)
@once
def create_campaign(request: Call, given: Body[shapes.NewCampaign]) -> Any:
    fields = _fields(given)
    try:
        made = states.create_campaign(slug=given.slug or "", by=None, now=request.now, **fields)
    except CampaignError as fault:
        raise refused("slug", str(fault), _("choose another one")) from None
    except ValidationError as fault:
        raise not_fit(texts_of(fault)) from None
    note_write(request.auth, "create", made.slug, now=request.now)
    return 201, _shape(made, {})


@router.get(
    "/campaigns/{slug}",
    response=shapes.Campaign,
    operation_id="get_campaign",
    summary="One campaign, with how many invitations are in which state",
    **needs(Permission.VIEW_CAMPAIGNS),
)
def get_campaign(request: Call, slug: Path[shapes.Slug]) -> Any:
    return _whole(get_object_or_404(Campaign, slug=slug))


@router.patch(
    "/campaigns/{slug}",
    response=shapes.Campaign,
    operation_id="change_campaign",
    summary="Change a draft or a paused campaign",
    description="A field that is left out is kept. It is checked as the editor checks it.",
    **needs(Permission.CONFIGURE_CAMPAIGNS),
)
def change_campaign(
    request: Call, slug: Path[shapes.Slug], given: Body[shapes.ChangedCampaign]
) -> Any:
    campaign = get_object_or_404(Campaign, slug=slug)
    fields = _fields(given, campaign)
    try:
        states.update_campaign(campaign, by=None, now=request.now, **fields)
    except CampaignError as fault:
        raise refused("state", str(fault), _("read the campaign's state first")) from None
    except ValidationError as fault:
        raise not_fit(texts_of(fault)) from None
    note_write(request.auth, "change", campaign.slug, now=request.now)
    campaign.refresh_from_db()
    return _whole(campaign)


@router.get(
    "/campaigns/{slug}/dry-run",
    response=shapes.DryRun,
    operation_id="dry_run",
    summary="Whom it would ask if it were launched now, and of the others why not",
    **needs(Permission.VIEW_CAMPAIGNS),
)
def dry_run(request: Call, slug: Path[shapes.Slug]) -> Any:
    campaign = get_object_or_404(Campaign, slug=slug)
    found = plan.preview(campaign, now=max(request.now, campaign.starts_at or request.now))
    return {
        "slug": campaign.slug,
        "audience": found.audience,
        "asked": found.asked,
        "reasons": {str(reason): count for reason, count in found.reasons.items()},
        "starts": found.starts,
        "ends": found.ends,
        "earliest": found.earliest,
    }


def _move(name: str, act: Callable[..., None], summary: str) -> None:
    """An operation for each move: POST, as it is an act and not a value."""

    @once
    def move(request: Call, slug: Path[shapes.Slug]) -> Any:
        campaign = get_object_or_404(Campaign, slug=slug)
        try:
            act(campaign, by=None, now=request.now)
        except CampaignError as fault:
            raise refused("state", str(fault), _("read the campaign's state first")) from None
        note_write(request.auth, name, campaign.slug, now=request.now)
        campaign.refresh_from_db()
        return 200, _whole(campaign)

    router.post(
        f"/campaigns/{{slug}}/{name}",
        response=shapes.Campaign,
        operation_id=f"{name}_campaign",
        summary=summary,
        **named(Permission.LAUNCH_CAMPAIGNS),
    )(move)


_move("launch", states.launch, "Launch a draft: from its start on it asks")
_move("pause", states.pause, "Send nothing more until it is resumed")
_move("resume", states.resume, "Go on with a paused campaign")
_move("cancel", states.cancel, "End a campaign: what was not sent is not sent")


def _counts(rows: list[Campaign]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {row.pk: {} for row in rows}
    counted = Invitation.objects.filter(campaign__in=rows).order_by()
    for pk, state, count in counted.values_list("campaign", "state").annotate(Count("pk")):
        found[pk][state] = count
    return found


def _whole(row: Campaign) -> dict[str, Any]:
    return _shape(row, _counts([row])[row.pk])


def _shape(row: Campaign, counts: dict[str, int]) -> dict[str, Any]:
    names = [name for name in shapes.Campaign.model_fields if name != "invitations"]
    return {**{name: getattr(row, name) for name in names}, "invitations": counts}


def _fields(given: shapes.Written, campaign: Campaign | None = None) -> dict[str, Any]:
    for name in ("starts_at", "ends_at"):
        if (at := getattr(given, name)) and not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise refused(name, _("is too far away"), f"{FIRST_YEAR} – {LAST_YEAR}")
    return checked(given.model_dump(exclude_unset=True), campaign=campaign)
