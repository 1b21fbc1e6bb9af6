"""A worker whose clock is wrong beside one whose clock is right, on one queue.

Some people were asked twice this year, some never, and one campaign asks all who may be asked.
The wrong worker has a mail server of its own: whatever arrives there, it has sent.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import Customer, Person, Respondent
from surveys.domain.frequency import window_after
from surveys.models import Campaign, Invitation, Slot
from tests.faults.rig.books import must_be_zero, read_accepted
from tests.faults.rig.stack import Stack, children_of, states
from tests.faults.scenes.machines import UNDER_WAY

ASKED_BEFORE = (dt.timedelta(days=200), dt.timedelta(days=100))
# Of a campaign that rests: a clock that is 400 days ahead says that it has ended.
ENDS_IN = dt.timedelta(days=90)
# So long the wrong worker is given work after all is done; its schedule has one task a second.
AFTERWARDS = 6.0


def play(
    *,
    folder: Path,
    redis_url: str,
    people: int,
    capped: int,
    ahead_by: float,
    seconds: float,
    mutant: str = "",
) -> dict[str, Any]:
    """`ahead_by`: so many seconds the wrong clock is ahead."""
    make_people(people, capped=capped)
    now = timezone.now()
    Campaign.objects.create(slug="now", name="Now", state="running", starts_at=now)
    Campaign.objects.create(slug="rests", name="Rests", state="paused", ends_at=now + ENDS_IN)
    koe = Stack(folder=folder, redis_url=redis_url, FAULT_PLAN="2", FAULT_MUTANT=mutant)
    wrong = folder / "wrong"
    wrong.mkdir()
    log = folder / "wrong.log"
    try:
        port = koe.start_sink(wrong / "accepted.tsv")
        worker = koe.start_worker(
            log=log,
            env={
                "KOE_VAR_DIR": str(wrong),
                "FAULT_AHEAD_BY": str(ahead_by),
                "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            },
        )
        koe.wait(lambda: bool(children_of(worker)) or worker.poll() is not None, seconds=seconds)
        koe.start_beat()
        # Alone at first: nothing may come of what it is told to do.
        time.sleep(AFTERWARDS)
        koe.start_worker()
        koe.wait(lambda: _is_over(people), seconds=seconds)
        time.sleep(AFTERWARDS)
    finally:
        koe.stop()
    return _figures(folder, log=log)


def _is_over(people: int) -> bool:
    return Invitation.objects.filter(campaign__slug="now").count() >= people and not (
        UNDER_WAY & set(states())
    )


def make_people(number: int, *, capped: int) -> None:
    """The first of them were asked as often as may be."""
    now = timezone.now()
    customer = Customer.objects.create(customer_id="c", name="C")
    past = [
        Campaign.objects.create(slug=f"past{each}", name=f"Past {each}", state="finished")
        for each in range(len(ASKED_BEFORE))
    ]
    for each in range(number + capped):
        person = Person.objects.create(mail_key=f"p{each}@example.com")
        respondent = Respondent.objects.create(
            person=person, customer=customer, email=person.mail_key, language="en"
        )
        for slot, (campaign, ago) in enumerate(zip(past, ASKED_BEFORE, strict=True)):
            if each < capped:
                _ask(respondent, campaign, slot=slot, at=now - ago)


def _ask(respondent: Respondent, campaign: Campaign, *, slot: int, at: dt.datetime) -> None:
    Invitation.objects.create(
        campaign=campaign, respondent=respondent, person=respondent.person, language="en",
        email=respondent.email, message_id=f"<{campaign.slug}-{respondent.pk}@past>",
        state="sent", send_at=at, claimed_at=at, sent_at=at, settled_at=at,
    )  # fmt: skip
    Slot.objects.create(person=respondent.person, number=slot, free_at=window_after(at))


def _figures(folder: Path, *, log: Path) -> dict[str, Any]:
    campaign = Campaign.objects.get(slug="now")
    right = read_accepted(folder / "accepted.tsv")
    wrong = read_accepted(folder / "wrong" / "accepted.tsv")
    past = Invitation.objects.filter(message_id__endswith="@past>")
    asked_before = set(past.values_list("person__mail_key", flat=True))
    planned = campaign.invitations.filter(person__mail_key__in=asked_before)
    zero = must_be_zero([*right, *wrong])
    # No mail server of this test saw those.
    zero["lost: called sent, never accepted"] -= past.count()
    return {
        "mails by the right worker": len(right),
        "states": dict(Counter(campaign.invitations.values_list("state", flat=True))),
        "said": [line for line in log.read_text().splitlines() if "clock" in line],
        "zero": {
            **zero,
            "mails by the wrong worker": len(wrong),
            "asked a third time": sum(each.recipient in asked_before for each in (*right, *wrong)),
            "planned though asked twice": planned.count(),
            "campaigns ended before their time": Campaign.objects.filter(
                slug="rests", state="finished"
            ).count(),
        },
    }
