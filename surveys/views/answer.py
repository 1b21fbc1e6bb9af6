"""The pages behind the link of a survey mail. GET, HEAD and OPTIONS write nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import limits
from surveys.domain.answers.questions import COMMENT_LIMIT, AnswerError, plain_text, read_answers
from surveys.domain.answers.scoring import ScoreError, parse_score
from surveys.models import Campaign, Response
from surveys.queries.answers.by_link import find_invitation, is_open, names_of
from surveys.services.answers.record import answer_times, record_intent, record_response
from surveys.tokens import Purpose, make_token, read_token
from surveys.views.survey_pages import (
    Survey,
    answer_page,
    chosen_language,
    closed_page,
    names_a_person,
    score_in,
    survey_of,
    thanks_page,
    too_many_page,
)

LONGEST_VISIT = 24 * 3600.0


@csrf_exempt  # the token is the only authority, and no cookie adds to it
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    invitation = _invitation(token, for_post=request.method == "POST")
    if invitation is None or not is_open(invitation, now=now):
        return closed_page(request, foreign=invitation is None)
    survey = _survey(request, invitation, token)
    if request.method == "POST":
        return _receive(request, survey, invitation, now)
    earlier = getattr(invitation, "response", None)
    score = score_in(request)
    return answer_page(
        survey,
        chosen=earlier.score if score is None and earlier else score,
        comment=earlier.comment if earlier else "",
        extra=earlier.extra if earlier else {},
        earlier=earlier,
        opened=int(now.timestamp() * 1000),
    )


@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _invitation(token, for_post=False)
    response = getattr(invitation, "response", None)
    if invitation is None or response is None or not is_open(invitation, now=timezone.now()):
        return closed_page(request, foreign=invitation is None)
    return thanks_page(_survey(request, invitation, token), score=response.score)


@csrf_exempt
@require_POST
def intent(request: HttpRequest, token: str) -> HttpResponse:
    """Posted by survey.js at the first gesture of a person."""
    now = timezone.now()
    invitation = _invitation(token)
    if invitation is None or not is_open(invitation, now=now):
        return closed_page(request, foreign=invitation is None)
    if limits.too_many_posts(invitation.public_id, kind="intent"):
        return too_many_page()
    try:
        score = _score(request)
    except ScoreError:
        return HttpResponse(status=400)
    record_intent(
        invitation,
        score=score,
        gesture=request.POST.get("gesture", ""),
        changed=request.POST.get("changed") == "1",
        now=now,
    )
    return HttpResponse(status=204)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, token: str) -> HttpResponse:
    """The pages as recipients will see them, for whoever got a test mail; nothing is recorded."""
    found = read_token(Purpose.TEST, token)
    campaign = Campaign.objects.filter(pk=int(found[:-2])).first() if found else None
    if found is None or campaign is None:
        return closed_page(request, foreign=True)
    asked = request.POST.get("lang") or request.GET.get("lang")
    survey = survey_of(
        campaign,
        language=chosen_language(asked, campaign=campaign, default=found[-2:]),
        path=reverse("surveys:trial", args=[token]),
        opt_out_path=reverse("surveys:opt-out-trial", args=[token]),
        trial=True,
    )
    if request.method != "POST":
        return answer_page(survey, chosen=score_in(request))
    page, given = _read(request, survey)
    return page or thanks_page(survey, score=given["score"])


def _receive(
    request: HttpRequest, survey: Survey, invitation: Any, now: dt.datetime
) -> HttpResponse:
    if limits.too_many_lately(answer_times(invitation), now=now):
        return too_many_page()
    page, given = _read(request, survey, getattr(invitation, "response", None))
    if page:
        over = limits.too_many_posts(invitation.public_id, kind="refused")
        return too_many_page() if over else page
    signals = _signals(request, now)
    record_response(invitation, **given, language=survey.language, signals=signals, now=now)
    # The transaction is committed here: what is acknowledged is on disk.
    query = (
        "" if survey.language == invitation.language else f"?{urlencode({'lang': survey.language})}"
    )
    response = HttpResponseRedirect(f"{survey.path}thanks/{query}")
    response.status_code = 303
    return response


def _read(
    request: HttpRequest, survey: Survey, earlier: Response | None = None
) -> tuple[HttpResponse | None, dict[str, Any]]:
    """What was answered; or the form again, with what is wrong and everything that was written."""
    comment = plain_text(request.POST.get("comment", ""))
    error = comment_error = ""
    score, extra = None, {}
    with translation.override(survey.language):
        try:
            score = _score(request)
        except ScoreError:
            error = _("Please choose a number from 0 to 10.")
        if len(comment) > COMMENT_LIMIT:
            comment_error = _(
                "Your comment has %(count)s characters; at most %(limit)s can be sent."
            ) % {"count": len(comment), "limit": COMMENT_LIMIT}
        try:
            extra = read_answers(survey.questions, posted=dict(request.POST.lists()))
        except AnswerError:
            error = error or _("One of the additional answers is not valid. Please choose again.")
    if not error and not comment_error:
        return None, {"score": score, "comment": comment, "extra": extra}
    form = answer_page(
        survey,
        chosen=score,
        earlier=earlier,
        comment=comment,
        extra=extra,
        error=error,
        comment_error=comment_error,
        opened=_number(request.POST.get("opened")) or 0,
        status=400,
    )
    return form, {}


def _score(request: HttpRequest) -> int:
    given = request.POST.getlist("score")
    if len(given) != 1:
        raise ScoreError("one score is needed")
    return parse_score(given[0])


def _signals(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
    """How long the page was open and what gesture it saw: hints, never proofs."""
    # 0 stands on a form that was shown without the time.
    opened = _number(request.POST.get("opened")) or None
    seconds = now.timestamp() - opened / 1000 if opened is not None else None
    known = seconds is not None and 0 <= seconds <= LONGEST_VISIT
    return {
        "gesture": request.POST.get("gesture", "")[:20],
        "seconds": round(seconds, 1) if known and seconds is not None else None,
        "had_get": opened is not None,
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None


def _invitation(token: str, *, for_post: bool = True) -> Any:
    public_id = read_token(Purpose.ANSWER, token)
    return find_invitation(public_id, for_post=for_post) if public_id else None


def _survey(request: HttpRequest, invitation: Any, token: str) -> Survey:
    asked = request.POST.get("lang") if request.method == "POST" else request.GET.get("lang")
    campaign = invitation.campaign
    language = chosen_language(asked, campaign=campaign, default=invitation.language)
    named = names_a_person(campaign, language=language)
    name, customer = names_of(invitation) if named else ("", "")
    opt_out = make_token(Purpose.OPT_OUT, invitation.public_id)
    return survey_of(
        campaign,
        language=language,
        name=name,
        customer=customer,
        path=f"/s/{token}/",
        opt_out_path=f"/u/{opt_out}/",
    )
