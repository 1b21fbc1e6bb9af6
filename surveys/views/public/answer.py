"""The pages behind the link of a survey mail. GET, HEAD and OPTIONS write nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.domain.answers.form import Form, FormFault, chosen_language, read_form, read_score
from surveys.domain.answers.questions import COMMENT_LIMIT
from surveys.domain.answers.scoring import ScoreError
from surveys.models import Campaign, Response
from surveys.queries.answers.by_link import find_invitation, is_open, names_of
from surveys.queries.tallies import ANSWERS, PAGE_SECONDS
from surveys.queries.tokens import Link, Purpose, make_token, read_token
from surveys.services import limits
from surveys.services.answers.intent import receive_intent
from surveys.services.answers.receive import AnswerOutcome, Receipt, receive
from surveys.views.public.survey_pages import (
    Survey,
    answer_page,
    closed_page,
    names_a_person,
    score_in,
    survey_of,
    thanks_page,
    too_many_page,
)


def timed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """How long whoever answers waits for Koe."""

    @wraps(view)
    def measured(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = time.perf_counter()
        try:
            return view(request, *args, **kwargs)
        finally:
            method = "POST" if request.method == "POST" else "GET"
            PAGE_SECONDS.add(method, time.perf_counter() - start)

    return measured


@csrf_exempt  # the token is the only authority, and no cookie adds to it
@timed
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, link: Link) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        return _answered(
            request, receive(link.public_id, dict(request.POST.lists()), now=now), link
        )
    invitation = find_invitation(link.public_id, for_post=False)
    if invitation is None or not is_open(invitation, now=now):
        return closed_page(request, foreign=invitation is None)
    earlier = getattr(invitation, "response", None)
    score = score_in(request)
    return answer_page(
        _survey(request, invitation, link),
        chosen=earlier.score if score is None and earlier else score,
        comment=earlier.comment if earlier else "",
        extra=earlier.extra if earlier else {},
        earlier=earlier,
        opened=int(now.timestamp() * 1000),
    )


def _answered(request: HttpRequest, receipt: Receipt, link: Link) -> HttpResponse:
    invitation = receipt.invitation
    if invitation is None or receipt.outcome is AnswerOutcome.CLOSED:
        return closed_page(request, foreign=invitation is None)
    if receipt.outcome is AnswerOutcome.TOO_MANY:
        return too_many_page()
    if receipt.form is not None:
        if limits.too_many_posts(invitation.public_id, kind="refused"):
            return too_many_page()
        earlier = getattr(invitation, "response", None)
        return _form_again(_survey(request, invitation, link), receipt.form, earlier=earlier)
    ANSWERS.add(receipt.evidence)
    chosen = {} if receipt.language == invitation.language else {"lang": receipt.language}
    query = f"?{urlencode(chosen)}" if chosen else ""
    return HttpResponseRedirect(f"/s/{link.token}/thanks/{query}", status=303)


@require_safe
def thanks(request: HttpRequest, link: Link) -> HttpResponse:
    invitation = find_invitation(link.public_id, for_post=False)
    response = getattr(invitation, "response", None)
    if invitation is None or response is None or not is_open(invitation, now=timezone.now()):
        return closed_page(request, foreign=invitation is None)
    return thanks_page(_survey(request, invitation, link), score=response.score)


@csrf_exempt
@require_POST
def intent(request: HttpRequest, link: Link) -> HttpResponse:
    """Posted by survey.js at the first gesture of a person."""
    try:
        score = read_score(dict(request.POST.lists()))
    except ScoreError:
        return HttpResponse(status=400)
    receipt = receive_intent(
        link.public_id,
        score=score,
        gesture=request.POST.get("gesture", ""),
        changed=request.POST.get("changed") == "1",
        now=timezone.now(),
    )
    if receipt.outcome is AnswerOutcome.TOO_MANY:
        return too_many_page()
    if receipt.outcome is not AnswerOutcome.RECORDED:
        return closed_page(request, foreign=receipt.invitation is None)
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
        language=chosen_language(asked or "", asked_in=campaign.languages, default=found[-2:]),
        path=reverse("surveys:trial", args=[token]),
        opt_out_path=reverse("surveys:opt-out-trial", args=[token]),
        trial=True,
    )
    if request.method != "POST":
        return answer_page(survey, chosen=score_in(request))
    posted = dict(request.POST.lists())
    form = read_form(posted, questions=survey.questions, now=timezone.now())
    if form.score is None or form.faults:
        return _form_again(survey, form)
    return thanks_page(survey, score=form.score)


def _form_again(survey: Survey, form: Form, *, earlier: Response | None = None) -> HttpResponse:
    """With what is wrong and everything that was written."""
    error = comment_error = ""
    with translation.override(survey.language):
        if FormFault.SCORE in form.faults:
            error = _("Please choose a number from 0 to 10.")
        elif FormFault.FURTHER in form.faults:
            error = _("One of the additional answers is not valid. Please choose again.")
        if FormFault.COMMENT in form.faults:
            comment_error = _(
                "Your comment has %(count)s characters; at most %(limit)s can be sent."
            ) % {"count": len(form.comment), "limit": COMMENT_LIMIT}
    return answer_page(
        survey,
        chosen=form.score,
        earlier=earlier,
        comment=form.comment,
        extra=form.extra,
        error=error,
        comment_error=comment_error,
        opened=form.opened,
        status=400,
    )


def _survey(request: HttpRequest, invitation: Any, link: Link) -> Survey:
    asked = request.POST.get("lang") if request.method == "POST" else request.GET.get("lang")
    campaign = invitation.campaign
    language = chosen_language(
        asked or "", asked_in=campaign.languages, default=invitation.language
    )
    named = names_a_person(campaign, language=language)
    name, customer = names_of(invitation) if named else ("", "")
    opt_out = make_token(Purpose.OPT_OUT, invitation.public_id)
    return survey_of(
        campaign,
        language=language,
        name=name,
        customer=customer,
        path=f"/s/{link.token}/",
        opt_out_path=f"/u/{opt_out}/",
    )
