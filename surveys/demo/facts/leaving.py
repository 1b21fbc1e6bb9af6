"""Why customers left, as their CS member put it down."""

from __future__ import annotations

from random import Random

from surveys.demo.companies import add_months
from surveys.demo.shape import Company

# The discontent name what they missed, the others what came from outside.
DISCONTENT = {"missing feature": 30, "support": 24, "too little used": 26, "price": 20}
CONTENT = {"budget cut": 30, "price": 22, "merged or closed": 26, "group-wide tool": 22}
NOT_ASKED = 0.12
NOTED = 0.5
NOTES = {
    "missing feature": (
        "承認フローがなく、他社の製品に移行。",
        "No approval flow; moved to a product that has one.",
    ),
    "support": (
        "回答に時間がかかるとの声が続いた。",
        "Kept telling us that answers took too long.",
    ),
    "too little used": (
        "担当者の異動後、ほとんど使われていなかった。",
        "Hardly used after the champion left.",
    ),
    "price": (
        "更新時の値上げに合意できず。",
        "Could not agree on the price of the renewal.",
    ),
    "budget cut": (
        "全社的な経費削減のため。",
        "Costs were cut in the whole company.",
    ),
    "merged or closed": (
        "事業の統合により契約を終了。",
        "The business was merged into another one.",
    ),
    "group-wide tool": (
        "グループ共通のツールに統一。",
        "The group settled on one tool for all.",
    ),
}


def reason_for_leaving(company: Company) -> tuple[str, str]:
    """The reason and the note; both are empty while it is a customer, and where nobody asked."""
    rng = Random(f"{company.domain} leaving")  # noqa: S311 - a world to look at, not a secret
    if company.churned_on is None or rng.random() < NOT_ASKED:
        return "", ""
    before = add_months(company.churned_on.replace(day=1), -2)
    reasons = DISCONTENT if company.mood_on(before) < 0 else CONTENT
    reason = rng.choices(list(reasons), list(reasons.values()))[0]
    japanese, english = NOTES[reason]
    note = japanese if company.language == "ja" else english
    return reason, note if rng.random() < NOTED else ""
