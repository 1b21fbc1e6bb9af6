"""The opt-out page and RFC 8058's one-click POST. GET shows, POST acts, a link never expires."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.domain.languages import LANGUAGES
from surveys.models import Invitation
from surveys.queries.tokens import Purpose, read_token
from surveys.services.people.opt_out import opt_out as record_opt_out
from surveys.views.public.survey_pages import closed_page


@csrf_exempt  # mail programs post without cookie or referrer; the token is the authority
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    public_id = read_token(Purpose.OPT_OUT, token)
    if public_id is None:
        return closed_page(request, foreign=True)
    if request.method != "POST":
        return _page(request, "public/opt_out.html", language=_language(request, public_id))
    record_opt_out(public_id, now=timezone.now())
    posted = _posted(request)
    language = _language(request, public_id)
    # What no form of ours sends, a mail program did: stored is stored, and it asks no second time.
    if posted is None or posted.get("List-Unsubscribe") == "One-Click":
        return _one_line(language)
    return _page(request, "public/opted_out.html", language=language)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out_trial(request: HttpRequest, token: str) -> HttpResponse:
    """Where the opt-out of a test mail leads: the same pages, nothing recorded."""
    found = read_token(Purpose.TEST, token)
    if found is None:
        return closed_page(request, foreign=True)
    template = "public/opted_out.html" if request.method == "POST" else "public/opt_out.html"
    return _page(request, template, language=_asked(request) or found[-2:], trial=True)


def _posted(request: HttpRequest) -> Mapping[str, str] | None:
    """None where the body cannot be read."""
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return None


def _one_line(language: str) -> HttpResponse:
    """A mail program asked; few show their user what came back."""
    with translation.override(language):
        said = _("You will not be sent any more surveys.")
    headers = {"Content-Language": language}
    return HttpResponse(f"{said}\n", content_type="text/plain; charset=utf-8", headers=headers)


def _page(
    request: HttpRequest, template: str, *, language: str, trial: bool = False
) -> HttpResponse:
    context = {
        "sender": settings.ORGANISATION_NAME,
        "brand_logo": settings.BRAND_LOGO,
        "brand_colour": settings.BRAND_COLOUR.removeprefix("#"),
        "organisation_address": settings.ORGANISATION_ADDRESS,
        "contact": settings.DEFAULT_FROM_EMAIL,
        "language": language,
        "path": request.path,
        "trial": trial,
        "others": [(code, name) for code, name in LANGUAGES.items() if code != language],
    }
    with translation.override(language):
        body = get_template(template).render(context)
    return HttpResponse(body, headers={"Content-Language": language})


def _language(request: HttpRequest, public_id: str) -> str:
    asked = _asked(request)
    if asked:
        return asked
    known = Invitation.objects.filter(public_id=public_id).values_list("language", flat=True)
    return known.first() or settings.LANGUAGE_CODE


def _asked(request: HttpRequest) -> str:
    posted = _posted(request) or {}
    given = posted.get("lang") or request.GET.get("lang") or ""
    return given if given in LANGUAGES else ""
