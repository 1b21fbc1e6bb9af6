from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from accounts.domain.access.roles import Role
from accounts.forms.imports import ImportForm
from accounts.models import Import, StaffUser
from accounts.services.imports.reading import files
from accounts.services.imports.reading.tables import open_table
from common.storage import local_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> StaffUser:
    return StaffUser.objects.create_user("cs@koe.example", "x", role=Role.CS)


@pytest.fixture
def browser(client: Client, staff: StaffUser) -> Client:
    client.force_login(staff)
    return client


def upload(browser: Client, content: bytes, **fields: Any):
    file = SimpleUploadedFile("客先.csv", content, "text/csv")
    return browser.post("/imports/new/", {"kind": "customers", "file": file, **fields})


@pytest.mark.parametrize("htmx", [True, False])
def test_form_without_a_file_comes_back_with_its_error(browser: Client, *, htmx: bool) -> None:
    headers = {"HX-Request": "true"} if htmx else {}

    response = browser.post("/imports/new/", {"kind": "customers"}, headers=headers)

    assert response.status_code == 422
    assert "This field is required." in response.content.decode()
    assert ("<html" in response.content.decode()) is not htmx


def test_file_over_the_limit_is_refused_by_the_form(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.forms import imports as import_forms

    assert files.MAX_UPLOAD_BYTES == 20 * 1024 * 1024
    monkeypatch.setattr(import_forms, "MAX_UPLOAD_BYTES", files.MEGABYTE)

    response = upload(browser, b"customer_id\n" + b"C1\n" * 400_000)

    assert response.status_code == 422
    assert (
        "The file is 2 MB; the limit is 1 MB. Split it into smaller files."
        in response.content.decode()
    )
    assert Import.objects.count() == 0


@pytest.mark.parametrize(("language", "said"), [("en", "The file is empty."), ("ja", "空です")])
def test_an_empty_file_and_an_unknown_kind_are_refused_by_their_fields(
    language: str, said: str
) -> None:
    form = ImportForm({"kind": "pets"}, {"file": SimpleUploadedFile("none.csv", b"")})

    with override(language):
        assert form.errors.keys() == {"kind", "file"}
        assert said in str(form.errors["file"][0])


@pytest.mark.parametrize(
    ("over", "said"), [(0, []), (1, ["The file is 21 MB; the limit is 20 MB."])]
)
def test_a_file_that_is_a_byte_too_long_is_not_said_to_be_as_long_as_the_limit(
    over: int, said: list[str]
) -> None:
    file = SimpleUploadedFile("long.csv", b"x")
    file.size = files.MAX_UPLOAD_BYTES + over
    form = ImportForm({"kind": "customers"}, {"file": file})

    errors = [str(each) for each in form.errors.get("file", [])]
    assert [each[:38] for each in errors] == said


def test_pasted_cells_are_a_file_with_tabs_and_stand_alone(browser: Client) -> None:
    cells = 'customer_id\tname\r\n00101\t"Aozora\nInc."'

    browser.post("/imports/new/", {"kind": "customers", "pasted": cells})

    row = Import.objects.get()
    assert row.file_name == "Pasted cells.tsv"
    with local_copy(row.path) as path, open_table(path) as table:
        assert list(table.header) == ["customer_id", "name"]
        assert [cells for _, cells in table.rows] == [["00101", "Aozora\nInc."]]
    both = upload(browser, b"customer_id", pasted=cells)
    assert "not both" in str(both.context["form"].errors["pasted"])
    nothing = browser.post("/imports/new/", {"kind": "customers", "pasted": " \n"})
    assert "file" in nothing.context["form"].errors
    assert Import.objects.count() == 1
