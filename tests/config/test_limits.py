"""What is refused before it is read, and who may ask for the figures of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from surveys.models import Response
from tests.staffing import client_as
from tests.surveys.invited import answer_path, invite

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=b"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def announce(client: Client, path: str, size: int):
    """A request that says how long it is; nothing of it may be read."""
    return client.generic("POST", path, b"", FORM, CONTENT_LENGTH=str(size))


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/i18n/setlang/"])
def test_a_body_longer_than_any_form_is_refused(path: str) -> None:
    assert announce(Client(), path, 5 * MEGABYTE + 1).status_code == 413
    assert announce(Client(), path, 5 * MEGABYTE).status_code != 413


def test_an_import_may_be_longer() -> None:
    client = client_as("cs")

    assert announce(client, "/imports/new/", 30 * MEGABYTE).status_code == 422
    assert announce(client, "/imports/new/", 64 * MEGABYTE + 1).status_code == 413


def test_a_length_that_is_no_number_reads_nothing() -> None:
    assert Client().generic("POST", "/nowhere/", b"", CONTENT_LENGTH="²").status_code == 404


def test_a_survey_page_takes_no_long_body_and_stays_calm() -> None:
    path = answer_path(invite())
    body = b"--b\r\nContent-Disposition: form-data; name=score\r\n\r\n9\r\n--b\r\n"
    body += b'Content-Disposition: form-data; name=f; filename="f"\r\n\r\n'
    body += b"x" * (5 * MEGABYTE) + b"\r\n--b--\r\n"

    page = Client().generic("POST", path, body, FORM)

    assert page.status_code == 400
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    ("token", "securely", "shown", "status"),
    [
        ("", False, "", 200),
        ("", True, "", 404),
        ("", True, "Bearer ", 404),
        ("secret", False, "", 404),
        ("secret", True, "Bearer secre", 404),
        ("secret", True, "Bearer sécret", 404),
        ("secret", True, "Bearer secret", 200),
    ],
)
def test_metrics_are_for_who_shows_the_token(
    settings, token: str, securely: bool, shown: str, status: int
) -> None:
    settings.METRICS_TOKEN = token
    settings.SERVED_SECURELY = securely

    answer = Client().get("/metrics", headers={"authorization": shown})

    assert answer.status_code == status
    assert (b"koe_invitations" in answer.content) == (status == 200)


ASK = """
import django; django.setup()
from allauth.core.internal.httpkit import get_client_ip
from django.test import RequestFactory
forged = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
print(get_client_ip(RequestFactory().get("/", headers=forged)))
"""


@pytest.mark.parametrize(("behind", "address"), [("False", "127.0.0.1"), ("True", "198.51.100.7")])
def test_log_in_limits_count_the_visitor_and_not_the_proxy(
    tmp_path: Path, behind: str, address: str
) -> None:
    env = {**os.environ, "BEHIND_PROXY": behind, "KOE_VAR_DIR": str(tmp_path)}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"

    said = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == address


@pytest.mark.parametrize("page", ["/customers/", "/respondents/", "/settings/suppression/"])
def test_a_search_of_a_thousand_words_is_no_failure(page: str) -> None:
    words = "+".join(["word"] * 1000)

    assert client_as("admin").get(f"{page}?q={words}").status_code == 200
