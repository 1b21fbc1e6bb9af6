"""Counted answers moved to another segment profile, in the cells and in the months that are over.

What is counted there must follow the invitations in the same transaction: a change of an answer
that is folded later takes the old score away from the profile that the invitation has by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Respondent
from analytics.counting.cells.answers import respondent_number
from analytics.counting.cells.folding import add_to_block, add_to_invitations, counted_moments
from analytics.counting.cells.invitations import language_number
from analytics.counting.cells.responses import Block
from analytics.domain.answers.cells import Cells, cells_of, unpacked
from analytics.domain.answers.rates.asked import asked_of
from analytics.models import CellBlock
from analytics.queries.database.clock import day_of
from analytics.queries.database.columns import number_of_day
from surveys.domain.states import InvitationState
from surveys.models import Invitation, Response, ResponseChange


@dataclass(frozen=True, slots=True)
class Answer:
    """What the cells hold of an invitation: the score as far as it is folded, and where."""

    block: Block
    day: int
    score: int
    customer: int | None
    respondent: int


def move_profiles(moved: Collection[Invitation], *, before: Mapping[int, int]) -> None:
    """Invitations have got another profile than that of `before`, by their id."""
    answers = _folded_answers([each.pk for each in moved])
    rows: dict[Block, list[tuple[Answer, int, int]]] = defaultdict(list)
    for each in moved:
        if answer := answers.get(each.pk):
            rows[answer.block].append((answer, before[each.pk], int(each.profile_id or 0)))
    for block, found in rows.items():
        add_to_block(block, _difference(block, found))
    _move_invitations(moved, before=before, answered=answers.keys())


def _folded_answers(invitations: list[int]) -> dict[int, Answer]:
    """Responses first, then the changes: one that comes in between tells what was there before."""
    responses = Response.objects.filter(invitation__in=invitations).values_list(
        "pk",
        "invitation_id",
        "score",
        "suspect",
        "answered_at",
        "invitation__campaign_id",
        "invitation__language",
        "invitation__respondent__customer_id",
        "invitation__respondent_id",
    )
    found = list(responses)
    folded = _scores_before([row[0] for row in found])
    answers = {}
    for pk, invitation, score, suspect, at, campaign, language, customer, respondent in found:
        score_held = folded.get(pk, None if suspect else score)
        if score_held is not None:
            day = day_of(at)
            block = day.replace(day=1), campaign, language
            answers[invitation] = Answer(block, day.day, score_held, customer, respondent)
    return answers


def _scores_before(responses: list[int]) -> dict[int, int | None]:
    """The score that the cells hold, of responses with changes that are not folded yet."""
    changes = ResponseChange.objects.filter(folded=False, response__in=responses)
    # The earliest change comes last and stays.
    return dict(changes.order_by("-pk").values_list("response_id", "score_before"))


def _difference(block: Block, found: Iterable[tuple[Answer, int, int]]) -> Cells:
    month, campaign, language = block
    stored = CellBlock.objects.filter(month=month, campaign=campaign, language=language).first()
    held = cells_of([]) if stored is None else unpacked(bytes(stored.cells), of=Cells)
    places = set(held.customers.tolist())
    rows = []
    for answer, before, after in found:
        waiting = respondent_number(answer.respondent)
        # Folded before the customer was known, it still counts for the respondent.
        place = waiting if answer.customer is None or waiting in places else answer.customer
        rows += [
            (place, before, -1, answer.day, answer.score),
            (place, after, 1, answer.day, answer.score),
        ]
    return cells_of(rows)


def _move_invitations(
    moved: Collection[Invitation], *, before: Mapping[int, int], answered: Collection[int]
) -> None:
    rows: list[tuple[int, ...]] = []
    until = counted_moments()
    customers = _places([each.respondent_id for each in moved])
    for each in moved:
        if each.sent_at is None or each.state != InvitationState.SENT:
            continue
        day = day_of(each.sent_at)
        if (moment := until.get(day.replace(day=1))) is None or each.sent_at >= moment:
            continue
        done = int(each.pk in answered)
        keys = each.campaign_id, language_number(each.language), customers[each.respondent_id]
        rows += [
            (*keys, before[each.pk], number_of_day(day), -1, -done),
            (*keys, int(each.profile_id or 0), number_of_day(day), 1, done),
        ]
    add_to_invitations(asked_of(rows))


def _places(respondents: Collection[int]) -> dict[int, int]:
    """What they are counted under: the customer, or while that is not known they themselves.

    What was counted under them before their customer was known adds up with it all the same.
    """
    found = Respondent.objects.filter(pk__in=respondents).values_list("pk", "customer_id")
    return {pk: customer or respondent_number(pk) for pk, customer in found}
