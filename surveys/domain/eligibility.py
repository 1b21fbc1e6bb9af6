"""Who is asked by a campaign, and for everybody else why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.domain.contactability import SuppressionReason
from surveys.domain.campaigns.occasions import Occasion
from surveys.domain.frequency import SLOTS, Kept, keeps_room
from surveys.domain.reasons import BY_SUPPRESSION, InvitationReason

DEFAULT_MINIMUM_GAP = timedelta(days=30)


class Reason(StrEnum):
    """In order of precedence, strongest first: a respondent gets the first one that applies.

    Who the campaign is not meant for comes before who cannot be mailed, that before who must not
    be, and last what time will change, so that a date is promised only where it will hold. What
    may also come between the plan and the mail is spelled as on the row that it then ends.
    """

    ERASED = InvitationReason.ERASED.value
    OUTSIDE_AUDIENCE = "outside_audience"
    CHURNED_CUSTOMER = InvitationReason.CHURNED_CUSTOMER.value
    WRONG_LANGUAGE = "wrong_language"
    ALREADY_INVITED = "already_invited"
    NO_DATE = "no_date"
    """The date that the campaign goes by is not known of them."""
    MISSED = "missed"
    """Their day passed, and the days by which the campaign may be late, too."""
    NO_ADDRESS = InvitationReason.NO_ADDRESS.value
    OPTED_OUT = InvitationReason.OPTED_OUT.value
    COMPLAINED = InvitationReason.COMPLAINED.value
    BOUNCED = InvitationReason.BOUNCED.value
    SUPPRESSED = InvitationReason.SUPPRESSED.value
    NOT_DUE = "not_due"
    CAPPED = InvitationReason.CAPPED.value
    ASKED_RECENTLY = "asked_recently"
    RESERVED = "reserved"
    """The slot is kept for another campaign, whose day of theirs is still to come."""
    TOO_LATE = InvitationReason.TOO_LATE.value
    """At the campaign's pace and hours their turn would come after it stops asking."""
    ASKED = "asked"


_PRECEDENCE = tuple(Reason)


@dataclass(frozen=True, slots=True)
class RespondentFacts:
    respondent_id: int
    person_id: int
    language: str
    in_audience: bool = True
    customer_churned: bool = False
    erased: bool = False
    has_address: bool = True
    already_invited: bool = False
    """The person, through this or another of their customers, is in this campaign already."""
    suppression: SuppressionReason | None = None
    next_slot_at: datetime | None = None
    """From `frequency.next_possible`; `None` for a person never asked."""
    last_asked_at: datetime | None = None
    """Latest send, or planned send, to the person by any campaign."""
    occasion: Occasion | None = None
    asked_at: tuple[datetime, ...] = ()
    """The sends that keep their slots busy."""
    reserved: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class AskingRules:
    languages: frozenset[str]
    minimum_gap: timedelta = DEFAULT_MINIMUM_GAP
    by_occasion: bool = False
    limit: int = SLOTS


@dataclass(frozen=True, slots=True)
class Decision:
    reason: Reason
    next_possible: datetime | None = None
    """When asking becomes possible: `now` if asked, `None` where time alone changes nothing."""


def decide(facts: RespondentFacts, *, rules: AskingRules, now: datetime) -> Decision:
    lasting = _lasting_reason(facts, rules=rules, now=now)
    if lasting is not None:
        return Decision(lasting)
    due_at = facts.occasion.due_at if facts.occasion else now
    slot_at = facts.next_slot_at or now
    gap_over_at = facts.last_asked_at + rules.minimum_gap if facts.last_asked_at else now
    possible = max(slot_at, gap_over_at, due_at, now)
    if due_at > now:
        return Decision(Reason.NOT_DUE, possible)
    if slot_at > now:
        return Decision(Reason.CAPPED, possible)
    if gap_over_at > now:
        return Decision(Reason.ASKED_RECENTLY, possible)
    if facts.reserved and not keeps_room(facts.asked_at, facts.reserved, at=now, limit=rules.limit):
        return Decision(Reason.RESERVED)
    return Decision(Reason.ASKED, now)


def stands_outside(facts: RespondentFacts, *, rules: AskingRules, now: datetime) -> bool:
    """Whether something lasting keeps them from the campaign, whatever it asked and when."""
    once = replace(facts, already_invited=False)
    return _lasting_reason(once, rules=replace(rules, by_occasion=False), now=now) is not None


def decide_all(
    everyone: Iterable[RespondentFacts], *, rules: AskingRules, now: datetime
) -> Iterator[tuple[RespondentFacts, Decision]]:
    """Decisions for one planning run: a person met at several customers is asked at the first."""
    asked: set[int] = set()
    for facts in everyone:
        decision = decide(facts, rules=rules, now=now)
        if decision.reason is Reason.ASKED:
            if facts.person_id in asked:
                decision = Decision(Reason.ALREADY_INVITED)
            asked.add(facts.person_id)
        yield facts, decision


def keeps_from_mail(
    *,
    erased: bool,
    customer_churned: bool,
    has_address: bool,
    suppression: SuppressionReason | None,
) -> InvitationReason | None:
    """Why somebody gets no e-mail of any campaign; asked when planning and before sending."""
    if erased:
        return InvitationReason.ERASED
    if customer_churned:
        return InvitationReason.CHURNED_CUSTOMER
    if not has_address:
        return InvitationReason.NO_ADDRESS
    return BY_SUPPRESSION[suppression] if suppression else None


def _lasting_reason(facts: RespondentFacts, *, rules: AskingRules, now: datetime) -> Reason | None:
    not_meant = _not_meant_for(facts, rules=rules, now=now)
    kept = keeps_from_mail(
        erased=facts.erased,
        customer_churned=facts.customer_churned,
        has_address=facts.has_address,
        suppression=facts.suppression,
    )
    if kept is None or not_meant is None:
        return not_meant if kept is None else Reason(kept)
    return min(not_meant, Reason(kept), key=_PRECEDENCE.index)


def _not_meant_for(facts: RespondentFacts, *, rules: AskingRules, now: datetime) -> Reason | None:
    if not facts.in_audience:
        return Reason.OUTSIDE_AUDIENCE
    if facts.language not in rules.languages:
        return Reason.WRONG_LANGUAGE
    if facts.already_invited:
        return Reason.ALREADY_INVITED
    if not rules.by_occasion:
        return None
    if facts.occasion is None:
        return Reason.NO_DATE
    return Reason.MISSED if facts.occasion.over_at <= now else None
