from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.domain.access.roles import Role
from accounts.models import Customer, Import, SavedColumns, StaffUser
from accounts.services.imports import uploads
from config.celery import app

pytestmark = pytest.mark.django_db
FILE = "顧客ID,会社名,備考欄,等級\nC1,青空,x,A\nC2,海,y,B\n".encode("cp932")


@pytest.fixture
def browser(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    client.force_login(StaffUser.objects.create_user("cs@koe.example", "x", role=Role.CS))
    return client


def upload(browser: Client, content: bytes, kind: str = "customers") -> str:
    file = SimpleUploadedFile("file.csv", content, "text/csv")
    return browser.post("/imports/new/", {"kind": kind, "file": file})["Location"]


def test_columns_are_shown_corrected_and_saved(browser: Client) -> None:
    address = upload(browser, FILE)
    row = Import.objects.get()
    assert (address, row.state) == (f"/imports/{row.pk}/columns/", Import.State.COLUMNS)
    assert uploads.due(now=timezone.now()) == []

    page = browser.get(address).content.decode()
    assert "会社名" in page
    assert "青空" in page
    said = {"column_0": "customer_id", "column_1": "name", "column_2": "-", "column_3": "attribute"}
    done = browser.post(address, {"kind": "customers", **said})

    assert done["Location"] == f"/imports/{row.pk}/"
    uploads.run(row.pk, clock=timezone.now)
    assert uploads.go_ahead(row.pk, now=timezone.now())
    uploads.run(row.pk, clock=timezone.now)
    assert Customer.objects.values_list("name", "attributes").get(customer_id="C1") == (
        "青空", {"等級": "A"},
    )  # fmt: skip
    # The next file with these columns, in another order, is not asked about.
    again = "等級,備考欄,会社名,顧客ID\nB,z,空,C3\n".encode()
    assert upload(browser, again) == f"/imports/{Import.objects.latest('pk').pk}/"


def test_two_columns_cannot_be_one_and_what_must_be_there_is_named(browser: Client) -> None:
    address = upload(browser, FILE)

    answer = browser.post(
        address,
        {
            "kind": "customers",
            "column_0": "name",
            "column_1": "name",
            "column_2": "-",
            "column_3": "-",
        },
    )

    assert answer.status_code == 422
    assert "“顧客ID” is this already." in answer.content.decode()
    assert "Say which column is: customer_id" in answer.content.decode()
    assert not SavedColumns.objects.exists()


def test_right_kind_of_file_is_offered(browser: Client) -> None:
    content = b"email,customer_id,name,role\na@x.example,C1,Taro,Admin\n"
    address = upload(browser, content)

    assert "?kind=respondents" in browser.get(address).content.decode()
    page = browser.get(f"{address}?kind=respondents")
    assert page.context["likely"] is None
    fields = {"column_0": "email", "column_1": "customer_id", "column_2": "name"}
    browser.post(address, {"kind": "respondents", "column_3": "role", **fields})
    assert Import.objects.get().kind == "respondents"


def test_file_with_the_words_of_the_contract_is_not_asked_about(browser: Client) -> None:
    address = upload(browser, b"customer_id,name,region\nC1,Blue,Kanto\n")

    assert address == f"/imports/{Import.objects.get().pk}/"
    assert browser.get(f"{address}columns/")["Location"] == address
