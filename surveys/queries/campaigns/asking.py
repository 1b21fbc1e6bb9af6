"""Whom of one customer a campaign would ask now, and of the others why not and from when.

Staff choose the customer, so it need not be of the campaign's audience; all else is decided as
planning decides it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db.models import QuerySet

from accounts.models import Customer, Respondent
from surveys.domain.eligibility import decide_all
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.planning import Decided, Facts, asking_rules, with_time
from surveys.queries.campaigns.schedule import Schedule


def may_ask(*, now: dt.datetime) -> QuerySet[Campaign]:
    """Those that send; one whose e-mails are just given new moments may a minute later."""
    running = Campaign.objects.filter(state=CampaignState.RUNNING, starts_at__lte=now)
    return running.filter(reschedule_from__isnull=True).order_by("name", "pk")


def people_of(customer: Customer) -> QuerySet[Respondent]:
    """Who turned out to be somebody else is asked as that one."""
    return customer.respondents.filter(person__merged_into__isnull=True)


def asking(campaign: Campaign, customer: Customer, *, now: dt.datetime) -> list[Decided]:
    theirs = dict(people_of(customer).values_list("pk", "person_id"))
    facts = Facts(campaign, now=now, only=sorted(set(theirs.values())))
    rules, schedule = asking_rules(campaign), Schedule(campaign, now=now)
    found: list[Decided] = []
    for batch, contacts in facts.batches():
        mine = [replace(each, in_audience=True) for each in batch if each.respondent_id in theirs]
        decided = decide_all(mine, rules=rules, now=now)
        found += [with_time(each, decision, contacts, schedule) for each, decision in decided]
    return found
