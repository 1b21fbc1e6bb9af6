"""The guide inside Koe: every page of it is drawn whole, and every link of it leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from accounts.views.guide import DOCS, FOLDERS
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Client:
    return client_as("viewer")


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode().split('<article class="panel guide"')[1].split("</art")[0])


def test_every_page_is_drawn_whole_and_its_links_lead_somewhere(viewer: Client) -> None:
    found: set[str] = set()
    for language, folder in FOLDERS.items():
        for page in sorted(folder.glob("*.md")):
            html = body(viewer, f"/guide/{language}/{page.stem}/")
            text = re.sub(r"<[^>]+>", "", html)
            assert re.findall(r"\*|`|\]\(|^#|^\||style=", text, flags=re.MULTILINE) == [], page
            found |= set(re.findall(r'(?:href|src)="(/[^"]+)"', html))
    assert len(found) > 40
    for each in sorted(found):
        assert viewer.get(each).status_code == 200, each


def test_the_first_page_is_in_the_readers_language(viewer: Client) -> None:
    with translation.override("en"):
        assert 'lang="en"' in viewer.get("/guide/").content.decode()
    viewer.cookies["django_language"] = "ja"
    assert "操作ガイド" in viewer.get("/guide/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["en/none/", "xx/goals/", "en/..%2Fhealth/", "en/pictures/none.png", "xx/pictures/home.png",
     "guide/pictures/home.png", "%2A/pictures/home.png"],
)  # fmt: skip
def test_no_name_leads_out_of_the_guide(viewer: Client, address: str) -> None:
    assert viewer.get(f"/guide/{address}").status_code == 404


def test_help_leads_from_each_part_of_koe_to_its_page(viewer: Client) -> None:
    assert 'href="/guide/"' in viewer.get("/").content.decode()
    assert 'href="/guide/en/goals/"' in viewer.get("/goals/").content.decode()
    assert Path(DOCS / "guide/goals.md").exists()
