"""All that happened at one customer, on one line of time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.domain.facts.events import EventKind
from accounts.labels import event_label, usage_label, value_label
from accounts.models import Customer, Event
from accounts.queries.customers.story import Told, story_tellers
from analytics.domain.customers.story import Difference, StoryKind, differences, shifts, steps
from analytics.domain.periods import month_of
from analytics.labels import band_label
from analytics.queries.customers.story import Story
from analytics.queries.database.clock import day_of
from analytics.reports.health.customer import Said
from common.templatetags.figures import write_money, write_number
from surveys.queries.people.lookup import Billed

Teller: TypeAlias = Callable[[Customer], Iterable[Told]]
AFTER_OPENING = (EventKind.TICKET_REPLIED, EventKind.TICKET_RESOLVED)


@dataclass(frozen=True, slots=True)
class Moment:
    # A day where no more is known of it.
    at: dt.date | dt.datetime
    kind: StoryKind
    text: str
    # What somebody said or wrote, and who.
    words: str = ""
    language: str = ""
    who: str = ""
    # Of an answer, with its category.
    response: Any = None
    # Where there is more of it.
    url: str = ""

    @property
    def has_time(self) -> bool:
        return isinstance(self.at, dt.datetime)


def moments(story: Story, history: tuple[Said, ...]) -> list[Moment]:
    """Newest first. `history`: the nightly scores."""
    found = [
        *_of_answers(story),
        *_of_surveys(story),
        *_of_events(story),
        *_of_usage(story),
        *_of_revenue(story),
        *_of_facts(story),
        *_of_health(history),
        *_of_others(story),
    ]
    return sorted(found, key=_place, reverse=True)


def _place(moment: Moment) -> tuple[dt.date, float]:
    """What only its day is known of comes after the others of the day."""
    if isinstance(moment.at, dt.datetime):
        return day_of(moment.at), moment.at.timestamp()
    return moment.at, 0.0


def _of_answers(story: Story) -> Iterator[Moment]:
    for each in story.responses:
        asked = each.invitation
        text = _("Answer to “%(campaign)s”") % {"campaign": asked.campaign}
        who = asked.respondent.name_or_email if asked.respondent.email else _("erased person")
        yield Moment(
            each.answered_at, StoryKind.ANSWERS, text, each.comment, each.language, who, each
        )


def _of_surveys(story: Story) -> Iterator[Moment]:
    for day, campaign, number in story.asked:
        text = ngettext(
            "Survey “%(campaign)s” sent to %(number)s person",
            "Survey “%(campaign)s” sent to %(number)s people",
            number,
        )
        said = {"campaign": campaign, "number": write_number(number)}
        yield Moment(day, StoryKind.SURVEYS, text % said)


def _of_events(story: Story) -> Iterator[Moment]:
    tickets = _tickets(story.events)
    for each in story.events:
        # What became of a ticket is told where it was opened.
        if each.kind not in AFTER_OPENING or EventKind.TICKET_OPENED not in tickets[each.ref]:
            yield _of_event(each, tickets[each.ref] if each.ref else {})
    for pulse, _counts in story.pulses:
        text = _("Pulse: %(value)s of 10") % {"value": pulse.value}
        by = str(pulse.created_by or "")
        yield Moment(pulse.at, StoryKind.CONTACTS, text, pulse.reason, who=by)


def _tickets(events: list[Event]) -> dict[str, dict[str, Event]]:
    """By reference, then by kind."""
    found: dict[str, dict[str, Event]] = defaultdict(dict)
    for each in events:
        if each.ref and each.kind in (EventKind.TICKET_OPENED, *AFTER_OPENING):
            found[each.ref][each.kind] = each
    return found


def _of_event(event: Event, ticket: Mapping[str, Event]) -> Moment:
    is_contact = event.kind == EventKind.CONTACTED
    text = str(event.get_channel_display()) if event.channel else event_label(event.kind)
    if event.ref and not is_contact:
        text = f"{text} ({event.ref})"
    if event.kind == EventKind.TICKET_OPENED:
        text = " · ".join([text, *_what_became_of(event, ticket)])
    if event.value is not None:
        text = f"{text}: {write_number(event.value, digits=0 if event.value % 1 == 0 else 2)}"
    named = [str(event.respondent or event.email), str(event.created_by or "")]
    kind = StoryKind.CONTACTS if is_contact else StoryKind.EVENTS
    return Moment(event.at, kind, text, event.note, who=" · ".join(filter(None, named)))


def _what_became_of(opened: Event, ticket: Mapping[str, Event]) -> Iterator[str]:
    if replied := ticket.get(EventKind.TICKET_REPLIED):
        yield _("replied to after %(time)s") % {"time": _after(opened, replied)}
    if resolved := ticket.get(EventKind.TICKET_RESOLVED):
        yield _("resolved after %(time)s") % {"time": _after(opened, resolved)}
    else:
        yield _("still open")


def _after(first: Event, then: Event) -> str:
    hours = round((then.at - first.at).total_seconds() / 3600)
    if hours < 48:
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    days = round(hours / 24)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def _of_usage(story: Story) -> Iterator[Moment]:
    for key, readings in story.readings.items():
        for shift in shifts(readings, last=max(readings)):
            text = _("%(measure)s: %(before)s → %(after)s in 28 days") % {
                "measure": usage_label(key),
                "before": write_number(shift.before),
                "after": write_number(shift.after),
            }
            yield Moment(shift.day, StoryKind.USAGE, text)


def _of_revenue(story: Story) -> Iterator[Moment]:
    # In force at the end of its month.
    for month, before, after in steps(story.revenue):
        text = _("MRR: %(before)s → %(after)s") % {
            "before": money_text(before),
            "after": money_text(after),
        }
        yield Moment(min(month_of(month).last_day, story.today), StoryKind.REVENUE, text)


def money_text(paid: Billed | None) -> str:
    if paid is None:
        return _("none")
    return "–" if paid.mrr is None else write_money(paid.mrr, currency=paid.currency)


def _of_facts(story: Story) -> Iterator[Moment]:
    of = story.customer
    if of.started_on:
        yield Moment(of.started_on, StoryKind.FACTS, _("Became a customer"))
    if of.churned_on and of.churned_on <= story.today:
        text = _("Left: %(reason)s") % {"reason": of.churn_reason} if of.churn_reason else _("Left")
        yield Moment(of.churned_on, StoryKind.FACTS, text, of.churn_note)
    for day, difference in fact_differences(story):
        yield Moment(day, StoryKind.FACTS, difference_text(difference, story))


def fact_differences(story: Story) -> Iterator[tuple[dt.date, Difference]]:
    """Of attributes and terms, where they became others; oldest first."""
    for states in (story.attributes, story.terms):
        for day, before, after in steps(states):
            yield from ((day, each) for each in differences(before, after))


def difference_text(difference: Difference, story: Story) -> str:
    names = {"renews_on": _("Renewal"), "seats": _("Seats"), **story.labels}
    return _("%(name)s: %(before)s → %(after)s") % {
        "name": names.get(difference.name, difference.name),
        "before": _fact(difference.before, name=difference.name),
        "after": _fact(difference.after, name=difference.name),
    }


def _fact(value: Any, *, name: str) -> str:
    if isinstance(value, dt.date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return "–" if value in (None, "") else value_label(name, str(value))


def _of_health(history: tuple[Said, ...]) -> Iterator[Moment]:
    states = [(each.day, each.band) for each in reversed(history)]
    for day, before, after in steps(states):
        text = _("Health: %(before)s → %(after)s") % {
            "before": band_label(before) or "–",
            "after": band_label(after) or "–",
        }
        yield Moment(day, StoryKind.HEALTH, text)


def _of_others(story: Story) -> Iterator[Moment]:
    """What was done about the customer: later apps know of it."""
    for path in story_tellers():
        for each in cast(Teller, import_string(path))(story.customer):
            yield Moment(each.at, StoryKind.WORK, each.text, each.words, who=each.who, url=each.url)
