from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import ReasonCode, reason
from accounts.forms.by_hand import RowForm

LABELS = {"email": "E-mail", "language": "Language"}


def test_only_what_is_otherwise_than_when_the_page_was_opened_is_given() -> None:
    data = {
        "email": "a@x.example", "initial-email": "a@x.example",
        "language": "ja", "initial-language": "en",
    }  # fmt: skip

    form = RowForm(data, kind=FileKind.RESPONDENTS, labels=LABELS, initial={"email": "b@x.example"})

    assert form.is_valid()
    assert form.changed == {"language": "ja"}


def test_what_the_import_refuses_stands_at_its_field_or_above_all() -> None:
    form = RowForm({"email": "a@x.example"}, kind=FileKind.RESPONDENTS, labels=LABELS)
    assert form.is_valid()

    form.refuse([RowError(1, "email", reason(ReasonCode.EMPTY))])
    form.refuse([RowError(1, "customer_id", reason(ReasonCode.EMPTY))])

    assert form.errors.keys() == {"email", "__all__"}
