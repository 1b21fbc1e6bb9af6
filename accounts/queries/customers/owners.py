"""Whose account a customer is. “My accounts” means these everywhere."""

from __future__ import annotations

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Lower

from accounts.models import Customer


def accounts_of(email: str) -> QuerySet[Customer]:
    """The customers whose owner has this address, in capitals or not; nobody's address has none."""
    if not email:
        return Customer.objects.none()
    # Both are folded by the database, whose index on the folded address this meets.
    mine = Lower(Value(email, output_field=CharField()))
    return Customer.objects.alias(owner=Lower("owner_email")).filter(owner=mine).order_by()


def owns_accounts(email: str) -> bool:
    return accounts_of(email).exists()


def has_no_accounts(reader: str) -> bool:
    """Of a list that `reader` asked for alone: whether it is empty for that. Empty: nobody did."""
    return bool(reader) and not owns_accounts(reader)
