"""What the evidence says, in one sentence that anybody can check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from analytics.domain.health.evidence.proof import CHANCE, Predictor, Proof
from analytics.labels import band_label, too_few_lost_text
from analytics.queries.health.forecasts import Graded
from common.templatetags.figures import write_number


def verdict_sentence(proof: Proof, *, labels: Mapping[str, str]) -> str:
    score = proof.score
    if proof.withheld:
        return too_few_lost_text(proof)
    if score.limits is None:
        return _("Nobody has a score on these days.")
    if score.limits.high < CHANCE:
        return _("The score ranks customers who leave worse than chance: it points the wrong way.")
    if score.limits.low <= CHANCE:
        return _("The score cannot be told from chance.")
    better = best_part(proof)
    if better is None:
        return _("The score ranks customers who leave better than chance.")
    if better.below_score and better.below_score.high < 0:
        text = _("The score ranks customers who leave better than chance, but “%(name)s” alone "
                 "does better.")  # fmt: skip
    elif better.below_score and better.below_score.low > 0:
        text = _("The score ranks customers who leave better than chance, and better than any "
                 "single measure; the best of them is “%(name)s”.")  # fmt: skip
    else:
        text = _("The score ranks customers who leave better than chance, but no better than "
                 "“%(name)s” alone.")  # fmt: skip
    return text % {"name": labels[better.name]}


def graded_sentences(forecasts: Sequence[Graded]) -> list[str]:
    """“40 in “risk”: 13 left, 12.4 expected”, of each band over all days that are graded."""
    graded = [each for each in forecasts if each.left is not None and each.expected is not None]
    return [
        _graded_sentence([each for each in graded if each.band == band])
        for band in dict.fromkeys(each.band for each in graded)
    ]


def _graded_sentence(rows: Sequence[Graded]) -> str:
    return _("%(number)s in “%(band)s”: %(left)s left, %(expected)s expected.") % {
        "number": write_number(sum(each.customers for each in rows)),
        "band": band_label(rows[0].band),
        "left": write_number(sum(each.left or 0 for each in rows)),
        "expected": write_number(sum(each.expected or 0 for each in rows), digits=1),
    }


def best_part(proof: Proof) -> Predictor | None:
    parts = [each for each in proof.predictors[1:] if each.auc is not None]
    return max(parts, key=lambda each: each.auc or 0, default=None)
