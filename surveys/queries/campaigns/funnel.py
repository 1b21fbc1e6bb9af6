"""What became of a campaign's invitations, from planned to answered; every number has its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from common.databases.snapshot import one_snapshot
from surveys.domain.states import DeliveryStatus, InvitationState
from surveys.models import Campaign, Intent, Invitation
from surveys.queries.answers.by_campaign import answered_by

ANSWERED = Q(response__isnull=False, response__suspect=False)
SHOWED_A_SCORE = Q(intent__isnull=False, intent__suspect=False, response__isnull=True)

# The end states and those on their way there add up to what was planned.
STEPS: Mapping[str, Q] = {
    "planned": Q(),
    **{state.value: Q(state=state) for state in InvitationState},
    "delivered": Q(delivery_status=DeliveryStatus.DELIVERED),
    "bounced": Q(delivery_status=DeliveryStatus.BOUNCED),
    "complained": Q(delivery_status=DeliveryStatus.COMPLAINED),
    "reminded": Q(reminded_at__isnull=False),
    "intent": SHOWED_A_SCORE,
    "answered": ANSWERED,
}
# The others are told by other tables.
OF_INVITATION = STEPS.keys() - {"planned", "intent", "answered"}
STATES = [state.value for state in InvitationState]


@dataclass(frozen=True, slots=True)
class Funnel:
    counts: Mapping[str, int]
    # Its answers are known, but not who was asked in vain.
    without_mail: bool = False

    @property
    def balances(self) -> bool:
        return self.counts["planned"] == sum(self.counts[state] for state in STATES)

    @property
    def asked(self) -> int:
        """Mails that went out, or may have."""
        return self.counts["sent"] + self.counts["unknown"]

    @property
    def waiting(self) -> int:
        return sum(self.counts[state] for state in ("queued", "sending", "retry"))

    @property
    def settled(self) -> int:
        return self.counts["planned"] - self.waiting

    @property
    def response_rate(self) -> float | None:
        if self.without_mail or not self.asked:
            return None
        return self.counts["answered"] / self.asked


@one_snapshot()
def funnel(campaign: Campaign) -> Funnel:
    """What each invitation says of itself is counted in one pass, without joining their answers."""
    own = {name: Count("pk", filter=held) for name, held in STEPS.items() if name in OF_INVITATION}
    found = Invitation.objects.filter(campaign=campaign).aggregate(planned=Count("pk"), **own)
    shown = Intent.objects.filter(
        invitation__campaign=campaign, suspect=False, invitation__response__isnull=True
    )
    answers = answered_by([campaign.pk])[campaign.pk]
    counts = {**found, "intent": shown.count(), "answered": answers.count}
    return Funnel({name: counts[name] for name in STEPS}, without_mail=campaign.is_without_mail)


def invitations_at(campaign: Campaign, *, step: str) -> QuerySet[Invitation]:
    """The invitations that a number of the funnel counts."""
    return (
        Invitation.objects.filter(STEPS[step], campaign=campaign)
        .select_related("respondent__customer", "response")
        .order_by("id")
    )
