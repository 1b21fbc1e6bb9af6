from __future__ import annotations

import pytest

from accounts.queries.customers.owners import accounts_of, has_no_accounts, owns_accounts
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_address_is_the_same_in_capitals_and_no_other_is() -> None:
    mine = [make_customer(owner_email=each) for each in ("Mori@koe.example", "MORI@KOE.EXAMPLE")]
    for other in ("mori@koe.exam", "m_ri@koe.example", "%", ""):
        make_customer(owner_email=other)

    assert set(accounts_of("mori@Koe.example")) == set(mine)
    assert not accounts_of("%").exclude(owner_email="%").exists()


def test_nobodys_address_owns_nothing_rather_than_what_nobody_owns() -> None:
    make_customer(owner_email="")

    assert not owns_accounts("")


def test_only_who_asked_for_their_own_is_told_that_there_are_none() -> None:
    make_customer(owner_email="mori@koe.example")

    assert has_no_accounts("new@koe.example")
    assert not has_no_accounts("mori@koe.example")
    assert not has_no_accounts("")
