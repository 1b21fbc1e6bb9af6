"""The settings: what the environment says, and the way to what admins manage here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.organisation import SETTINGS
from accounts.labels import value_label
from accounts.models import AuditEvent, Dimension, StaffUser, Suppression
from accounts.queries.metrics import metric_settings
from accounts.queries.money.currency import conversion
from accounts.queries.targets import known_targets
from accounts.web.access import StaffRequest, staff_may


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    context = {
        "facts": _facts(),
        "organisation": settings.ORGANISATION_NAME,
        "said_here": set(SETTINGS.values()) - settings.GIVEN_BY_ENVIRONMENT,
        "staff_count": StaffUser.objects.filter(is_active=True).count(),
        "segment_count": Dimension.objects.count(),
        "target_count": len(known_targets()),
        "onboarding_days": metric_settings().onboarding_days,
        "suppression_count": Suppression.objects.active()
        .first_hand()
        .values("person")
        .distinct()
        .count(),
        "last_event": AuditEvent.objects.select_related("actor").first(),
    }
    return render(request, "accounts/settings/index.html", context)


def _facts() -> list[tuple[str, object, str]]:
    """Label, value and variable; nothing here can hold a password."""
    database = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    mail = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return [
        (_("Organisation"), settings.ORGANISATION_NAME, "ORGANISATION_NAME"),
        (_("Postal address"), settings.ORGANISATION_ADDRESS, "ORGANISATION_ADDRESS"),
        (_("E-mail sender"), settings.DEFAULT_FROM_EMAIL, "DEFAULT_FROM_EMAIL"),
        (_("Address of this site"), settings.SITE_URL, "SITE_URL"),
        (_("Surveys per person and year, at most"), settings.SURVEYS_PER_YEAR, "SURVEYS_PER_YEAR"),
        (_("Currency of reports"), conversion().currency, "CURRENCY"),
        (_("Time zone"), settings.TIME_ZONE, "TIME_ZONE"),
        (_("Language"), value_label("language", settings.LANGUAGE_CODE), "LANGUAGE_CODE"),
        (_("Mail server"), _("local inbox") if settings.EMBEDDED_INBOX else mail, "EMAIL_URL"),
        (_("E-mail provider"), settings.EMAIL_PROVIDER, "EMAIL_PROVIDER"),
        (_("Bounce address"), settings.BOUNCE_ADDRESS, "BOUNCE_ADDRESS"),
        (_("Database"), database, "DATABASE_URL"),
    ]
