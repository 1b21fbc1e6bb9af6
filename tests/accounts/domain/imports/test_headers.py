from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.headers import asks_for, guess, key_of


def field_of(header: str, kind: FileKind) -> str:
    found = guess(header, kind)
    return found[1] if found else ""


def test_width_case_and_signs_make_no_other_header() -> None:
    assert key_of("Ｅ-Ｍａｉｌ  Address") == key_of("email_address")
    assert key_of(" # ") == "#"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("メールアドレス（必須）", "email"),
        ("properties.email", "email"),
        ("properties.name", "name"),
        ("3. Email", "email"),
        ("Contact: Job Title", "role"),
        ("customer.id", "customer_id"),
        # Of another thing, of one of ours, or of nobody knows what.
        ("product.name", ""),
        ("campaign - id", ""),
        ("Account Owner: Email", ""),
        ("assignee.email", ""),
        # In other letters.
        ("氏名（フリガナ）", ""),
        ("氏名（全角カナ）", ""),
        ("会社名（英語表記）", ""),
        ("言語（英語/日本語）", "language"),
        # Halves of a name.
        ("担当者（姓）", "family_name"),
        ("担当者（名）", "given_name"),
        ("氏名[姓]", "family_name"),
        ("よみ（姓）", ""),
        ("担当者名", "name"),
    ],
)
def test_what_a_header_belongs_to_and_stands_beside_counts(header: str, field: str) -> None:
    assert field_of(header, FileKind.RESPONDENTS) == field


@pytest.mark.parametrize(
    ("kind", "better", "worse"),
    [
        (FileKind.REVENUE, "月額（税抜）", "月額（税込）"),
        (FileKind.REVENUE, "Item Total", "Total"),
        (FileKind.CUSTOMERS, "Ended At", "Canceled At"),
        (FileKind.CUSTOMERS, "顧客コード", "ID"),
        (FileKind.CUSTOMERS, "ID", "Account Number"),
        (FileKind.CUSTOMERS, "ID", "Company Domain Name"),
        (FileKind.RESPONSES, "created_at", "completed"),
    ],
)
def test_of_two_that_name_a_field_the_better_is_nearer(
    kind: FileKind, better: str, worse: str
) -> None:
    near, far = guess(better, kind), guess(worse, kind)

    assert near
    assert far
    assert near[1] == far[1]
    assert near[0] < far[0]


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        # The person's, or the program's own: not the customer's.
        (FileKind.RESPONDENTS, "External ID"),
        (FileKind.RESPONDENTS, "workspace_id"),
        (FileKind.RESPONDENTS, "Customer Name"),
        (FileKind.RESPONSES, "External ID"),
        # The mailbox that it came in by.
        (FileKind.EVENTS, "recipient"),
        # How many were seen, not how many are paid for.
        (FileKind.CUSTOMERS, "user_count"),
        # The same in each file; of a form, when it was sent back.
        (FileKind.RESPONSES, "No."),
        (FileKind.RESPONSES, "番号"),
        (FileKind.RESPONSES, "送信日時"),
        (FileKind.REVENUE, "Price"),
    ],
)
def test_word_that_may_mean_another_thing_names_nothing(kind: FileKind, header: str) -> None:
    assert field_of(header, kind) == ""


def test_question_is_known_by_what_it_is_about() -> None:
    assert asks_for("score", "How likely are you to recommend us?", FileKind.RESPONSES)
    assert not asks_for("score", "Score", FileKind.RESPONSES)


def test_header_without_end_is_read_as_far_as_a_sentence_goes() -> None:
    """Each bracket was looked after to the end: minutes for a cell as long as a sheet allows."""
    for sign in ("(", "a: ", " - a"):
        assert guess(sign * 100_000, FileKind.RESPONDENTS) is None
