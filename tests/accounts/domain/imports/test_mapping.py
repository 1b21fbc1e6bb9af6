from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.mapping import Score, attribute_name, likely_kind, matches


def names(header: str, kind: FileKind, **how: object) -> list[str]:
    return [match.name for match in matches(header.split(","), kind, **how)]


@pytest.mark.parametrize(
    ("kind", "header", "read_as"),
    [
        (
            FileKind.CUSTOMERS,
            "顧客ＩＤ,会社名,契約開始日,解約日,地域",
            "customer_id,name,started_on,churned_on,地域",
        ),
        (
            FileKind.RESPONDENTS,
            "E-Mail,取引先コード,ご担当者名,役職",
            "email,customer_id,name,role",
        ),
        (
            FileKind.RESPONDENTS,
            "Email,Account ID,First Name,Last Name",
            "email,customer_id,given_name,family_name",
        ),
        (FileKind.RESPONDENTS, "Email,Account ID,名前,姓", "email,customer_id,name,姓"),
        (
            FileKind.REVENUE,
            "得意先コード,請求月,月額料金（税抜）,通貨",
            "customer_id,month,mrr,currency",
        ),
        (
            FileKind.RESPONSES,
            "メールアドレス,Koeを同僚に薦める可能性はどのくらいありますか？,タイムスタンプ",
            "email,score,answered_at",
        ),
        (FileKind.USAGE, "customer_id,日付,logins,count", "customer_id,day,logins,count"),
    ],
)
def test_header_is_known_by_the_words_of_its_language(
    kind: FileKind, header: str, read_as: str
) -> None:
    assert ",".join(names(header, kind)) == read_as


def test_of_two_columns_the_one_that_names_a_field_best_has_it() -> None:
    assert names("Code,顧客ID,Email", FileKind.CUSTOMERS) == ["code", "customer_id", "email"]


def test_what_somebody_said_of_a_column_holds() -> None:
    chosen = {"地区": "region", "Code": "customer_id", "顧客ID": "attribute", "memo": "-"}

    assert names("Code,顧客ID,地区,memo", FileKind.CUSTOMERS, chosen=chosen) == [
        "customer_id", "顧客id", "region", "-",
    ]  # fmt: skip


def test_flag_of_leaving_is_read_where_the_file_has_no_day_of_it() -> None:
    assert names("顧客ID,解約フラグ", FileKind.CUSTOMERS) == ["customer_id", "churned_on"]
    assert names("顧客ID,解約フラグ,解約日", FileKind.CUSTOMERS) == [
        "customer_id", "解約フラグ", "churned_on",
    ]  # fmt: skip


def test_attribute_that_is_known_stays_one() -> None:
    header = "customer_id,users,name"

    assert names(header, FileKind.CUSTOMERS) == ["customer_id", "seats", "name"]
    assert names(header, FileKind.CUSTOMERS, attributes={"users", "name"}) == [
        "customer_id", "users", "name",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "header", "likely"),
    [
        (FileKind.CUSTOMERS, "email,customer_id,name,role", FileKind.RESPONDENTS),
        (FileKind.CUSTOMERS, "customer_id,month,mrr", FileKind.REVENUE),
        (FileKind.RESPONDENTS, "email,customer_id,score,answered_at", FileKind.RESPONSES),
        (FileKind.RESPONDENTS, "顧客ID,会社名,契約開始日", FileKind.CUSTOMERS),
        (FileKind.CUSTOMERS, "customer_id,name,started_on,email", None),
        (FileKind.CUSTOMERS, "customer_id,name,region", None),
        (FileKind.RESPONDENTS, "email,customer_id,name", None),
    ],
)
def test_file_of_another_kind_is_known_by_its_columns(
    kind: FileKind, header: str, likely: FileKind | None
) -> None:
    assert likely_kind(header.split(","), kind) == likely


@pytest.mark.parametrize(
    ("kind", "header", "read_as"),
    [
        (FileKind.CUSTOMERS, "顧客ID,会社名,担当者メール", "customer_id,name,owner_email"),
        (
            FileKind.CUSTOMERS,
            "顧客ID,会社名,敬称,担当者メール",
            "customer_id,name,敬称,担当者メール",
        ),
        (FileKind.RESPONSES, "ID,Email,Score,Timestamp", "response_id,email,score,answered_at"),
        (FileKind.RESPONSES, "ID,Email,Score,Completion time", "id,email,score,answered_at"),
        (FileKind.RESPONSES, "メール,スコア,日時", "email,score,answered_at"),
        (
            FileKind.RESPONSES,
            "メール,スコア,どのくらい薦めたいですか,日時",
            "email,スコア,score,answered_at",
        ),
    ],
)
def test_word_means_another_thing_beside_others(kind: FileKind, header: str, read_as: str) -> None:
    assert ",".join(names(header, kind)) == read_as


def test_questions_and_years_can_be_attributes() -> None:
    assert attribute_name("2026 ARR") == "n_2026_arr"
    assert attribute_name("How long have you been using our product, in whole months?") == (
        "how_long_have_you_been_using_our_product_in_whole_"[:50].strip("_")
    )


def test_header_is_the_row_that_names_most() -> None:
    score = Score(FileKind.CUSTOMERS)

    assert score(["顧客一覧"]) == 0
    assert score(["顧客ID", "会社名", "地域"]) == 2
    assert score(["C1", "青空", "関東"]) == 0
