"""What an admin sets of follow-ups: rules, root causes, working hours."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.domain.follow_ups.causes import Cause
from actions.domain.rules.triggers import Rule
from actions.models import FollowUpRule, HoldOut, ReplyTemplate, RootCause, WorkingHours


@transaction.atomic
def save_rule(rule: Rule, *, by: StaffUser, now: dt.datetime) -> None:
    values = {
        "level": rule.level,
        "due_hours": rule.due_hours,
        "only_with_comment": rule.only_with_comment,
        "is_active": rule.is_active,
        "key": rule.key,
    }
    FollowUpRule.objects.update_or_create(trigger=rule.trigger, defaults=values)
    record_event(AuditAction.FOLLOW_UP_RULE, actor=by, now=now, target=rule.trigger.value, **values)


@transaction.atomic
def save_hold_out(percent: int, *, by: StaffUser, now: dt.datetime) -> None:
    """Of the answers from now on; who is held out already stays so."""
    if not HoldOut.objects.update(percent=percent):
        HoldOut.objects.create(percent=percent)
    record_event(AuditAction.HOLD_OUT, actor=by, now=now, percent=percent)


@transaction.atomic
def add_cause(*, name_en: str, name_ja: str, by: StaffUser, now: dt.datetime) -> None:
    """Known by its names: adding it again offers it again."""
    digest = hashlib.sha256(f"{name_en}\n{name_ja}".encode()).hexdigest()
    RootCause.objects.update_or_create(
        key=f"own-{digest[:16]}",
        defaults={"name_en": name_en, "name_ja": name_ja, "is_offered": True},
    )
    _tell(name_en or name_ja, by=by, now=now, offered=True)


@transaction.atomic
def offer_cause(key: str, *, offered: bool, by: StaffUser, now: dt.datetime) -> bool:
    """False where there is no such cause. What was closed with it keeps its name."""
    found = RootCause.objects.filter(key=key)
    if key in list(Cause):
        RootCause.objects.update_or_create(key=key, defaults={"is_offered": offered})
    elif not found.update(is_offered=offered):
        return False
    _tell(key, by=by, now=now, offered=offered)
    return True


def _tell(cause: str, *, by: StaffUser, now: dt.datetime, offered: bool) -> None:
    record_event(AuditAction.ROOT_CAUSE, actor=by, now=now, target=cause, offered=offered)


@transaction.atomic
def save_hours(
    values: dict[str, Any], *, staff: StaffUser | None, by: StaffUser, now: dt.datetime
) -> None:
    """`staff`: whose they are; None: of everybody who has none of their own."""
    WorkingHours.objects.update_or_create(staff=staff, defaults=values)
    record_event(
        AuditAction.WORKING_HOURS,
        actor=by,
        now=now,
        target=staff or "",
        hours=f"{values['starts']:%H:%M}-{values['ends']:%H:%M}",
        weekdays="".join(str(day) for day in values["weekdays"]),
        holidays=values["holidays_of"],
    )


@transaction.atomic
def save_template(
    language: str, *, subject: str, text: str, by: StaffUser, now: dt.datetime
) -> None:
    """Both empty: Koe's own text stands again."""
    if subject:
        values = {"subject": subject, "text": text}
        ReplyTemplate.objects.update_or_create(language=language, defaults=values)
    else:
        ReplyTemplate.objects.filter(language=language).delete()
    record_event(AuditAction.REPLY_TEMPLATE, actor=by, now=now, target=language, own=bool(subject))
