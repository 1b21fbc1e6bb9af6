"""Webhooks: the list, a new one, and what one is told of. Its log is its channel's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.queries.deliveries.log import channels_shown
from api.forms.webhooks import WebhookForm
from api.models import Subscription
from api.services.webhooks.editing import NoKey, save_webhook

HERE = "api:webhook-list"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    rows = channels_shown(now=timezone.now()).filter(subscription__isnull=False)
    context = {"channels": rows.select_related("subscription__project")}
    return render(request, "api/webhooks/list.html", context)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    return _edit(request, Subscription())


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    found = Subscription.objects.select_related("channel", "project", "key")
    return _edit(request, get_object_or_404(found, pk=pk))


@never_cache
def _edit(request: StaffRequest, subscription: Subscription) -> HttpResponse:
    """A new secret is shown on the page that answers, and nowhere again."""
    name = str(subscription) if subscription.pk else ""
    is_new = not subscription.pk
    form = WebhookForm(request.POST or None, subscription=subscription)
    if request.method == "POST" and form.is_valid():
        try:
            secret = save_webhook(subscription, form.wanted, by=request.user, now=timezone.now())
        except NoKey:
            form.add_error("project", _("This project has no API key to sign with."))
        else:
            return _saved(request, subscription, secret)
    back = HERE if is_new else reverse("actions:channel", args=[subscription.channel_id])
    context = {"form": form, "submit_label": _("Save"), "name": name, "webhook": subscription}
    return form_page(
        request, "api/webhooks/edit.html", context, back=back, invalid=request.method == "POST"
    )


def _saved(request: StaffRequest, subscription: Subscription, secret: str) -> HttpResponse:
    if secret:
        context = {"channel": subscription.channel, "secret": secret}
        return render(request, "actions/alerts/secret.html", context)
    return done(request, _("Saved."), "actions:channel", subscription.channel_id)
