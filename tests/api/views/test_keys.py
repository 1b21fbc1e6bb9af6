from __future__ import annotations

import re

import pytest

from accounts.models import AuditEvent
from api.models import ApiKey
from api.services.keys import create_key, key_for
from api.templatetags.api import api_keys_in_use
from tests.staffing import client_as
from tests.world import DAY, NOW, SECOND

pytestmark = pytest.mark.django_db
FORM = {"name": "shop", "role": "cs", "project": "web", "rate": "60", "expires_on": ""}


def test_a_new_key_is_shown_once_and_to_nobody_else() -> None:
    admin = client_as("admin")

    made = admin.post("/settings/api-keys/new/", FORM)
    text = re.search(r"koe_[0-9a-z]{8}_[\w-]{43}", made.content.decode())[0]

    assert "no-store" in made["Cache-Control"]
    key = ApiKey.objects.get()
    assert key_for(text, now=NOW) == key
    assert key.created_by.email == "admin@koe.example"
    assert AuditEvent.objects.get(action="api_key.create").actor == key.created_by
    listed = admin.get("/settings/api-keys/").content.decode()
    assert key.shown in listed
    assert text not in listed


def test_a_key_is_revoked_after_a_question() -> None:
    admin = client_as("admin")
    key, text = create_key("shop", role="cs", project="", rate=60, by=None, now=NOW)

    page = admin.get(f"/settings/api-keys/{key.pk}/revoke/")
    assert key_for(text, now=NOW) == key
    assert "shop" in page.content.decode()
    done = admin.post(f"/settings/api-keys/{key.pk}/revoke/")

    assert done["Location"] == "/settings/api-keys/"
    assert key_for(text, now=NOW) is None
    assert "revoked" in admin.get("/settings/api-keys/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"role": "admin"},
        {"rate": "0"},
        {"expires_on": "2020-01-01"},
        {"expires_on": "9999-12-31"},
    ],
)
def test_a_wrong_form_comes_back(wrong: dict[str, str]) -> None:
    answer = client_as("admin").post("/settings/api-keys/new/", FORM | wrong)

    assert answer.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_day_is_valid_through_its_end(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    day = (NOW + DAY).date().isoformat()

    client_as("admin").post("/settings/api-keys/new/", FORM | {"expires_on": day})

    end = ApiKey.objects.get().expires_at
    create_key("bot", role="cs", project="", rate=60, by=None, now=NOW)
    assert end.isoformat() == "2026-11-26T00:00:00+00:00"
    in_use = []
    for moment in (end - SECOND, end):
        time_machine.move_to(moment, tick=False)
        in_use.append(api_keys_in_use())
    assert in_use == [2, 1]
