"""Everything that allows an e-mail to be claimed, as one condition for both databases."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
)

from accounts.models import Person, Suppression
from surveys.domain.reminders import NOT_REMINDED_AFTER, REMINDED_IN
from surveys.domain.states import COUNTED, CampaignState, InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Campaign, DomainHealth, Invitation, Response, Slot
from surveys.sending.compiled import Parameter
from surveys.services import slots

ID = Parameter("id", BigIntegerField())
PERSON_ID = Parameter("person_id", BigIntegerField())
NUMBER = Parameter("number", IntegerField())
NOW = Parameter("now", DateTimeField())


class _IsFamily(Func):
    """Whether an id is one of those under which the person is known."""

    template = "%(expressions)s IN (SELECT value FROM json_each(<<family>>))"
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s = ANY(<<family>>)")


def claimable(kind: Attempt.Kind) -> QuerySet[Invitation]:
    """The row, if its e-mail may go now: the claim's whole condition, for both databases."""
    reminder = kind is Attempt.Kind.REMINDER
    prefix = "reminder_" if reminder else ""
    unsuitable = (
        ~Exists(Suppression.objects.active().filter(person=OuterRef("person_id"))),
        ~Exists(Person.objects.filter(pk=OuterRef("person_id"), erased_at__isnull=False)),
        ~Exists(_open_breakers()),
        *(~Exists(persons) for persons in _merged_since()),
        ~Exists(_others_of_the_person()),
    )
    rows = Invitation.objects.filter(
        Q(**{f"{prefix}send_by__isnull": True}) | Q(**{f"{prefix}send_by__gt": NOW}),
        Exists(_mailing_campaign(ended=reminder)),
        *unsuitable,
        pk=ID,
        person=PERSON_ID,
        **{
            f"{prefix}state__in": sorted(came_from(InvitationState.SENDING)),
            f"{prefix}send_at__lte": NOW,
        },
    )
    return _remindable(rows) if reminder else _with_slot(rows)


def _mailing_campaign(*, ended: bool) -> QuerySet[Campaign]:
    """Running, with nothing to be rescheduled; reminders go on after it has stopped asking."""
    mine = Campaign.objects.filter(
        pk=OuterRef("campaign_id"), state=CampaignState.RUNNING, reschedule_from__isnull=True
    )
    return mine if ended else mine.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=NOW))


def _open_breakers() -> QuerySet[DomainHealth]:
    near, ours = (Parameter(name, CharField()) for name in ("near", "ours"))
    return DomainHealth.objects.filter(Q(domain=near) | Q(domain=ours), open_until__isnull=False)


def _merged_since() -> tuple[QuerySet[Person], QuerySet[Person]]:
    """Somebody joined the family after it was read: who they all are is read again first."""
    joined = Person.objects.filter(_IsFamily("merged_into_id"), ~_IsFamily("pk"))
    left = Person.objects.filter(
        _IsFamily("pk"), ~_IsFamily("merged_into_id"), merged_into__isnull=False
    )
    return joined, left


def _others_of_the_person() -> QuerySet[Invitation]:
    """The same survey to the same human being: under another address, merged since."""
    others = Invitation.objects.filter(
        _IsFamily("person_id"), campaign=OuterRef("campaign_id"), state__in=sorted(COUNTED)
    )
    return others.exclude(pk=OuterRef("pk"))


def _with_slot(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    held = slots.to_be_used(Slot.objects.filter(held_by=OuterRef("pk")), now=NOW)
    return rows.filter(Exists(held), attempts_made=NUMBER - 1)


def _remindable(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    answered = Response.objects.filter(invitation=OuterRef("pk"))
    made = Attempt.objects.filter(
        invitation=OuterRef("pk"), kind=Attempt.Kind.REMINDER, number__gte=NUMBER
    )
    return rows.filter(~Exists(answered), ~Exists(made), state__in=sorted(REMINDED_IN)).exclude(
        delivery_status__in=sorted(NOT_REMINDED_AFTER)
    )
