from __future__ import annotations

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from api.models import ApiKey, Project
from api.services.keys import key_for, note_use, revoke_key
from tests.api import calling
from tests.world import DAY, NOW, SECOND

pytestmark = pytest.mark.django_db
MINUTE = 60 * SECOND
make_key = partial(calling.make_key, now=NOW)


def test_a_key_is_found_again_and_is_not_in_the_database() -> None:
    key, text = make_key()

    assert key_for(text, now=NOW) == key
    [stored] = ApiKey.objects.values()
    assert text not in str(stored)
    assert text.rpartition("_")[2] not in str(stored)


def test_a_key_that_differs_in_its_last_sign_is_none() -> None:
    _, text = make_key()
    other = text[:-1] + ("A" if text[-1] != "A" else "B")

    assert key_for(other, now=NOW) is None
    assert key_for("", now=NOW) is None


def test_a_key_ends_by_its_date_or_by_hand() -> None:
    key, text = make_key(expires_at=NOW + DAY)

    assert key_for(text, now=NOW + DAY - SECOND) == key
    assert key_for(text, now=NOW + DAY) is None
    assert revoke_key(key, by=None, now=NOW)
    assert not revoke_key(key, by=None, now=NOW)
    assert key_for(text, now=NOW) is None


def test_making_and_revoking_stand_in_the_audit_log() -> None:
    key, text = make_key()
    revoke_key(key, by=None, now=NOW)

    made, revoked = AuditEvent.objects.order_by("pk")
    assert (made.action, made.target, made.detail) == (
        "api_key.create",
        key.shown,
        {"name": "shop", "role": "cs", "project": "web"},
    )
    assert (revoked.action, revoked.target) == ("api_key.revoke", key.shown)
    assert text not in f"{made.detail}{made.target}{revoked.detail}"


def test_keys_of_one_project_share_it() -> None:
    first, second = make_key()[0], make_key(project=" web ")[0]

    assert first.project == second.project
    assert make_key(project="")[0].project.name == "default"
    assert Project.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"role": "admin"}, {"rate": 0}, {"name": " "}, {"project": "x" * 101}]
)
def test_a_key_without_sense_is_not_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_key(**wrong)
    assert not ApiKey.objects.exists()


def test_use_is_noted_to_the_minute() -> None:
    key, _ = make_key()
    seen = []
    for later in (0 * MINUTE, MINUTE / 2, MINUTE):
        note_use(key, now=NOW + later)
        key.refresh_from_db()
        seen.append(key.last_used_at - NOW)

    assert seen == [0 * MINUTE, 0 * MINUTE, MINUTE]
