"""What the public pages of a campaign show: its wording, filled for one language."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape

from accounts.domain.languages import LANGUAGES
from accounts.domain.names import shown_name
from common.net.origin import remote_address
from surveys.domain.answers.form import offered_languages
from surveys.domain.answers.questions import COMMENT_LIMIT, Question, questions_in
from surveys.domain.answers.scoring import SCORES, Category, ScoreError, category, parse_score
from surveys.domain.answers.validity import POSTS_WITHIN
from surveys.domain.wording import CUSTOMER_FALLBACK, NAME_FALLBACK, Wording, fill
from surveys.models import Campaign, Response
from surveys.queries.senders import sender_of
from surveys.sending import wording_of
from surveys.services import limits

CLOSED, TOO_MANY = 404, 429
# Signs that no wording and no comment can contain: they differ with every process.
_MARKS = {
    name: f"koe-{secrets.token_hex(12)}"
    for name in ("path", "opt_out_path", "opened", "draft_key", "comment")
}


@dataclass(frozen=True, slots=True)
class Survey:
    """A campaign in one language, for the person of one invitation or for a trial.

    Two are equal where their pages differ in nothing but the addresses.
    """

    language: str
    name: str
    customer: str
    trial: bool
    shown: str
    campaign: Campaign = field(compare=False)
    path: str = field(compare=False)
    opt_out_path: str = field(compare=False)

    @property
    def wording(self) -> Wording:
        return wording_of(self.campaign, language=self.language)

    @property
    def questions(self) -> tuple[Question, ...]:
        return questions_in(self.campaign.questions, language=self.language)


def survey_of(
    campaign: Campaign,
    *,
    language: str,
    name: str = "",
    customer: str = "",
    path: str,
    opt_out_path: str,
    trial: bool = False,
) -> Survey:
    parts = [
        *(campaign.product_name, campaign.wording, campaign.questions, campaign.languages),
        *(campaign.reply_to or sender_of(campaign), settings.ORGANISATION_NAME),
        *(settings.ORGANISATION_ADDRESS, settings.BRAND_LOGO, settings.BRAND_COLOUR),
    ]
    shown = json.dumps(parts)
    return Survey(language, name, customer, trial, shown, campaign, path, opt_out_path)


def names_a_person(campaign: Campaign, *, language: str) -> bool:
    texts = (campaign.wording or {}).get(language) or {}
    return any("{name}" in text or "{customer}" in text for text in texts.values())


def score_in(request: HttpRequest) -> int | None:
    """The score of the link; anything but one score of the scale chooses nothing."""
    given = request.GET.getlist("score")
    try:
        return parse_score(given[0]) if len(given) == 1 else None
    except ScoreError:
        return None


def answer_page(
    survey: Survey,
    *,
    chosen: int | None,
    earlier: Response | None = None,
    comment: str = "",
    opened: int = 0,
    status: int = 200,
    **written: Any,
) -> HttpResponse:
    """`written`: extra, error and comment_error, where there are any."""
    answered = earlier.score if earlier else None
    if any(written.values()):
        # What a person wrote is not kept in memory.
        body = _answer_body(survey, chosen, answered, **written)
    else:
        body = _untouched(survey, chosen, answered)
    return _page(body, survey=survey, comment=comment, opened=opened, status=status)


def thanks_page(survey: Survey, *, score: int) -> HttpResponse:
    return _page(_thanks_body(survey, score), survey=survey)


def _page(
    body: str, *, survey: Survey, comment: str = "", opened: int = 0, status: int = 200
) -> HttpResponse:
    """What differs from person to person is put into a page rendered once for all."""
    personal = {
        "path": survey.path,
        "opt_out_path": survey.opt_out_path,
        "opened": str(opened),
        "draft_key": hashlib.sha256(survey.path.encode()).hexdigest()[:16],
        # Here no template escapes it.
        "comment": escape(comment),
    }
    for name, value in personal.items():
        body = body.replace(_MARKS[name], value)
    return HttpResponse(body, status=status, headers={"Content-Language": survey.language})


@lru_cache(maxsize=512)
def _untouched(survey: Survey, chosen: int | None, answered: int | None) -> str:
    return _answer_body(survey, chosen, answered)


def _answer_body(
    survey: Survey,
    chosen: int | None,
    answered: int | None,
    *,
    extra: Mapping[str, Any] | None = None,
    **written: str,
) -> str:
    text = _texts(survey)
    context = {
        "chosen": chosen,
        "comment_limit": COMMENT_LIMIT,
        "earlier": answered,
        "scale": list(SCORES),
        "question": text("question"),
        "low_label": text("low_label"),
        "high_label": text("high_label"),
        "prompts": [
            (each.value, text(f"comment_{each}", score=_shown(chosen))) for each in Category
        ],
        "buttons": [(score, text("button", score=score)) for score in SCORES],
        "questions": _asked(survey.questions, extra or {}),
        "extra": bool(extra),
        **written,
    }
    return _render("public/answer.html", survey, context)


@lru_cache(maxsize=512)
def _thanks_body(survey: Survey, score: int) -> str:
    text = _texts(survey)
    link = survey.wording.thanks_link.strip()
    shows_link = category(score) is Category.PROMOTER and urlsplit(link).scheme in ("http", "https")
    context = {
        "score": score,
        "text": text(f"thanks_{category(score)}", score=score),
        "link": link if shows_link else "",
        "link_label": text("thanks_link_label"),
    }
    return _render("public/thanks.html", survey, context)


def _render(template: str, survey: Survey, context: dict[str, Any]) -> str:
    """Without the request: no session, no user, no context processor, no query."""
    common = {
        "language": survey.language,
        "trial": survey.trial,
        "sender": settings.ORGANISATION_NAME,
        "brand_logo": settings.BRAND_LOGO,
        "brand_colour": settings.BRAND_COLOUR.removeprefix("#"),
        "organisation_address": settings.ORGANISATION_ADDRESS,
        "contact": survey.campaign.reply_to or sender_of(survey.campaign),
        "languages": _switch(survey, context.get("chosen")),
    }
    with translation.override(survey.language):
        body: str = get_template(template).render({**common, **_MARKS, **context})
    return body


def _texts(survey: Survey) -> Callable[..., str]:
    """The campaign's wording by field, filled."""
    wording = survey.wording
    values = {
        "name": shown_name(survey.name) or NAME_FALLBACK[survey.language],
        "customer": shown_name(survey.customer) or CUSTOMER_FALLBACK[survey.language],
        "product": survey.campaign.product_name or settings.ORGANISATION_NAME,
        "organisation": settings.ORGANISATION_NAME,
    }

    def text(field: str, **more: object) -> str:
        filled = {**values, **{name: str(value) for name, value in more.items()}}
        return fill(getattr(wording, field), values=filled)

    return text


def closed_page(request: HttpRequest, *, foreign: bool) -> HttpResponse:
    """The same for every link that leads nowhere, so that none tells another from it."""
    over = foreign and limits.too_many_misses(remote_address(request))
    body = get_template("public/closed.html").render({})
    return HttpResponse(body, status=TOO_MANY if over else CLOSED)


def too_many_page() -> HttpResponse:
    response = HttpResponse(get_template("public/too_many.html").render({}), status=TOO_MANY)
    response["Retry-After"] = str(int(POSTS_WITHIN.total_seconds()))
    return response


def _asked(questions: Sequence[Question], extra: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "field": question.field,
            "kind": question.kind.value,
            "label": question.label,
            "given": extra.get(question.key, ""),
            "choices": [
                {
                    "value": value,
                    "label": label,
                    "chosen": _is_chosen(value, extra.get(question.key)),
                }
                for value, label in question.choices
            ],
        }
        for question in questions
    ]


def _is_chosen(value: str, given: Any) -> bool:
    return value in given if isinstance(given, list) else value == str(given)


def _switch(survey: Survey, chosen: int | None) -> list[dict[str, str]]:
    score = "" if chosen is None else f"&score={chosen}"
    return [
        {"code": code, "name": LANGUAGES[code], "query": f"?lang={code}{score}"}
        for code in offered_languages(survey.campaign.languages)
        if code != survey.language
    ]


def _shown(score: int | None) -> object:
    return "" if score is None else score
