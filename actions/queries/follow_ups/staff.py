"""Whose follow-up it is, and when they work."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.domain.access.roles import PERMISSIONS, Permission
from accounts.models import StaffUser
from actions.domain.follow_ups.due import WorkHours
from actions.models import WorkingHours
from surveys.domain.timing import SendWindow
from surveys.queries.calendar.calendars import holidays_of, zone_named


def workers() -> list[StaffUser]:
    """Who may be given a follow-up."""
    roles = [role.value for role in PERMISSIONS[Permission.FOLLOW_UP]]
    return list(StaffUser.objects.filter(is_active=True, role__in=roles).order_by("name", "email"))


def owner_among(
    staff: Iterable[StaffUser], *, account: str, campaign: int | None
) -> StaffUser | None:
    """Whose account it is, else who made the campaign; nobody who has left or may not."""
    known = list(staff)
    of_account = (each for each in known if account and each.email.casefold() == account.casefold())
    of_campaign = (each for each in known if each.pk == campaign)
    return next(of_account, next(of_campaign, None))


def hours_of(staff: StaffUser | None) -> WorkHours:
    """Their own, else everybody's, else Monday to Friday from nine to six."""
    who = Q(staff__isnull=True) | Q(staff=staff) if staff else Q(staff__isnull=True)
    # Their own row comes first, wherever the database puts what is null.
    rows = sorted(WorkingHours.objects.filter(who), key=lambda row: row.staff_id is None)
    row = rows[0] if rows else WorkingHours()
    weekdays = frozenset(row.weekdays) or SendWindow().weekdays
    return WorkHours(
        zone=zone_named(row.time_zone),
        window=SendWindow(start=row.starts, end=row.ends, weekdays=weekdays),
        is_holiday=holidays_of(row.holidays_of),
    )
