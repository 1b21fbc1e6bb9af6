"""What stands around a demo world: staff, segments, campaigns, and the record of how it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.demo import DEMO_PASSWORD, DEMO_STAFF
from accounts.domain.segments import MRR, TENURE, TENURE_BANDS, TENURE_NAME
from accounts.models import (
    AuditEvent,
    Customer,
    Dimension,
    Event,
    Import,
    MonthlyRevenue,
    Reading,
    Respondent,
    StaffUser,
)
from accounts.services.access.audit import record_event
from surveys.demo.shape import CampaignPlan
from surveys.demo.world import Plans
from surveys.domain.answers.questions import Kind
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Response
from surveys.services.campaigns.states import pause

RESTS = "Demo data is mailed to the local inbox only."
_USAGE = {"thresholds": ["2", "5"], "labels": ["low", "middle", "high"]}
_SIZE = {
    "thresholds": ["100000", "500000"],
    "labels": ["< 100,000", "100,000–499,999", "≥ 500,000"],
}
_CUSTOMER, _RESPONDENT = Dimension.Source.CUSTOMER, Dimension.Source.RESPONDENT
SATISFACTION: dict[str, Any] = {
    "key": "satisfaction",
    "kind": str(Kind.CSAT),
    "label": {
        "en": "How satisfied are you with our support?",
        "ja": "サポートにどの程度満足していますか？",
    },
}
# Name, label, the same in Japanese, source, attribute, bands. The columns without a label have one
# in every language.
DIMENSIONS: tuple[tuple[str, str, str, str, str, dict[str, list[str]]], ...] = (
    ("contract", "Contract", "契約の種類", _CUSTOMER, "contract", {}),
    ("plan", "Plan", "プラン", _CUSTOMER, "plan", {}),
    ("region", "Region", "地域", _CUSTOMER, "region", {}),
    ("industry", "Industry", "業種", _CUSTOMER, "industry", {}),
    ("usage", "Usage per seat", "1席あたりの利用", _CUSTOMER, "usage_per_seat", _USAGE),
    ("size", "Contract size (MRR)", "契約の規模（MRR）", _CUSTOMER, MRR, _SIZE),
    (TENURE_NAME, "", "", _CUSTOMER, TENURE, TENURE_BANDS),
    ("role", "", "", _RESPONDENT, "role", {}),
    ("language", "", "", _RESPONDENT, "language", {}),
)


def make_staff() -> list[StaffUser]:
    """Those of a demo that was cleared are there still."""
    known = {each.email: each for each in StaffUser.objects.filter(email__in=DEMO_STAFF)}
    return [
        known.get(email)
        or StaffUser.objects.create_user(email, DEMO_PASSWORD, name=name, role=role)
        for email, (name, role) in DEMO_STAFF.items()
    ]


def make_dimensions() -> None:
    Dimension.objects.bulk_create(
        (
            Dimension(
                name=name,
                label=label,
                labels={"ja": japanese} if japanese else {},
                source=source,
                attribute=attribute,
                bands=bands,
                position=position,
            )
            for position, (name, label, japanese, source, attribute, bands) in enumerate(DIMENSIONS)
        ),
        # An import may have registered some of them by itself.
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["label", "labels", "source", "attribute", "bands", "position"],
    )


def make_campaigns(plans: Plans, *, by: StaffUser, now: dt.datetime) -> dict[str, Campaign]:
    made = Campaign.objects.bulk_create(_campaign(each, by=by, now=now) for each in plans.every)
    AuditEvent.objects.bulk_create(_history(plans.asking, by=by))
    AuditEvent.objects.create(
        at=now, actor=by, action=AuditAction.CAMPAIGN_CREATE, target=plans.draft.slug
    )
    record_event(AuditAction.DEMO_SEED, actor=by, now=now, target=plans.running.slug)
    return {campaign.slug: campaign for campaign in made}


def let_demo_rest(*, now: dt.datetime) -> None:
    """For a start with a mail server that is not the local inbox: the demo mails nobody by it."""
    seeded = AuditEvent.objects.filter(action=AuditAction.DEMO_SEED).values_list(
        "target", flat=True
    )
    for campaign in Campaign.objects.filter(slug__in=seeded, state=CampaignState.RUNNING):
        pause(campaign, by=None, now=now, reason=RESTS)


def _campaign(plan: CampaignPlan, *, by: StaffUser, now: dt.datetime) -> Campaign:
    launched = plan.state not in {CampaignState.DRAFT, CampaignState.IMPORTED}
    paused = plan.state == CampaignState.PAUSED
    return Campaign(
        slug=plan.slug,
        name=plan.name,
        product_name="" if plan.state == CampaignState.IMPORTED else "Koe Works",
        state=plan.state,
        state_reason=RESTS if paused else "",
        audience=plan.audience,
        questions=[SATISFACTION] if plan.asks_satisfaction else [],
        starts_at=None if plan.state == CampaignState.IMPORTED else plan.starts_at,
        ends_at=plan.ends_at,
        reminder_after_days=plan.reminder_after_days,
        created_by=by,
        launched_at=plan.starts_at if launched else None,
        finished_at=plan.ends_at or (None if launched else _finished(plan, now=now)),
    )


def _finished(plan: CampaignPlan, *, now: dt.datetime) -> dt.datetime | None:
    return now if plan.state == CampaignState.IMPORTED else None


def _history(plans: Iterable[CampaignPlan], *, by: StaffUser) -> list[AuditEvent]:
    day = dt.timedelta(days=1)
    return [
        AuditEvent(at=at, actor=by, action=action, target=plan.slug)
        for plan in plans
        for action, at in (
            (AuditAction.CAMPAIGN_CREATE, plan.starts_at - day),
            (AuditAction.CAMPAIGN_LAUNCH, plan.starts_at),
        )
    ]


def note_imports(*, by: StaffUser, now: dt.datetime) -> None:
    """The files that such data would have come in by, with what they brought."""
    imported = Response.objects.filter(invitation__reason=InvitationReason.IMPORTED)
    rows = {
        Import.Kind.CUSTOMERS: Customer.objects.count(),
        Import.Kind.RESPONDENTS: Respondent.objects.count(),
        Import.Kind.REVENUE: MonthlyRevenue.objects.count(),
        Import.Kind.RESPONSES: imported.aggregate(number=Count("pk"))["number"],
        Import.Kind.USAGE: Reading.objects.count(),
        Import.Kind.EVENTS: Event.objects.filter(channel="").count(),
    }
    Import.objects.bulk_create(
        Import(
            kind=kind,
            state=Import.State.DONE,
            file_name=f"demo-{kind.value}.csv",
            rows_total=number,
            rows_read=number,
            created=number,
            created_by=by,
            progress_at=now,
            finished_at=now,
        )
        for kind, number in rows.items()
    )
