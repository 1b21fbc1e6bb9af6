from __future__ import annotations

import pytest

from analytics.domain.answers.splits import LONGEST_LABEL, Candidate, best_first, is_remarks


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("remarks", {"a", "b"}),
        ("internal_note", {"a", "b"}),
        ("備考欄", {"あり", "なし"}),
        ("営業メモ", {"あり"}),
        ("status", {"ok", "x" * (LONGEST_LABEL + 1)}),
        ("status", {"ok", "値上げの相談中。"}),
        ("status", {"Renewed late. Angry about the price"}),
        ("status", {"call\nback"}),
    ],
)
def test_free_text_is_known_by_its_name_or_by_its_values(name: str, values: set[str]) -> None:
    assert is_remarks(Candidate(name, values))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("contract", {"enterprise", "starter"}),
        # Words that merely hold one of the names.
        ("notebooks", {"1", "2"}),
        ("commented_on", {"web", "mail"}),
        ("usage", {"below 0.5", "0.5 or more", ""}),
        ("company", {"Acme Inc.", "東日本", "x" * LONGEST_LABEL}),
        ("region", set()),
    ],
)
def test_values_that_are_labels_are_groups(name: str, values: set[str]) -> None:
    assert not is_remarks(Candidate(name, values))


def test_the_order_given_holds_but_one_value_splits_nothing() -> None:
    candidates = [
        Candidate("notes", {"a", "b"}),
        Candidate("country", {"JP"}),
        Candidate("plan", {"gold", ""}),
        Candidate("new", set()),
        Candidate("contract", {"large", "small"}),
    ]

    assert best_first(candidates) == ["plan", "contract", "country", "new"]
    assert best_first(candidates[:1]) == []
