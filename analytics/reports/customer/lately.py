"""What changed at a customer in the last 90 days, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.domain.facts.events import EventKind
from accounts.labels import usage_label
from analytics.domain.customers.story import Difference, shifts
from analytics.queries.customers.story import Story
from analytics.queries.database.clock import day_of
from analytics.reports.customer.story import difference_text, fact_differences, money_text
from analytics.reports.health.customer import OneHealth
from common.templatetags.figures import write_number

BACK = dt.timedelta(days=90)
MONTHS = 3


def sentences(story: Story, health: OneHealth | None) -> list[str]:
    """What weighs most comes first; empty where nothing is known to have changed."""
    left = story.customer.churned_on
    is_gone = left is not None and left <= story.today
    return [
        *_of_health(health),
        *_of_revenue(story),
        *_of_answers(story),
        # Of who left, silence is no news.
        *([] if is_gone else [*_of_usage(story), *_of_events(story)]),
        *_of_facts(story),
    ]


def _of_health(health: OneHealth | None) -> Iterator[str]:
    if health is None or health.health.score is None:
        return
    before = next(each for each in health.against if each.days == BACK.days)
    if before.score is None or round(before.score) == round(health.health.score):
        return
    fell = health.health.score < before.score
    plain, because = (
        (_("Health fell from %(before)s to %(after)s."),
         _("Health fell from %(before)s to %(after)s, most of all by %(why)s."))
        if fell
        else (_("Health rose from %(before)s to %(after)s."),
              _("Health rose from %(before)s to %(after)s, most of all by %(why)s."))
    )  # fmt: skip
    has_reason = before.sentences and not before.formula
    yield (because if has_reason else plain) % {
        "before": write_number(before.score),
        "after": write_number(health.health.score),
        "why": before.sentences[0] if before.sentences else "",
    }
    # What moved by another formula is no reason.
    if before.formula:
        yield before.formula


def _of_revenue(story: Story) -> Iterator[str]:
    known = story.revenue[-MONTHS - 1 :]
    if len(known) <= MONTHS or known[0][1] == known[-1][1]:
        return
    if any(paid and paid.mrr is None for _, paid in (known[0], known[-1])):
        return
    said = {"before": money_text(known[0][1]), "after": money_text(known[-1][1])}
    yield _("MRR went from %(before)s to %(after)s.") % said


def _of_answers(story: Story) -> Iterator[str]:
    since = story.today - BACK
    counted = [each for each in story.responses if not each.suspect]
    late = [each for each in counted if day_of(each.answered_at) > since]
    if not late:
        return
    text = ngettext(
        "%(number)s answer, with a score of %(last)s",
        "%(number)s answers, the last with a score of %(last)s",
        len(late),
    ) % {"number": write_number(len(late)), "last": late[0].score}
    earlier = counted[len(late) :]
    if earlier:
        text = _("%(answers)s (%(score)s before)") % {"answers": text, "score": earlier[0].score}
    yield _("%(sentence)s.") % {"sentence": text}


def _of_usage(story: Story) -> Iterator[str]:
    for key, readings in story.readings.items():
        name, last = usage_label(key), max(readings)
        if last <= story.today - BACK:
            yield _("%(measure)s: nothing has been received for 90 days.") % {"measure": name}
            continue
        found = shifts(readings, last=last, window=BACK)
        if found and found[0].day == last:
            yield _("%(measure)s: %(before)s → %(after)s in 90 days.") % {
                "measure": name,
                "before": write_number(found[0].before),
                "after": write_number(found[0].after),
            }


def _of_events(story: Story) -> Iterator[str]:
    now, before = _counted(story, 1), _counted(story, 2)
    tickets = now.get(EventKind.TICKET_OPENED, 0), before.get(EventKind.TICKET_OPENED, 0)
    if any(tickets):
        text = ngettext(
            "%(number)s ticket opened (%(before)s in the 90 days before).",
            "%(number)s tickets opened (%(before)s in the 90 days before).",
            tickets[0],
        )
        yield text % {"number": write_number(tickets[0]), "before": write_number(tickets[1])}
    if not now.get(EventKind.CONTACTED):
        yield _("Nobody has been in contact with them.")


def _counted(story: Story, part: int) -> Mapping[str, int]:
    """Events by kind of the last 90 days (1), or of those before (2)."""
    last, first = story.today - BACK * (part - 1), story.today - BACK * part
    found: dict[str, int] = {}
    for each in story.events:
        if first < day_of(each.at) <= last:
            found[each.kind] = found.get(each.kind, 0) + 1
    return found


def _of_facts(story: Story) -> Iterator[str]:
    """Each once, from what it was before to what it is."""
    late: dict[str, Difference] = {}
    for day, each in fact_differences(story):
        if day > story.today - BACK:
            before = late[each.name].before if each.name in late else each.before
            late[each.name] = Difference(each.name, before, each.after)
    for each in late.values():
        if each.before != each.after:
            yield difference_text(each, story)
