"""The last Node client that Delighted published, unchanged, against a server of ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from surveys.models import Invitation
from tests.api.calling import make_key

pytestmark = pytest.mark.django_db(transaction=True)
DRIVER = Path(__file__).with_name("node_client.js")
PACKAGE = "delighted@2.2.0"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node and npm are not installed, so its Delighted client cannot be tried.")
    place = tmp_path_factory.mktemp("node")
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    command = ["npm", "install", *quiet, "--prefix", str(place), PACKAGE]
    got = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if got.returncode:
        pytest.skip(f"npm brings no {PACKAGE}: {got.stderr[-200:]}")
    return place / "node_modules" / "delighted"


def test_the_node_client_is_answered_as_delighted_answered_it(
    live_server: Any, package: Path
) -> None:
    at, now = urlsplit(live_server.url), int(time.time())
    where = (package, at.hostname, at.port, make_key()[1])
    command = ["node", "--no-deprecation", DRIVER, *where]
    run = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])

    aya = told["aya"]
    assert (aya["email"], aya["name"], aya["id"].isdigit()) == ("aya@example.com", "Aya", True)
    assert abs(aya["survey_scheduled_at"] - now) < 30
    assert abs(told["later"] - now - 3600) < 30
    kind, text = told["without_mail"]
    assert (kind, json.loads(text)["status"]) == ("ResourceValidationError", 422)
    assert isinstance(json.loads(text)["errors"]["email"], list)
    numbered = [f"p+{number}@example.com" for number in range(3)]
    assert told["paged"] == ["aya@example.com", "ken@example.com", *numbered]
    assert (told["found"], told["retrieved"]) == (["p+1@example.com"], "aya@example.com")
    assert (told["pending"], told["deleted"]) == ({"ok": True}, {"ok": True})
    assert told["gone"][0] == "GeneralAPIError"
    _check_answers(told)
    _check_others(told)
    asked = Invitation.objects.filter(ask__isnull=False, reason="")
    assert list(asked.values_list("email", flat=True)) == ["aya@example.com"]


def _check_answers(told: dict[str, Any]) -> None:
    made, aya = told["made"], told["aya"]["id"]
    assert (made["person"], made["score"], made["survey_type"], len(made)) == (aya, 9, "nps", 12)
    assert told["expanded"] == "aya@example.com"
    assert told["saved"] == [made["id"], 3]
    assert told["moved"] not in (None, aya)
    assert (told["listed"], told["past_the_end"]) == ([3, 10], [])
    assert (told["metrics"]["nps"], told["metrics"]["response_count"]) == (-100, 1)
    assert (told["in_2020"]["nps"], told["in_2020"]["response_count"]) == (100, 1)
    assert told["score_11"][0] == "ResourceValidationError"
    assert told["no_answer"][0] == "GeneralAPIError"


def _check_others(told: dict[str, Any]) -> None:
    assert (told["unsubscribed"], told["not_asked"]) == ({"ok": True}, None)
    assert (told["unsubscribes"], told["bounces"]) == (["no@example.com"], [])
    assert told["autopilot"] is True
    assert told["member"] == [told["aya"]["id"], [told["aya"]["id"]]]
    assert (told["let_go"], told["left"]) == ("aya@example.com", [])
    assert told["stranger"][0] == "AuthenticationError"
