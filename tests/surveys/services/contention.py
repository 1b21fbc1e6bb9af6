"""Many planners at once on a database of its own; run by test_contention as a process.

    python -m tests.surveys.services.contention PERSONS CAMPAIGNS WORKERS [BUG]

Prints what is left as JSON. Workers are threads, each with its own connection, that start together
and go through the campaigns in orders of their own. The clock is moved on twice by half a window,
and what holds a slot is sent each time.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.servers.tables import make_tables

# Of a planted bug between its look and its act: on a busy machine the threads might take turns.
PAUSE = 0.1


def main(persons: int, campaigns: int, workers: int, bug: str) -> None:
    import django

    django.setup()
    make_tables()

    from surveys.models import Slot
    from surveys.queries.proofs import frequency_violations
    from surveys.services import slots
    from tests.world import NOW, WINDOW, make_person, make_respondent

    if bug:
        plant(bug)
    people = [make_person() for _ in range(persons)]
    for person in people:
        # The same address in two companies.
        make_respondent(person)
        make_respondent(person)
    errors: list[str] = []
    for step in range(3):
        now = NOW + step * WINDOW / 2
        launched = launch_all(campaigns, workers=workers, now=now, errors=errors)
        send_all(launched, now=now)
    proof = frequency_violations()
    sends = Counter(send_counts())
    sys.stdout.write(
        json.dumps(
            {
                "sends": proof.sends,
                "violations": proof.violations,
                "most": max(sends.values()),
                "slots": Slot.objects.count(),
                "held": Slot.objects.filter(held_by__isnull=False).count(),
                "errors": errors[:3],
                "capped": slots.next_possible(people[0], now=now) > now,
            }
        )
    )


def launch_all(campaigns: int, *, workers: int, now: dt.datetime, errors: list[str]) -> list[Any]:
    from django.db import connection

    from surveys.services.campaigns.plan import plan_campaign
    from tests.world import make_campaign

    made = [make_campaign() for _ in range(campaigns)]
    start = threading.Barrier(workers)

    def work(number: int) -> None:
        mine = random.Random(number).sample(made, len(made))
        start.wait()
        try:
            for campaign in mine:
                plan_campaign(campaign, now=now)
        except Exception:
            errors.append(traceback.format_exc())
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(made)


def send_all(launched: list[Any], *, now: dt.datetime) -> None:
    from surveys.domain.states import InvitationState
    from surveys.models import Invitation
    from tests.world import claim, finish

    for invitation in Invitation.objects.filter(campaign__in=launched, state="queued"):
        if claim(invitation, now=now) or os.environ.get("CLAIM_WITHOUT_SLOT"):
            Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)
            finish(invitation, InvitationState.SENT, now=now)


def send_counts() -> list[int]:
    from surveys.models import Invitation

    return list(Invitation.objects.filter(state="sent").values_list("person_id", flat=True))


def plant(bug: str) -> None:
    from django.db.models import F, Min

    from surveys.domain.states import COUNTED, HOLDS_SLOT
    from surveys.models import Invitation, Slot
    from surveys.services import slots
    from tests.world import WINDOW

    def count_then_insert(wanted: dict[int, int], *, now: dt.datetime) -> set[int]:
        """Mautic's pattern: look how many there are, and if it is fewer than two, go ahead."""
        ours = list(wanted.values())
        recent = Invitation.objects.filter(person__in=wanted).exclude(pk__in=ours)
        taken = Counter(
            recent.filter(state__in=HOLDS_SLOT).values_list("person_id", flat=True)
        ) + Counter(
            recent.filter(state__in=COUNTED, sent_at__gt=now - WINDOW).values_list(
                "person_id", flat=True
            )
        )
        time.sleep(PAUSE)
        return {pk for person, pk in wanted.items() if taken[person] < 2}

    def test_in_the_subselect_only(wanted: dict[int, int], *, now: dt.datetime) -> set[int]:
        held = set()
        chosen = Slot.objects.filter(person__in=wanted, held_by=None, free_at__lte=now)
        first = dict(chosen.values_list("person_id").annotate(Min("id")))
        time.sleep(PAUSE)
        for person, pk in wanted.items():
            if person in first:
                # The row was free when it was chosen; nobody asks whether it still is.
                Slot.objects.filter(pk=first[person]).update(held_by=pk, prev_free_at=F("free_at"))
                held.add(pk)
        return held

    planted: dict[str, Callable[..., set[int]]] = {
        "count_then_insert": count_then_insert,
        "test_in_the_subselect_only": test_in_the_subselect_only,
    }
    slots.reserve = planted[bug]
    # These bugs keep no slots, so the claim has none to look at.
    os.environ["CLAIM_WITHOUT_SLOT"] = "1"


if __name__ == "__main__":
    people, campaigns, workers = map(int, sys.argv[1:4])
    main(people, campaigns, workers, bug=(sys.argv[4:] or [""])[0])
