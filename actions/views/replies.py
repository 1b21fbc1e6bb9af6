"""Writing to a customer from a follow-up: through Koe, or in one's own mail program."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.labels import SUPPRESSION_LABELS
from accounts.views.settings.pages import done
from accounts.web.access import StaffRequest, staff_may
from actions.domain.follow_ups.access import may_work
from actions.domain.follow_ups.states import State
from actions.domain.replies import mailto
from actions.forms.replies import ReplyForm
from actions.models import FollowUp
from actions.queries.replies import Draft, Recipient, draft, recipients, unsent
from actions.services.follow_ups.work import Act, NotAllowed, Stale
from actions.services.replies import Unreachable, write_reply
from common.web.ids import id_in


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    rows = FollowUp.objects.select_related("customer", "respondent", "owner")
    found = get_object_or_404(rows, pk=pk)
    people = recipients(found)
    if not people:
        messages.warning(request, _("Nobody here has an e-mail address."))
        return redirect("actions:follow-up-detail", pk)
    form = ReplyForm(request.POST or None, people=people, initial=_initial(request, found, people))
    if request.method != "POST":
        return _page(request, found, people, form)
    if not form.is_valid():
        return _page(request, found, people, form, status=422)
    try:
        _write(request, found, people, form)
    except NotAllowed as refused:
        raise PermissionDenied from refused
    except Unreachable:
        messages.error(request, _("This person has no e-mail address any more."))
        return redirect("actions:follow-up-detail", pk)
    except Stale:
        return _changed_meanwhile(request, pk, people)
    return done(request, _("Koe sends your e-mail now."), "actions:follow-up-detail", pk)


def _initial(request: StaffRequest, found: FollowUp, people: list[Recipient]) -> dict[str, Any]:
    chosen = _chosen(request, people)
    texts = _again(request, found) or draft(chosen, by=request.user)
    return {
        "seen": found.version,
        "to": chosen.respondent.pk,
        "subject": texts.subject,
        "text": texts.text,
    }


def _again(request: StaffRequest, found: FollowUp) -> Draft | None:
    """The words of one that was not sent."""
    old = unsent().filter(follow_up=found, pk=id_in(request.GET.get("again")) or 0).first()
    return Draft(old.subject, old.text) if old and old.text else None


def _chosen(request: StaffRequest, people: list[Recipient]) -> Recipient:
    """Who was asked for, else the first."""
    wanted = request.POST.get("to") or request.GET.get("to")
    return next((each for each in people if str(each.respondent.pk) == wanted), people[0])


def _write(
    request: StaffRequest, found: FollowUp, people: list[Recipient], form: ReplyForm
) -> None:
    data = form.cleaned_data
    to = _chosen(request, people).respondent
    act = Act(found, data["seen"], request.user, timezone.now())
    write_reply(act, form.draft(), to=to, key=data["key"])


def _changed_meanwhile(request: StaffRequest, pk: int, people: list[Recipient]) -> HttpResponse:
    """What was typed stays in its form."""
    found = FollowUp.objects.select_related("customer", "respondent", "owner").get(pk=pk)
    text = _("Somebody has changed this follow-up meanwhile. Read its story, then send.")
    messages.error(request, text)
    typed = request.POST.copy()
    typed["seen"] = str(found.version)
    form = ReplyForm(typed, people=people, initial={})
    return _page(request, found, people, form, status=409)


def _page(
    request: StaffRequest,
    found: FollowUp,
    people: list[Recipient],
    form: ReplyForm,
    *,
    status: int = 200,
) -> HttpResponse:
    chosen = _chosen(request, people)
    texts = draft(chosen, by=request.user)
    suppressed = chosen.suppressed
    context = {
        "follow_up": found,
        "people": people,
        "chosen": chosen,
        "form": form,
        "suppressed": SUPPRESSION_LABELS[suppressed] if suppressed else "",
        "may_send": found.state != State.CLOSED
        and may_work(request.user.role, is_owner=found.owner_id == request.user.pk),
        "own_program": mailto(chosen.respondent.email, subject=texts.subject, text=texts.text),
    }
    return render(request, "actions/replies/write.html", context, status=status)
