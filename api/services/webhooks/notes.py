"""What a subscriber is told of an event, read when it leaves.

Rooms get no addresses, for who reads along there is not ours to know; programs do, for they find
their own records by them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.names import shown_name
from accounts.labels import SUPPRESSION_LABELS
from accounts.models import Customer, Person, Respondent
from accounts.queries.merges import kept_ids, members_of
from actions.domain.deliveries.notes import Note
from actions.domain.deliveries.states import FOR_PROGRAMS, Kind
from actions.domain.follow_ups.states import ClosedAs
from actions.models import Delivery, FollowUp
from actions.services.alerts.answers import facts_of, response_url
from actions.services.alerts.told import data_of, lines_of, title_of
from api.domain.events import Event as Name
from api.labels import EVENT_NAMES
from api.models import Event, Subscription
from api.services.webhooks import delighted
from api.services.webhooks.recording import is_its_own
from surveys.models import Campaign

Written = Note | None


def note(delivery: Delivery, now: dt.datetime) -> Written:
    """None where nobody is subscribed any more, or what it was about was erased."""
    event = Event.objects.filter(pk=delivery.payload["event"]).first()
    found = Subscription.objects.select_related("channel", "project")
    subscription = found.filter(channel=delivery.channel_id).first()
    if event is None or subscription is None:
        return None
    if not is_its_own(event, subscription, member=delivery.payload.get("member")):
        return None
    if subscription.channel.kind == Kind.DELIGHTED:
        return delighted.note(event, subscription, delivery.payload)
    return _WRITERS[Name(event.name)](event, subscription, now)


def _answer(event: Event, subscription: Subscription, now: dt.datetime) -> Written:
    facts = facts_of(event.about["response"], now=now)
    if facts is None:
        return None
    data, respondent = data_of(facts), facts.respondent
    data["response"] |= {"email": respondent.email}
    words = facts.response.comment
    if not subscription.with_comments:
        data["response"]["comment"], words = None, ""
    title = title_of(facts)
    if event.name == Name.ANSWER_CHANGED:
        title = _("%(answer)s (changed)") % {"answer": title}
    url = response_url(facts.response)
    return Note(title, words, lines_of(facts), url, _("Open the response"), data)


def _set_aside(event: Event, subscription: Subscription, now: dt.datetime) -> Written:
    title = _("An answer counts no more: it looks like a scanner’s")
    return Note(title, data={"response": {"id": event.about["response"]}})


def _follow_up(event: Event, subscription: Subscription, now: dt.datetime) -> Written:
    rows = FollowUp.objects.select_related("customer", "respondent", "owner")
    found = rows.filter(pk=event.about["follow_up"]).first()
    # That a scanner's answers opened one and were set aside concerns nobody in a room.
    in_room = Kind(subscription.channel.kind) not in FOR_PROGRAMS
    if found is None or (in_room and found.closed_as == ClosedAs.WITHDRAWN):
        return None
    url = settings.SITE_URL + reverse("actions:follow-up-detail", args=[found.pk])
    who = str(found.customer or "") or (found.respondent and shown_name(found.respondent.name))
    owner = found.owner.name if found.owner else ""
    facts = [(_("Why"), found.get_trigger_display()), (_("Owner"), owner)]
    if event.name == Name.FOLLOW_UP_CLOSED:
        facts.append((_("Root cause"), found.root_cause))
    data = {
        "follow_up": {
            "id": found.pk,
            "reason": found.trigger,
            "owner": owner or None,
            "opened_at": found.opened_at.isoformat(),
            "due_at": found.due_at.isoformat(),
            "closed_at": found.closed_at.isoformat() if found.closed_at else None,
            "closed_as": found.closed_as or None,
            "root_cause": found.root_cause or None,
            "url": url,
        },
        "customer": _customer(found.customer),
    }
    title = f"{EVENT_NAMES[Name(event.name)]}: {who or _('A respondent')}"
    known = tuple((label, str(value)) for label, value in facts if value)
    return Note(title, "", known, url, _("Open the follow-up"), data)


def _band(event: Event, subscription: Subscription, now: dt.datetime) -> Written:
    customer = Customer.objects.filter(pk=event.about["customer"]).first()
    if customer is None:
        return None
    before, after = event.about["before"], event.about["after"]
    url = settings.SITE_URL + reverse("customers:detail", args=[customer.pk])
    title = _("%(customer)s: health %(before)s → %(after)s") % {
        "customer": customer,
        "before": before or "–",
        "after": after or "–",
    }
    health = {"before": before or None, "after": after or None}
    data = {"customer": _customer(customer), "health_band": health}
    return Note(title, "", (), url, _("Open the customer"), data)


def _campaign(event: Event, subscription: Subscription, now: dt.datetime) -> Written:
    campaign = Campaign.objects.filter(pk=event.about["campaign"]).first()
    if campaign is None:
        return None
    url = settings.SITE_URL + reverse("surveys:campaign-detail", args=[campaign.slug])
    reason = campaign.state_reason if event.name == Name.PAUSED else ""
    data = {
        "campaign": {
            "slug": campaign.slug,
            "name": campaign.name,
            "state": campaign.state,
            "reason": reason or None,
            "url": url,
        }
    }
    title = f"{EVENT_NAMES[Name(event.name)]}: {campaign.name}"
    return Note(title, reason, (), url, _("Open the campaign"), data)


def _person(event: Event, subscription: Subscription, now: dt.datetime) -> Written:
    """Nobody is told of who was erased."""
    family = list(members_of(kept_ids([event.about["person"]]).values()))
    if Person.objects.filter(pk__in=family, erased_at__isnull=False).exists():
        return None
    rows = Respondent.objects.filter(person__in=family).select_related("customer").order_by("pk")
    known = list(rows)
    reason = event.about["reason"]
    customers = [each.customer for each in known if each.customer is not None]
    data: dict[str, Any] = {
        "person": {
            "emails": sorted({each.email for each in known}),
            "names": sorted({shown_name(each.name) for each in known if shown_name(each.name)}),
            "reason": reason,
            "until": event.about["until"],
        },
        "customers": [_customer(each) for each in customers],
    }
    names = ", ".join(data["person"]["names"]) or _("A respondent")
    title = f"{EVENT_NAMES[Name(event.name)]}: {names}"
    facts = [(_("Customer"), ", ".join(str(each) for each in customers))]
    facts.append((_("Why"), str(SUPPRESSION_LABELS.get(reason, reason))))
    return Note(title, "", tuple(each for each in facts if each[1]), data=data)


def _customer(customer: Customer | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    return {"customer_id": customer.customer_id, "name": customer.name}


_WRITERS: dict[Name, Callable[[Event, Subscription, dt.datetime], Written]] = {
    Name.ANSWERED: _answer,
    Name.ANSWER_CHANGED: _answer,
    Name.ANSWER_SET_ASIDE: _set_aside,
    Name.FOLLOW_UP_OPENED: _follow_up,
    Name.FOLLOW_UP_CLOSED: _follow_up,
    Name.BAND_CHANGED: _band,
    Name.LAUNCHED: _campaign,
    Name.PAUSED: _campaign,
    Name.RESUMED: _campaign,
    Name.ENDED: _campaign,
    Name.OPTED_OUT: _person,
    Name.BOUNCED: _person,
}
