"""Channels, and what became of each delivery."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import done, form_page, page_of
from accounts.web.access import StaffRequest, staff_may
from actions.forms.alerts.channels import ChannelForm
from actions.labels import fault_text
from actions.models import Channel, Delivery
from actions.queries.deliveries.log import log_of
from actions.services.deliveries import channels as services

HERE = "actions:alert-list"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _log(request, get_object_or_404(Channel, pk=pk))


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def mails(request: StaffRequest) -> HttpResponse:
    return _log(request, None)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    return _edit(request, Channel())


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Channel, pk=pk))


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    services.switch(channel, on="on" in request.POST, by=request.user, now=timezone.now())
    return done(request, _("Saved."), "actions:channel", pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def test(request: StaffRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk, disabled="")
    services.send_trial(channel, now=timezone.now())
    return done(request, _("The test is on its way."), "actions:channel", pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("channel"), pk=pk)
    if services.send_again(delivery, now=timezone.now()):
        messages.success(request, _("It is sent again."))
    else:
        messages.error(request, _("It is on its way already, or its channel is switched off."))
    if delivery.channel_id is None:
        return redirect("actions:alert-mails")
    return redirect("actions:channel", delivery.channel_id)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    if request.method == "POST":
        services.delete_channel(channel, by=request.user, now=timezone.now())
        return done(request, _("Deleted."), HERE)
    text = _("Delete the channel %(name)s, with its list of deliveries? Rules tell it no more.")
    context = {
        "title": channel.name,
        "text": text % {"name": channel.name},
        "action": reverse("actions:channel-delete", args=[pk]),
        "button": _("Delete the channel"),
        "back_url": reverse("actions:channel", args=[pk]),
    }
    return render(request, "actions/alerts/delete.html", context)


def _log(request: StaffRequest, channel: Channel | None) -> HttpResponse:
    page = page_of(request, log_of(channel))
    rows = [(each, fault_text(each.error)) for each in page]
    context = {"channel": channel, "page_obj": page, "rows": rows}
    return render(request, "actions/alerts/log.html", context)


@never_cache
def _edit(request: StaffRequest, channel: Channel) -> HttpResponse:
    """A new secret is shown on the page that answers, and nowhere again."""
    name, is_new = channel.name, channel.pk is None
    form = ChannelForm(request.POST or None, channel=channel)
    if request.method == "POST" and form.is_valid():
        found = form.filled()
        secret = services.save_channel(
            found,
            url=form.cleaned_data["url"],
            new_secret=form.wants_secret,
            given=form.cleaned_data.get("token") or "",
            by=request.user,
            now=timezone.now(),
        )
        if secret:
            context = {"channel": found, "secret": secret}
            return render(request, "actions/alerts/secret.html", context)
        return done(request, _("Saved."), "actions:channel", found.pk)
    context = {"form": form, "submit_label": _("Save"), "name": name}
    back = reverse(HERE) if is_new else reverse("actions:channel", args=[channel.pk])
    return form_page(
        request, "actions/alerts/channel.html", context, back=back, invalid=request.method == "POST"
    )
