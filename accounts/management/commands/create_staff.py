from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.domain.access.roles import Role
from accounts.services.access.staff import StaffError, create_staff


class Command(BaseCommand):
    help = "Make a staff user. The password is asked for twice, or taken from KOE_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, email: str, role: str, name: str, **options: Any) -> None:
        password = os.environ.get("KOE_PASSWORD") or _asked_twice()
        try:
            user = create_staff(
                email, role=Role(role), name=name, password=password, by=None, now=timezone.now()
            )
        except StaffError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} is made ({role}).")


def _asked_twice() -> str:
    try:
        password = getpass.getpass("Password: ")
        again = getpass.getpass("Password again: ")
    except EOFError:
        raise CommandError("No password: set KOE_PASSWORD or run this on a terminal.") from None
    if password != again:
        raise CommandError("The two passwords differ.")
    return password
