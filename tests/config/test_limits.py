"""How log-in is limited, and who may ask for the figures of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from tests.staffing import client_as

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


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
