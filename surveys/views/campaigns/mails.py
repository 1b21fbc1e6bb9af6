"""A campaign's e-mail as a page of its own, which others frame."""

from __future__ import annotations

from collections.abc import Container

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.wording import DEFAULT_WORDING
from surveys.models import Campaign
from surveys.sending import preview_html

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
