"""The campaigns of a demo world, and when their mails leave."""

from __future__ import annotations

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

from surveys.demo.shape import CampaignPlan
from surveys.domain.states import CampaignState

# How long ago each finished one began, as parts of the world's length.
BEGINNINGS = (0.93, 0.69, 0.45, 0.20)
RUNNING_FOR_DAYS = 9
# The running one's last mails are still to leave.
RUNNING_DAYS = 10
SATURDAY = 5


def past_campaigns(*, now: dt.datetime, months: int) -> list[CampaignPlan]:
    length = dt.timedelta(days=months * 30.4)
    found = []
    for part in BEGINNINGS:
        starts_at = working_hour(now - length * part, zone="UTC")
        name = f"Relationship survey {starts_at.year} Q{(starts_at.month + 2) // 3}"
        slug = f"relationship-{starts_at:%Y-%m}"
        end = starts_at + dt.timedelta(days=30)
        found.append(
            CampaignPlan(slug, name, CampaignState.FINISHED, starts_at, end, reminder_after_days=7)
        )
    # The second one asked the larger customers only.
    found[1] = CampaignPlan(
        slug=f"larger-accounts-{found[1].starts_at:%Y-%m}",
        name=f"Larger accounts {found[1].starts_at:%Y-%m}",
        state=CampaignState.FINISHED,
        starts_at=found[1].starts_at,
        ends_at=found[1].ends_at,
        audience={"contract": ["business", "enterprise"]},
        reminder_after_days=7,
    )
    return found


def running_campaign(*, now: dt.datetime, in_local_inbox: bool) -> CampaignPlan:
    """Open-ended; it rests where its mails would leave this machine."""
    starts_at = working_hour(now - dt.timedelta(days=RUNNING_FOR_DAYS), zone="UTC")
    return CampaignPlan(
        slug=f"relationship-{now:%Y-%m}-open",
        name=f"Relationship survey {now.year} Q{(now.month + 2) // 3}, open-ended",
        state=CampaignState.RUNNING if in_local_inbox else CampaignState.PAUSED,
        starts_at=starts_at,
        # A newcomer's first campaign finds people whom nobody asked lately: those of the largest
        # customers, and whoever is imported.
        audience={"contract": ["starter", "business"]},
        days=RUNNING_DAYS,
    )


def draft_campaign(*, now: dt.datetime) -> CampaignPlan:
    return CampaignPlan(
        slug=f"enterprise-{now.year + 1}",
        name=f"Enterprise check-in {now.year + 1}",
        state=CampaignState.DRAFT,
        starts_at=working_hour(now + dt.timedelta(days=14), zone="UTC"),
        audience={"contract": ["enterprise"]},
    )


def imported_campaign() -> CampaignPlan:
    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return CampaignPlan("imported-in-app-survey", "In-app survey", CampaignState.IMPORTED, long_ago)


def working_hour(moment: dt.datetime, *, zone: str, hour: int = 9, minute: int = 0) -> dt.datetime:
    """That hour of the same working day where they live, or of the next working day."""
    local = moment.astimezone(ZoneInfo(zone)).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )
    while local.weekday() >= SATURDAY:
        local += dt.timedelta(days=1)
    return local.astimezone(dt.UTC)


def mail_time(rng: Random, *, plan: CampaignPlan, zone: str) -> dt.datetime:
    """Office hours of a working day where they live."""
    days = [plan.starts_at + dt.timedelta(days=day) for day in range(plan.days + 1)]
    working = [day for day in days if day.weekday() < SATURDAY]
    day = rng.choice(working)
    hour, minute = rng.randint(9, 16), rng.randrange(60)
    moment = working_hour(day, zone=zone, hour=hour, minute=minute)
    if moment < plan.starts_at:
        # East of the organisation that hour of the first day is over before the campaign starts.
        later = moment + dt.timedelta(days=1)
        moment = working_hour(later, zone=zone, hour=hour, minute=minute)
    return moment + dt.timedelta(seconds=rng.randrange(60))
