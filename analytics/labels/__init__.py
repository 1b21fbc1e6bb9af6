"""The words of the reports' codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.labels import value_label
from analytics.domain.customers.follow_up import MIN_AT_RISK, MIN_CHURNED, NO_ANSWER
from analytics.domain.customers.known import Knowledge
from analytics.domain.customers.outcomes import OutcomeRow, Withheld
from analytics.domain.customers.story import StoryKind
from analytics.domain.health.evidence.proof import MIN_CHURNED as MIN_LOST
from analytics.domain.health.evidence.proof import Proof
from analytics.domain.health.formulas.faults import TEXTS, Fault
from analytics.domain.health.formulas.formula import CapReason, Touch
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.domain.periods import Period, last_month_end_before
from common.templatetags.figures import write_p_value
from surveys.domain.answers.scoring import Category

MONTHS_NAMED = 6

GROUP_LABELS: dict[str, str | Promise] = {
    Category.PROMOTER: gettext_lazy("Promoters"),
    Category.PASSIVE: gettext_lazy("Passives"),
    Category.DETRACTOR: gettext_lazy("Detractors"),
    NO_ANSWER: gettext_lazy("No answer"),
}

MOVEMENT_LABELS: dict[str, str | Promise] = {
    "start": gettext_lazy("At start"),
    "new": gettext_lazy("New"),
    "expansion": gettext_lazy("Expansion"),
    "reactivated": gettext_lazy("Reactivated"),
    "contraction": gettext_lazy("Contraction"),
    "churned": gettext_lazy("Churned"),
    "end": gettext_lazy("At end"),
}
STEP_LABELS: dict[str, str | Promise] = {
    **MOVEMENT_LABELS,
    "upgrade": gettext_lazy("Upgrade"),
    "cross_sell": gettext_lazy("Cross-sell"),
    "stayed": gettext_lazy("Of them at end"),
}


def segment_label(segment: Mapping[str, str]) -> str:
    """The values of a segment as a reader knows them; files keep the values themselves."""
    return " · ".join(value_label(name, value) for name, value in segment.items())


def group_label(group: str) -> str:
    return str(GROUP_LABELS[group])


def p_value_text(value: float) -> str:
    """To stand after the letter p: “= 0.012” or “< 0.001”."""
    text = write_p_value(value)
    return text if text.startswith("<") else f"= {text}"


def withheld_sentence(row: OutcomeRow, *, horizon_days: int) -> str:
    """Why a rate is not shown, in words; empty where it is."""
    group = group_label(row.group)
    if row.withheld is Withheld.TOO_FEW_AT_RISK:
        return ngettext(
            "%(group)s: only %(count)s customer was followed; a rate needs %(needed)s.",
            "%(group)s: only %(count)s customers were followed; a rate needs %(needed)s.",
            row.customers,
        ) % {"group": group, "count": row.customers, "needed": MIN_AT_RISK}
    if row.withheld is Withheld.HORIZON_NOT_REACHED:
        return _(
            "%(group)s: fewer than %(needed)s customers could be followed for %(days)s days after "
            "the landmark; choose a shorter horizon or an earlier period."
        ) % {"group": group, "needed": MIN_AT_RISK, "days": horizon_days}
    if row.withheld is Withheld.TOO_FEW_CHURNED:
        return _(
            "%(group)s: %(count)s of %(customers)s customers left within %(days)s days; from "
            "%(needed)s on a rate is shown."
        ) % {
            "group": group,
            "count": row.churned,
            "customers": row.customers,
            "days": horizon_days,
            "needed": MIN_CHURNED,
        }
    return ""


def unknown_sentences(known: Knowledge, *, period: Period, of_start: bool = True) -> list[str]:
    """What no import has told of for a period, and which file would.

    `of_start` is whether its figures begin with the customers and the MRR at its start.
    """
    return [
        each
        for each in (
            _of_churn(known, period, of_start=of_start),
            _of_revenue(known, period, of_start=of_start),
        )
        if each
    ]


def incomplete_sentence(months: Sequence[dt.date]) -> str:
    """Empty where no month of revenue looks incomplete."""
    if not months:
        return ""
    names = [date_format(each, "YEAR_MONTH_FORMAT") for each in months]
    more = len(names) - MONTHS_NAMED
    named = get_text_list(names[:MONTHS_NAMED], _("and"))
    text = ngettext(
        "The revenue of %(months)s looks incomplete: more than a tenth of the customers that paid "
        "in the month before are missing, and they are not marked as churned. Amounts lost and "
        "gained around it may not be real; import the month again.",
        "The revenue of %(months)s looks incomplete: in each of these months more than a tenth of "
        "the customers that paid in the month before are missing, and they are not marked as "
        "churned. Amounts lost and gained around them may not be real; import the months again.",
        len(names),
    )
    if more > 0:
        named = _("%(months)s and %(number)s more") % {
            "months": ", ".join(names[:MONTHS_NAMED]),
            "number": more,
        }
    return text % {"months": named}


def _of_churn(known: Knowledge, period: Period, *, of_start: bool) -> str:
    churn = known.churn
    if churn is None:
        return _(
            "Who left is not known: no imported file of customers had the column churned_on. "
            "Customer churn, retention, cohorts and outcomes need one; leave the cell empty while "
            "a customer stays."
        )
    if of_start and not known.starts:
        return _(
            "When customers started is not known. Customer churn, retention and cohorts need the "
            "column started_on in the file of customers."
        )
    if churn.since is not None and churn.since > period.start:
        return _(
            "Who left is known from %(month)s on. Every known loss falls after it, which can "
            "hardly be chance, so customer churn before it is left out."
        ) % {"month": date_format(churn.since, "YEAR_MONTH_FORMAT")}
    if churn.until is not None and not known.churn_in(period):
        return _(
            "Who left is known until %(day)s, the last import of customers with churned_on. "
            "Customer churn of the days after it is left out."
        ) % {"day": date_format(churn.until, "DATE_FORMAT")}
    return ""


def _of_revenue(known: Knowledge, period: Period, *, of_start: bool) -> str:
    revenue = known.revenue
    if revenue is None or revenue.since is None or revenue.until is None:
        return _(
            "Revenue is not known: none has been imported. MRR, revenue churn, GRR, NRR and the "
            "NPS weighted by revenue need a file of revenue."
        )
    months = {
        "first": date_format(last_month_end_before(revenue.since), "YEAR_MONTH_FORMAT"),
        "last": date_format(revenue.until, "YEAR_MONTH_FORMAT"),
    }
    if not of_start:
        return ""
    if not known.mrr_at_start(period):
        return (
            _(
                "Revenue is known from %(first)s to %(last)s. Without the month before the period, "
                "its MRR, revenue churn, GRR and NRR are not known."
            )
            % months
        )
    if not known.covers_revenue(period):
        return (
            _("Revenue is known until %(last)s; what became of it after that is left out.") % months
        )
    return ""


__all__ = [
    "GROUP_LABELS",
    "MOVEMENT_LABELS",
    "STEP_LABELS",
    "group_label",
    "incomplete_sentence",
    "p_value_text",
    "segment_label",
    "unknown_sentences",
    "withheld_sentence",
]


SOURCE_LABELS: dict[str, str | Promise] = {
    SourceKind.NPS_LAST: gettext_lazy("Last score"),
    SourceKind.NPS_ACCOUNT: gettext_lazy("Account NPS"),
    SourceKind.CSAT_LAST: gettext_lazy("Last satisfaction"),
    SourceKind.RESPONSE_RATE: gettext_lazy("Response rate"),
    SourceKind.MRR: gettext_lazy("MRR"),
    SourceKind.MRR_CHANGE_3M: gettext_lazy("MRR against 3 months before"),
    SourceKind.MRR_CHANGE_12M: gettext_lazy("MRR against 12 months before"),
    SourceKind.TENURE_MONTHS: gettext_lazy("Months as a customer"),
    SourceKind.DAYS_TO_RENEWAL: gettext_lazy("Days until the renewal"),
    SourceKind.ONBOARDING_DONE: gettext_lazy("Onboarding completed"),
    SourceKind.OPEN_FOLLOW_UPS: gettext_lazy("Open follow-ups"),
    SourceKind.PULSE: gettext_lazy("Pulse"),
    SourceKind.SEATS: gettext_lazy("Seats"),
    SourceKind.ATTRIBUTE: gettext_lazy("Attribute %(name)s"),
    SourceKind.USAGE: gettext_lazy("Usage: %(name)s"),
    SourceKind.EVENTS: gettext_lazy("Events: %(name)s"),
}

# The file that brings the facts of a source; of the others the pages of Koe make them.
SOURCE_COMMANDS = {
    SourceKind.MRR: "import_revenue",
    SourceKind.MRR_CHANGE_3M: "import_revenue",
    SourceKind.MRR_CHANGE_12M: "import_revenue",
    SourceKind.TENURE_MONTHS: "import_customers",
    SourceKind.DAYS_TO_RENEWAL: "import_customers",
    SourceKind.SEATS: "import_customers",
    SourceKind.ATTRIBUTE: "import_customers",
    SourceKind.ONBOARDING_DONE: "import_events",
    SourceKind.USAGE: "import_usage",
    SourceKind.EVENTS: "import_events",
}

TOUCH_LABELS: dict[str, str | Promise] = {
    Touch.HIGH: gettext_lazy("high touch"),
    Touch.LOW: gettext_lazy("low touch"),
    Touch.TECH: gettext_lazy("tech touch"),
}

STATE_LABELS: dict[str, str | Promise] = {
    "scored": gettext_lazy("scored"),
    "too_new": gettext_lazy("too new"),
    "not_enough_data": gettext_lazy("not enough data"),
    "churned": gettext_lazy("churned: the score of the day before"),
}

STORY_LABELS: dict[StoryKind, str | Promise] = {
    StoryKind.ANSWERS: pgettext_lazy("timeline", "Answers"),
    StoryKind.SURVEYS: gettext_lazy("Surveys"),
    StoryKind.CONTACTS: gettext_lazy("Contacts"),
    StoryKind.EVENTS: gettext_lazy("Events"),
    StoryKind.USAGE: gettext_lazy("Usage"),
    StoryKind.REVENUE: gettext_lazy("Revenue"),
    StoryKind.FACTS: gettext_lazy("Facts"),
    StoryKind.HEALTH: gettext_lazy("Health"),
    StoryKind.WORK: gettext_lazy("Follow-ups and playbooks"),
}

BAND_LABELS: dict[str, str | Promise] = {
    "good": pgettext_lazy("health", "good"),
    "watch": pgettext_lazy("health", "watch"),
    "risk": pgettext_lazy("health", "risk"),
}

CAP_LABELS: dict[str, str | Promise] = {
    CapReason.OPEN_FOLLOW_UP: gettext_lazy("a follow-up is open"),
}


def band_label(name: str | None) -> str:
    """The usual names are translated; one of the organisation's own is as it wrote it."""
    return str(BAND_LABELS.get(name or "", name or ""))


def source_label(source: Source) -> str:
    return str(SOURCE_LABELS[source.kind]) % {"name": source.name}


def fault_text(fault: Fault) -> str:
    """What is wrong with a formula, where, and how it is put right."""
    text = _(TEXTS[fault.code]) % dict(fault.params)
    return f"{fault.place}: {text}" if fault.place else text


def fault_words(fault: Fault, *, field: str) -> str:
    """At a field, which says where: without the place in the JSON."""
    text = _(TEXTS[fault.code]) % dict(fault.params)
    point = re.fullmatch(r"\[(\d+)\]", fault.place.removeprefix(field))
    if point is None:
        return text
    return _("point %(number)s: %(text)s") % {"number": int(point[1]) + 1, "text": text}


def without_facts_text(source: Source) -> str:
    """Why a measure will be missing for everybody, and what would change that."""
    command = SOURCE_COMMANDS.get(source.kind)
    said = {"source": source, "command": command}
    if command is None:
        return _("%(source)s has no facts yet, so it counts for nobody.") % said
    text = _("%(source)s has no facts yet, so it counts for nobody; %(command)s brings them.")
    return text % said


def too_few_lost_text(proof: Proof) -> str:
    """Why the evidence is withheld."""
    text = ngettext(
        "Only %(count)s customer left within the horizon: under %(least)s chance decides.",
        "Only %(count)s customers left within the horizon: under %(least)s chance decides.",
        proof.churned_customers,
    )
    return text % {"count": proof.churned_customers, "least": MIN_LOST}
