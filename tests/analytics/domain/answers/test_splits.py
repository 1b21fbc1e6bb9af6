from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from analytics.domain.answers.splits import LONGEST_LABEL, Candidate, best_first, is_remarks

# Beside the repository, or beside the folder of its work trees.
DATA = [each / "shared" / "data" for each in Path(__file__).parents]


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


def candidate(name: str, in_use: Sequence[str]) -> Candidate:
    return Candidate(name, set(in_use), in_use)


@pytest.mark.parametrize(
    "in_use",
    [
        # Short remarks under an ordinary name: of few, and of many of whom some have the same.
        ["要フォロー", "値上げ交渉中", "担当変更", "", "解約検討", "好調", ""],
        [*[f"asked for {number}" for number in range(40)], *["call back"] * 10, *["ok"] * 8],
        # Each said twice or three times, as of a list of favourite phrases.
        [f"phrase {number % 40}" for number in range(100)],
        # Names and numbers of contracts.
        [f"K-{number:05}" for number in range(300)],
    ],
)
def test_short_remarks_are_known_by_how_few_have_the_same(in_use: list[str]) -> None:
    assert is_remarks(candidate("status", in_use))


@pytest.mark.parametrize(
    "in_use",
    [
        ["gold"] * 3 + ["tin"] * 2 + ["lead"],
        # Of four customers nobody can tell.
        ["gold", "tin", "lead", "zinc"],
        # Prefectures: most customers are in the large ones.
        [*["東京都"] * 60, *["大阪府"] * 20, *[f"{number}県" for number in range(40)]],
        [""] * 100,
    ],
)
def test_values_that_several_have_are_groups(in_use: list[str]) -> None:
    assert not is_remarks(candidate("status", in_use))


def test_what_hardly_anybody_has_comes_last() -> None:
    sparse = candidate("campaign_code", ["spring"] * 6 + ["autumn"] * 5 + [""] * 89)

    assert best_first([sparse, candidate("plan", ["gold", "tin"] * 50)]) == [
        "plan",
        "campaign_code",
    ]


@pytest.mark.parametrize(
    ("file", "groups", "remarks"),
    [
        (
            "telco/customers.csv",
            {"contract", "internet_service", "payment_method", "senior", "tech_support", "spend"},
            {"name", "customer_id"},
        ),
        ("carpentries/respondents.csv", {"pace", "role", "language"}, {"name", "when_taking"}),
    ],
)
def test_columns_of_real_files(file: str, groups: set[str], remarks: set[str]) -> None:
    path = next((each / file for each in DATA if (each / file).exists()), None)
    if path is None:
        pytest.skip("The data sets are not beside the repository.")
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[:2_000]
    found = {name: is_remarks(candidate(name, [row[name] for row in rows])) for name in rows[0]}

    assert {name for name in groups if not found[name]} == groups
    assert {name for name in remarks if found[name]} == remarks
