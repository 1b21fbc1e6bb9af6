"""How PostgreSQL reads for us."""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created
from django.dispatch import receiver


@receiver(connection_created, dispatch_uid="common.read_to_the_end")
def read_to_the_end(connection: Any, **_: Any) -> None:
    """What is read bit by bit here is read to its end. PostgreSQL takes for granted that it is
    broken off after a tenth, and walks along indexes, row by row, for many times as long."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET cursor_tuple_fraction = 1")
