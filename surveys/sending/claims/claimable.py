"""Everything that allows an e-mail to be claimed and to begin, as conditions for both databases."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Person, Suppression
from surveys.domain.campaigns.reminders import NOT_REMINDED_AFTER, REMINDED_IN
from surveys.domain.states import COUNTED, CampaignState, InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Campaign, DomainHealth, Invitation, Response, Slot
from surveys.sending.compiled import Parameter
from surveys.services import slots

ID = Parameter("id", BigIntegerField())
NOW = Parameter("now", DateTimeField())
SENDER = Parameter("sender", CharField())


class IsListed(Func):
    """Whether an id is one of a list: the ids of a group, or those of a person's family."""

    output_field = BooleanField()

    def __init__(self, expression: Any, name: str) -> None:
        super().__init__(expression, name=name)

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        template = "%(expressions)s IN (SELECT value FROM json_each(<<%(name)s>>))"
        return self.as_sql(compiler, connection, template=template)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s = ANY(<<%(name)s>>)")


class _IsAsRead(Func):
    """Whether nobody has tried it, or moved it to another person, since it was read."""

    output_field = BooleanField()
    template = "(%(expressions)s) IN (SELECT id, person_id, number - 1 FROM listed)"


def claimable(kind: Attempt.Kind) -> QuerySet[Invitation]:
    """The rows that a sender may take in hand, of those that are listed."""
    prefix = "reminder_" if kind is Attempt.Kind.REMINDER else ""
    # Spelled so that the index of what is due does not fit: its plan, made when few were due and
    # kept, would walk through everything that is due for each group.
    waiting = Invitation.objects.alias(now_in=Coalesce(f"{prefix}state", Value(""))).filter(
        IsListed("pk", "ids"),
        _IsAsRead("pk", "person", _attempts_made(kind)),
        now_in__in=sorted(came_from(InvitationState.SENDING)),
        **{f"{prefix}send_at__lte": NOW},
    )
    rows = _allowed(waiting, kind)
    if kind is Attempt.Kind.REMINDER:
        return rows
    return rows.filter(
        Exists(slots.to_be_used(Slot.objects.filter(held_by=OuterRef("pk")), now=NOW))
    )


def ready(kind: Attempt.Kind, *, merged: bool) -> QuerySet[Invitation]:
    """The row that its sender has claimed, if its e-mail may go this very moment.

    It is still the sender's: who takes it away takes the sender's own row away first. `merged`:
    its person is known under several ids; who never was has one invitation in a campaign.
    """
    rows = _allowed(Invitation.objects.filter(pk=ID), kind).filter(
        ~Exists(_open_breakers()), *(~Exists(persons) for persons in _merged_since())
    )
    if kind is Attempt.Kind.SURVEY:
        held = Slot.objects.filter(held_by=OuterRef("pk"))
        rows = rows.filter(Exists(slots.still_to_be_used(held, now=NOW)))
    return rows.filter(~Exists(_others_of_the_person())) if merged else rows


def _attempts_made(kind: Attempt.Kind) -> Any:
    if kind is Attempt.Kind.SURVEY:
        return F("attempts_made")
    mine = Attempt.objects.filter(invitation=OuterRef("pk"), kind=kind).order_by()
    counted = mine.values("invitation").annotate(made=Count("pk")).values("made")
    return Coalesce(Subquery(counted), 0)


def _allowed(rows: QuerySet[Invitation], kind: Attempt.Kind) -> QuerySet[Invitation]:
    """By its campaign, its hours and occasion, its person and, for a reminder, its answer."""
    reminder = kind is Attempt.Kind.REMINDER
    until = "reminder_send_by" if reminder else "send_by"
    allowed = rows.filter(
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": NOW}),
        Exists(_mailing_campaign(ended=reminder)),
        ~Exists(Suppression.objects.active().filter(person=OuterRef("person_id"))),
        ~Exists(Person.objects.filter(pk=OuterRef("person_id"), erased_at__isnull=False)),
    )
    in_time = Q(ask_by__isnull=True) | Q(ask_by__gt=NOW)
    return _remindable(allowed) if reminder else allowed.filter(in_time)


def _mailing_campaign(*, ended: bool) -> QuerySet[Campaign]:
    """Running, with nothing to be rescheduled; reminders go on after it has stopped asking."""
    mine = Campaign.objects.filter(
        pk=OuterRef("campaign_id"), state=CampaignState.RUNNING, reschedule_from__isnull=True
    )
    return mine if ended else mine.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=NOW))


def _remindable(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    answered = Response.objects.filter(invitation=OuterRef("pk"))
    return rows.filter(~Exists(answered), state__in=sorted(REMINDED_IN)).exclude(
        delivery_status__in=sorted(NOT_REMINDED_AFTER)
    )


def _open_breakers() -> QuerySet[DomainHealth]:
    near, ours = (Parameter(name, CharField()) for name in ("near", "ours"))
    return DomainHealth.objects.filter(Q(domain=near) | Q(domain=ours), open_until__isnull=False)


def _merged_since() -> tuple[QuerySet[Person], QuerySet[Person]]:
    """Somebody joined the family after it was read: who they all are is read again first."""
    joined = Person.objects.filter(IsListed("merged_into_id", "family"), ~IsListed("pk", "family"))
    # Found by their ids, of which there is one: those who were ever merged may be many.
    now_known_as = Coalesce("merged_into_id", "pk")
    left = Person.objects.filter(IsListed("pk", "family"), ~IsListed(now_known_as, "family"))
    return joined, left


def _others_of_the_person() -> QuerySet[Invitation]:
    """The same survey to the same human being: under another address, merged since."""
    others = Invitation.objects.filter(
        IsListed("person_id", "family"),
        campaign=OuterRef("campaign_id"),
        occasion=OuterRef("occasion"),
        state__in=sorted(COUNTED),
    )
    return others.exclude(pk=OuterRef("pk"))
