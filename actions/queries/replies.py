"""Who can be written to in a follow-up, and how such an e-mail begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override, pgettext

from accounts.domain.contactability import SuppressionReason
from accounts.domain.names import shown_name
from accounts.models import Respondent, StaffUser, Suppression
from actions.domain.follow_ups.states import State
from actions.domain.replies import NOT_SENT, quoted
from actions.models import AnswerCase, FollowUp, Reply, ReplyTemplate
from surveys.domain.wording import CUSTOMER_FALLBACK, fill
from surveys.models import Response

# At a large customer the others are found on its page.
MOST_RECIPIENTS = 50
UNSETTLED = Q(state__in=NOT_SENT, settled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Recipient:
    respondent: Respondent
    # Their newest answer that is followed up here.
    response: Response | None
    # Why surveys are not sent there: told, but no reason not to reply.
    suppressed: SuppressionReason | None


@dataclass(frozen=True, slots=True)
class Draft:
    subject: str
    text: str


def recipients(follow_up: FollowUp) -> list[Recipient]:
    """Who answered comes first, the latest before the others; nobody without an address."""
    answers = _answers(follow_up)
    about = Q(pk__in=[*answers, follow_up.respondent_id])
    if follow_up.customer_id is not None:
        about |= Q(customer=follow_up.customer_id)
    rows = Respondent.objects.filter(about, email__gt="", person__erased_at__isnull=True)
    found = list(rows.select_related("customer", "person").order_by("name", "pk"))
    first = [*answers, follow_up.respondent_id]
    found.sort(key=lambda each: first.index(each.pk) if each.pk in first else len(first))
    reasons = Suppression.objects.active().filter(person__in=[each.person_id for each in found])
    suppressed = reasons.strongest()
    return [
        Recipient(each, answers.get(each.pk), suppressed.get(each.person_id))
        for each in found[:MOST_RECIPIENTS]
    ]


def _answers(follow_up: FollowUp) -> dict[int, Response]:
    """By respondent, the newest first."""
    cases = AnswerCase.objects.filter(follow_up=follow_up)
    rows: Iterable[Response] = (
        Response.objects.with_category()
        .filter(case__in=cases)
        .select_related("invitation")
        .order_by("-answered_at", "-pk")
    )
    found: dict[int, Response] = {}
    for each in rows:
        found.setdefault(each.invitation.respondent_id, each)
    return found


def draft(recipient: Recipient, *, by: StaffUser) -> Draft:
    """In the customer's language: the organisation's own words, else Koe's."""
    language = recipient.respondent.language
    own = ReplyTemplate.objects.filter(language=language).first()
    with override(language):
        values = _values(recipient, by=by)
        if recipient.response is None:
            return Draft("", fill(_text_without_answer(), values=values))
        texts = Draft(own.subject, own.text) if own else default_texts()
        return Draft(fill(texts.subject, values=values), fill(texts.text, values=values))


def unsent() -> QuerySet[Reply]:
    """What somebody still has to see to: neither written again, nor closed knowing of it."""
    later = Reply.objects.filter(follow_up=OuterRef("follow_up"), pk__gt=OuterRef("pk"))
    is_known = Q(follow_up__state=State.CLOSED, follow_up__closed_at__gt=F("settled_at"))
    rows = Reply.objects.filter(state__in=NOT_SENT, settled_at__isnull=False)
    rows = rows.filter(~Exists(later), respondent__person__erased_at__isnull=True)
    return rows.exclude(is_known).order_by("settled_at", "pk")


def default_texts() -> Draft:
    """Koe's own, in the language that is in force."""
    return Draft(
        gettext("Your answer to our survey"),
        gettext(
            # Another language may name the customer, too.
            # xgettext:no-python-brace-format
            "Hello {name},\n\nthank you for your answer of {day}.\n\n{answer}\n\n\n\n"
            "Kind regards\n{staff}\n{organisation}"
        ),
    )


def _text_without_answer() -> str:
    # As above. xgettext:no-python-brace-format
    return gettext("Hello {name},\n\n\n\nKind regards\n{staff}\n{organisation}")


def _values(recipient: Recipient, *, by: StaffUser) -> dict[str, str]:
    response, respondent = recipient.response, recipient.respondent
    day = timezone.localdate(response.answered_at) if response else None
    return {
        "name": shown_name(respondent.name) or pgettext("salutation", "there"),
        "customer": str(respondent.customer or CUSTOMER_FALLBACK[respondent.language]),
        "organisation": settings.ORGANISATION_NAME,
        "staff": str(by),
        "answer": quoted(response.comment, response.score) if response else "",
        "day": date_format(day, "DATE_FORMAT") if day else "",
    }
