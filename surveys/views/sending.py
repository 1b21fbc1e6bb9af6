"""What pages say where no e-mails leave, and the button that tries it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from common.web.back import came_from
from surveys.domain.mail.obstacles import Facts, Obstacle, ObstacleKind
from surveys.labels import QUEUE_LABELS
from surveys.queries.obstacles import SendingStatus
from surveys.sending import try_now

LONGEST_DOMAIN = 255
_TRIED = (ObstacleKind.MAIL_SERVER, ObstacleKind.DOMAIN)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    # The domain; empty: our mail server.
    name: str
    may_be_tried: bool


@dataclass(frozen=True, slots=True)
class Told:
    facts: Facts
    stops: bool
    lines: list[Line]


def sending_context(request: StaffRequest, found: SendingStatus) -> dict[str, Any]:
    """What `surveys/_sending.html` shows; nothing where all is well."""
    lines = [Line(_sentence(each), each.name, each.kind in _TRIED) for each in found.obstacles]
    return {
        "sending": Told(found.facts, found.stops, lines) if lines else None,
        "may_try": request.user.may(Permission.LAUNCH_CAMPAIGNS),
        "back": request.get_full_path(),
        "now": found.facts.now,
    }


@staff_may(Permission.LAUNCH_CAMPAIGNS)
@require_POST
def try_again(request: StaffRequest) -> HttpResponse:
    domain = request.POST.get("domain", "")
    if len(domain) <= LONGEST_DOMAIN and try_now(domain, by=request.user, now=timezone.now()):
        messages.success(request, _("The next e-mail is tried now. This takes up to a minute."))
    else:
        messages.info(request, _("It takes e-mails again."))
    return redirect(came_from(request))


def _sentence(each: Obstacle) -> str:
    given = {"name": each.name, "since": _moment(each.since), "work": QUEUE_LABELS.get(each.name)}
    known = each.since is not None
    texts = {
        ObstacleKind.DATABASE: _("The database takes no changes: it is read-only or full."),
        ObstacleKind.MIGRATIONS: _("The database is older than the program: migrate it."),
        ObstacleKind.BROKER: _("Redis is away, full or read-only."),
        ObstacleKind.BEAT: _("The scheduler (beat) has been silent since %(since)s.")
        if known
        else _("The scheduler (beat) has not been seen yet."),
        ObstacleKind.WORKER: _("No worker has been there for %(work)s since %(since)s.")
        if known
        else _("No worker for %(work)s has been seen yet."),
        ObstacleKind.MAIL_SERVER: _("Our mail server has refused, or been away, since %(since)s.")
        if known
        else _("Our mail server refuses, or is away."),
        ObstacleKind.DOMAIN: _("The mail server of %(name)s has refused since %(since)s.")
        if known
        else _("The mail server of %(name)s refuses."),
        ObstacleKind.LATE: _(
            "They wait longer than they should: there are more than the workers can send, or "
            "sending fails. What the workers log says which."
        ),
    }
    return " ".join(filter(None, (texts[each.kind] % given, _next_try(each))))


def _next_try(each: Obstacle) -> str:
    if each.kind not in _TRIED:
        return ""
    if each.next_try is None:
        return _("It is tried again with the next e-mail.")
    return _("It is tried again at %(at)s.") % {"at": _moment(each.next_try)}


def _moment(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""
