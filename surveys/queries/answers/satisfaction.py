"""Answers to the campaigns' question of satisfaction, which is another one in each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.db.models.fields.json import KeyTransform, KeyTransformIn

from surveys.domain.answers.questions import satisfaction_key
from surveys.models import Campaign


def campaigns_by_key() -> dict[str, list[int]]:
    """The campaigns that ask it, by the key of the question that does."""
    found: dict[str, list[int]] = defaultdict(list)
    for pk, questions in Campaign.objects.exclude(questions=[]).values_list("pk", "questions"):
        if key := satisfaction_key(questions):
            found[key].append(pk)
    return found


def gave_satisfaction(values: Sequence[str]) -> Q:
    """Of responses: who chose one of these steps of the scale."""
    # As JSON: a text of before that says 5 is no satisfaction of 5.
    steps, found = [int(each) for each in values], Q(pk__in=[])
    for key, campaigns in campaigns_by_key().items():
        given = Q(KeyTransformIn(KeyTransform(key, "extra"), steps))
        found |= Q(invitation__campaign__in=campaigns) & given
    return found
