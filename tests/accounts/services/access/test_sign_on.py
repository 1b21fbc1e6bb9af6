"""Who comes at once: tests/accounts/views/test_sign_on.py has all else."""

from __future__ import annotations

from functools import partial

import pytest
from allauth.socialaccount.models import SocialAccount

from accounts.domain.access.sign_on import Refusal
from accounts.models import AuditEvent, StaffUser
from accounts.services.access.sign_on import SignOnRefused, enter, is_linked, unlink
from tests.at_once import run_at_once
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles(settings) -> None:
    settings.SIGN_ON_ROLES = "example.com:cs"


def came(uid: str = "1", email: str = "aya@example.com") -> SocialAccount:
    return enter(provider="oidc-1", uid=uid, email=email, name="Aya", now=NOW)


def at_once(*uids: str) -> list[str]:
    outcomes: list[str] = []

    def come(uid: str) -> None:
        try:
            came(uid=uid)
            outcomes.append("in")
        except SignOnRefused as error:
            outcomes.append(str(error.why))

    run_at_once([partial(come, uid) for uid in uids])
    return outcomes


def test_whose_link_was_removed_is_linked_again() -> None:
    user = came().user
    with pytest.raises(SignOnRefused) as refused:
        came(uid="2")
    assert refused.value.why == Refusal.TAKEN

    assert unlink(user, by=None, now=NOW)
    assert not is_linked(user)
    assert not unlink(user, by=None, now=NOW)

    assert came(uid="2").user == user
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["staff.sign_on_unlink", "staff.sign_on_link"]


def test_a_refusal_leaves_nothing_behind() -> None:
    make_staff("admin", "aya@example.com")

    with pytest.raises(SignOnRefused):
        came()

    assert not SocialAccount.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_of_two_windows_at_once_none_makes_a_second_account(is_known: bool) -> None:
    if is_known:
        make_staff("cs", "aya@example.com")

    outcomes = at_once("1", "1", "1", "1")

    assert set(outcomes) <= {"in", Refusal.STALE}
    assert "in" in outcomes
    assert StaffUser.objects.count() == SocialAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_one_address_one_gets_the_account() -> None:
    make_staff("cs", "aya@example.com")

    outcomes = sorted(at_once("1", "2", "3"))

    assert outcomes == ["in", Refusal.TAKEN, Refusal.TAKEN]
    assert SocialAccount.objects.count() == 1
