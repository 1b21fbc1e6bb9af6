from __future__ import annotations

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Person, Respondent
from accounts.services.people import erased_key
from tests.accounts.importing import NOW, Files, counts

pytestmark = pytest.mark.django_db


def test_respondent_of_an_unknown_customer_says_what_to_do(files: Files) -> None:
    tally = files.bring_in(
        FileKind.RESPONDENTS, [["email", "customer_id"], ["a@x.example", "T123"]]
    )

    assert tally.bad == 1
    assert files.errors == ["line 2: customer_id: no customer T123; import customers first"]
    assert Person.objects.count() == 0


@pytest.mark.usefixtures("customers")
def test_erased_person_is_not_brought_back(files: Files) -> None:
    Person.objects.create(mail_key=erased_key("a@x.example"), erased_at=NOW)

    tally = files.bring_in(
        FileKind.RESPONDENTS, [["email", "customer_id"], ["A+b@x.example", "C1"]]
    )

    assert counts(tally) == (1, 0, 0, 0, 1)
    assert files.errors == [
        "line 2: email: this person asked to be erased and cannot be imported again; remove the row"
    ]
    assert Respondent.objects.count() == 0


@pytest.mark.usefixtures("customers")
def test_each_line_that_names_an_unknown_customer_is_told_in_a_file_of_revenue_too(
    files: Files,
) -> None:
    rows = [["customer_id", "month", "mrr"], ["X1", "2026-01", 1], ["C1", "2026-01", 1]]
    rows += [["X2", "2026-01", 1], ["X1", "2026-02", 1]]

    tally = files.bring_in(FileKind.REVENUE, rows, skip_bad_rows=True)

    assert counts(tally) == (4, 1, 0, 0, 3)
    assert files.errors == [
        f"line {line}: customer_id: no customer {name}; import customers first"
        for line, name in ((2, "X1"), (4, "X2"), (5, "X1"))
    ]
