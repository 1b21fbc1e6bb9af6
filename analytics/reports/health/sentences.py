"""What the evidence says, in one sentence that anybody can check."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.domain.health.evidence.proof import CHANCE, Predictor, Proof
from analytics.labels import predictor_label, too_few_lost_text


def verdict_sentence(proof: Proof) -> str:
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
    name = predictor_label(better.name)
    if better.below_score and better.below_score.high < 0:
        text = _("The score ranks customers who leave better than chance, but %(name)s alone does "
                 "better.")  # fmt: skip
    elif better.below_score and better.below_score.low > 0:
        text = _("The score ranks customers who leave better than chance, and better than any "
                 "single measure; the best of them is %(name)s.")  # fmt: skip
    else:
        text = _("The score ranks customers who leave better than chance, but no better than "
                 "%(name)s alone.")  # fmt: skip
    return text % {"name": name}


def best_part(proof: Proof) -> Predictor | None:
    parts = [each for each in proof.predictors[1:] if each.auc is not None]
    return max(parts, key=lambda each: each.auc or 0, default=None)
