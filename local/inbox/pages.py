"""The pages of the local inbox: what the embedded mail server has kept, for log-ins of staff."""

from __future__ import annotations

import re
from email.header import decode_header, make_header

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import View, staff_may
from local.inbox.files import Mail, find_mail, find_mails, part_text

PAGE = 50
SHOWN_HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Auto-Submitted",
)  # fmt: skip
# A mail may bring its own styles and inline pictures, and nothing that runs or is fetched. Its
# links open a window of their own, free of the sandbox: that is how a developer answers a survey.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
LINKS_LEAVE = '<base target="_blank">'


def reading(view: View) -> View:
    """Leaves no trace, and is not for viewers: e-mails hold links to set a password."""
    return require_safe(staff_may(Permission.CONFIGURE_CAMPAIGNS)(never_cache(view)))


@reading
def mail_list(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "")
    page = Paginator(find_mails(settings.INBOX_DIR, wanted), PAGE).get_page(request.GET.get("page"))
    return render(request, "inbox/list.html", {"page_obj": page, "wanted": wanted})


@reading
def mail(request: HttpRequest, key: str) -> HttpResponse:
    message = mail_or_404(key).message()
    raw = dict(message.raw_items())
    context = {
        "key": key,
        "subject": str(message.get("Subject", "")),
        # As mail programs read them; the parser leaves a space where a long name was folded.
        "headers": [
            (name, str(make_header(decode_header(raw[name]))))
            for name in SHOWN_HEADERS
            if name in raw
        ],
        "text": part_text(message, "plain"),
        "has_html": part_text(message, "html") is not None,
    }
    return render(request, "inbox/message.html", context)


@reading
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part for the frame of its page."""
    html = part_text(mail_or_404(key).message(), "html")
    if html is None:
        raise Http404
    # A policy set here is left alone by the one of the staff pages.
    headers = {"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"}
    return HttpResponse(with_base(html), headers=headers)


@reading
def mail_source(request: HttpRequest, key: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{key}.eml"'}
    return HttpResponse(mail_or_404(key).source(), content_type="message/rfc822", headers=headers)


def mail_or_404(key: str) -> Mail:
    found = find_mail(settings.INBOX_DIR, key)
    if found is None:
        raise Http404
    return found


def with_base(html: str) -> str:
    """Puts the target of links inside <head>, where there is one: before it, a mail with a doctype
    would be shown in quirks mode."""
    html, heads = re.subn(r"<head\b[^>]*>", rf"\g<0>{LINKS_LEAVE}", html, count=1, flags=re.I)
    return html if heads else LINKS_LEAVE + html


urlpatterns = [
    path("", mail_list, name="inbox"),
    path("<str:key>/", mail, name="inbox-mail"),
    path("<str:key>/html/", mail_html, name="inbox-mail-html"),
    path("<str:key>/source/", mail_source, name="inbox-mail-source"),
]
