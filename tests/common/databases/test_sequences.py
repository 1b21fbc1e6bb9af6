from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import Customer
from common.databases.sequences import last_number, set_last_number
from tests.world import make_customer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_number_that_was_given_is_known_after_its_row_is_gone() -> None:
    last = make_customer()
    number = last.pk
    last.delete()

    assert last_number(Customer, connection) == number
    set_last_number(Customer, connection, number + 50)
    assert last_number(Customer, connection) == number + 50
    assert make_customer().pk == number + 51
    # Rows of sessions bring their own.
    assert last_number(Session, connection) is None
