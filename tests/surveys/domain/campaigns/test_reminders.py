from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.campaigns.reminders import reminder_delay
from surveys.domain.states import DeliveryStatus as D
from surveys.domain.states import InvitationState as I
from surveys.models import Campaign, Invitation, Response
from surveys.sending.sweeps import to_remind
from tests.world import DAY, NOW, make_campaign, make_invitation, make_respondent

FLAGS = ("answered", "suppressed", "reminded")


@pytest.mark.parametrize(("days", "waited"), [(0, 3), (2, 3), (3, 3), (5, 5)])
def test_nobody_is_reminded_within_three_days(days: int, waited: int) -> None:
    assert reminder_delay(days) == timedelta(days=waited)


def may_remind(
    state: I, *, delivery: D | None, answered: bool, suppressed: bool, reminded: bool
) -> bool:
    """The rule, written a second time."""
    lost = delivery in (D.BOUNCED, D.COMPLAINED)
    return state is I.SENT and not (lost or answered or suppressed or reminded)


def asked(campaign: Campaign, state: I, delivery: D | None, flags: dict[str, bool]) -> Invitation:
    row = make_invitation(
        make_respondent(),
        campaign,
        state=state,
        delivery_status=delivery or "",
        sent_at=NOW - 4 * DAY,
        reminder_state=I.SENT if flags["reminded"] else "",
    )
    if flags["answered"]:
        Response.objects.create(invitation=row, score=9, answered_at=NOW, changed_at=NOW)
    if flags["suppressed"]:
        suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)
    return row


@pytest.mark.django_db
@pytest.mark.both_databases
def test_reminder_only_after_a_sure_send_and_nothing_since() -> None:
    campaign = make_campaign(reminder_after_days=3)
    wanted = set()
    for state, delivery, given in product(I, [None, *D], product([False, True], repeat=3)):
        flags = dict(zip(FLAGS, given, strict=True))
        row = asked(campaign, state, delivery, flags)
        if may_remind(state, delivery=delivery, **flags):
            wanted.add(row.pk)

    found = set(to_remind(campaign, now=NOW).values_list("pk", flat=True))

    assert found == wanted
    assert len(wanted) == 4
