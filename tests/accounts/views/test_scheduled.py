from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Import, ScheduledImport
from common.secrets.sealing import unseal
from tests.accounts.services.imports.scheduling import schedule
from tests.staffing import logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
LIST = "/imports/scheduled/"
URL = "https://files.example.com/export?token=abcdefgh"
ENTERED = {
    "name": "Nightly",
    "kind": "customers",
    "way": "https",
    "url": URL,
    "every": "day",
    "hour": "4",
}
KEY = "SHA256:UqJk+nmZ496r1F9y9L44luBQbVcGx83uoEjvCbFHulk"
SFTP = ENTERED | {
    "way": "sftp",
    "url": "sftp://files.example.com/a.csv",
    "user": "koe",
    "secret": "Kodama-27",
    "host_keys": KEY,
}


@pytest.fixture
def client() -> Client:
    return logged_in(make_staff("cs"))


def errors_in(page: str) -> list[str]:
    return re.findall(r'id="error_\d_id_(\w+)"', page)


def test_a_place_is_entered_switched_off_and_deleted(client: Client) -> None:
    assert "Nothing is fetched yet" in client.get(LIST).text
    assert client.post(f"{LIST}new/", ENTERED | {"secret": "Kodama-27"})["Location"] == LIST

    row = ScheduledImport.objects.get()
    assert (row.name, row.every, row.hour, row.is_on) == ("Nightly", "day", 4, True)
    assert (unseal(row.sealed_url), unseal(row.sealed_secret)) == (URL, "Kodama-27")
    for page in (client.get(LIST).text, client.get(f"{LIST}{row.pk}/").text):
        assert "files.example.com/…efgh" in page
        assert "abcdefgh" not in page
        assert "Kodama" not in page
    client.post(f"{LIST}{row.pk}/switch/")
    assert not ScheduledImport.objects.get().is_on
    assert "It is switched off." in client.post(f"{LIST}{row.pk}/fetch/", follow=True).text
    client.post(f"{LIST}{row.pk}/switch/", {"on": "1"})
    assert "being fetched" in client.post(f"{LIST}{row.pk}/fetch/", follow=True).text
    assert ScheduledImport.objects.get().by_hand
    delete = f"{LIST}{row.pk}/delete/"
    assert delete not in client.get(f"{LIST}{row.pk}/").text
    admin = logged_in(make_staff("admin"))
    assert delete in admin.get(f"{LIST}{row.pk}/").text
    assert "Delete the scheduled import" in admin.get(delete).text
    assert admin.post(delete)["Location"] == LIST
    assert ScheduledImport.objects.count() == 0


def test_a_stored_password_goes_to_no_other_server(client: Client) -> None:
    row = schedule(make_staff("admin"), URL, secret="Kodama-27")
    page = f"{LIST}{row.pk}/"

    moved = ENTERED | {"url": "https://mine.example.com/export"}
    for other in ("https://mine.example.com/export", "https://files.example.com:8443/export"):
        answer = client.post(page, ENTERED | {"url": other})
        assert errors_in(answer.text) == ["secret"]
    assert unseal(ScheduledImport.objects.get().sealed_url) == URL

    assert client.post(page, ENTERED | {"url": URL + "2"})["Location"] == LIST
    assert client.post(page, ENTERED | {"url": ""})["Location"] == LIST
    assert unseal(ScheduledImport.objects.get().sealed_secret) == "Kodama-27"
    assert client.post(page, moved | {"clear_secret": "on"})["Location"] == LIST
    assert ScheduledImport.objects.get().sealed_secret == ""


@pytest.mark.parametrize(
    ("entered", "wrong"),
    [
        (ENTERED | {"url": "http://files.example.com/"}, ["url"]),
        (ENTERED | {"url": SFTP["url"]}, ["url"]),
        (ENTERED | {"way": "s3"}, ["user"]),
        (SFTP | {"host_keys": "the right one"}, ["host_keys"]),
        (SFTP | {"user": ""}, ["user"]),
        (SFTP | {"url": URL}, ["url"]),
    ],
)
def test_what_nothing_could_be_fetched_with_is_told_at_once(
    client: Client, entered: dict[str, str], wrong: list[str]
) -> None:
    answer = client.post(f"{LIST}new/", entered)

    assert (answer.status_code, errors_in(answer.text)) == (422, wrong)
    assert ScheduledImport.objects.count() == 0


def test_another_way_needs_another_address(client: Client) -> None:
    row = schedule(make_staff("admin"), URL)
    page = f"{LIST}{row.pk}/"

    assert errors_in(client.post(page, SFTP | {"url": ""}).text) == ["url"]
    assert client.post(page, SFTP)["Location"] == LIST
    row.refresh_from_db()
    assert (row.way, row.host_keys, row.region) == ("sftp", [KEY], "")
    assert errors_in(client.post(page, ENTERED | {"url": ""}).text) == ["url"]


def test_the_list_says_what_came_last(client: Client) -> None:
    row = schedule(make_staff("admin"), URL)
    found = Import.objects.create(kind="customers", file_name="Nightly", state="done")
    fetched = {"tried_at": NOW, "fetched_at": NOW, "last_import": found}
    ScheduledImport.objects.filter(pk=row.pk).update(**fetched)
    page = client.get(LIST).text
    assert f"/imports/{found.pk}/" in page
    assert "nothing new" not in page

    ScheduledImport.objects.update(tried_at=NOW.replace(hour=1))
    assert "nothing new" in client.get(LIST).text
    ScheduledImport.objects.update(fault=["fetch_host_key", {"value": "SHA256:x"}])
    assert "the server shows the key SHA256:x" in client.get(LIST).text
