"""A campaign's e-mail as a page of its own, which others frame."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.mail.sender_domain import State, anchor_of, domain_of, worst
from surveys.domain.wording import DEFAULT_WORDING
from surveys.labels import SENDER_STATE_LABELS
from surveys.models import Campaign, SenderCheck
from surveys.queries.senders import sender_of
from surveys.sending import preview_head, preview_html
from surveys.services.sender_check import verdicts_of

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def mail(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    return mail_page(campaign, language, wanted=request.GET)


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def of_the_brand(request: StaffRequest, language: str) -> HttpResponse:
    """The default texts with logo and colour."""
    return mail_page(Campaign(slug="preview"), language, wanted=request.GET)


def sender_seen(campaign: Campaign) -> dict[str, Any]:
    """Who a campaign's e-mails are from, and whether mailboxes believe it, as far as was looked."""
    language = get_language() or ""
    head = preview_head(campaign, language if language in DEFAULT_WORDING else "en")
    domain = domain_of(sender_of(campaign))
    checked = SenderCheck.objects.filter(domain=domain).first()
    state = worst(verdicts_of(checked)) if checked else State.UNKNOWN
    return {
        "from": head["from"],
        "reply_to": campaign.reply_to,
        "domain": domain,
        "anchor": anchor_of(domain),
        "state": state,
        "state_word": SENDER_STATE_LABELS[state],
    }


def mail_page(campaign: Campaign, language: str, *, wanted: Container[str]) -> HttpResponse:
    """`wanted` may hold "reminder" and "dark"."""
    if language not in DEFAULT_WORDING:
        return HttpResponse(status=404)
    html = preview_html(campaign, language, reminder="reminder" in wanted)
    return framed(HttpResponse(in_dark(html) if "dark" in wanted else html))


def in_dark(html: str) -> str:
    """As a mail program shows it whose reader prefers the dark."""
    return html.replace("(prefers-color-scheme: dark)", "all")


def framed(response: HttpResponse) -> HttpResponse:
    """A mail carries its styles inline; the page around it does not, and nothing in it runs."""
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
