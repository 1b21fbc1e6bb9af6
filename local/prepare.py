"""Before the processes start: tables, static files and, on the very first start, demo data."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from local.errors import SetupError, exit_code_of

DATABASE_STARTS_WITHIN = 60
# What PostgreSQL says, and what says that nobody listens there yet.
STARTING = ("starting up", "recovery", "Connection refused", "No such file or directory")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise SetupError(str(error)) from None
    from surveys.demo import organisation

    migrate()
    call_command("collectstatic", verbosity=0, interactive=False)
    logins = settings.VAR_DIR / "demo-logins.txt"
    if settings.SERVED_SECURELY:
        close_demo_logins(logins)
    elif wants_demo():
        seed_demo(logins)
    if not settings.EMBEDDED_INBOX:
        # A demo made with the local inbox must not go on through the mail server named since.
        organisation.let_demo_rest(now=timezone.now())


def wait_for_database() -> None:
    """One that is still starting, beside us or on another machine, refuses for a while."""
    end = time.monotonic() + DATABASE_STARTS_WITHIN
    is_said = False
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            if not is_starting(str(error)) or time.monotonic() >= end:
                raise
        else:
            return
        if not is_said:
            print("The database is not up yet: waiting for it ...", flush=True)
            is_said = True
        time.sleep(0.5)


def is_starting(said: str) -> bool:
    return any(each in said for each in STARTING)


def migrate() -> None:
    try:
        wait_for_database()
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        said = str(error).strip().partition("\n")[0]
        if "full" in said:
            raise SetupError("The disk is full. Free some space and start again.") from None
        raise SetupError(f"The {connection.vendor} database cannot be used: {said}") from None


def close_demo_logins(logins: Path) -> None:
    """Everybody knows their password: they end where others than who tries the demo can come."""
    from accounts.services.access import staff

    if os.environ.get("KOE_DEMO") == "1":
        raise SetupError(
            "KOE_DEMO=1 cannot be used where SITE_URL is https: everybody knows the password of the"
            " demo log-ins, an admin's among them. Leave one of the two out."
        )
    logins.unlink(missing_ok=True)
    if closed := staff.close_demo_logins(now=timezone.now()):
        print(
            f"The demo log-ins {', '.join(closed)} are closed: SITE_URL is https, and everybody"
            " knows their password. Make a log-in of your own with:"
            " manage.py create_staff EMAIL --role admin",
            flush=True,
        )


def wants_demo() -> bool:
    """Only the embedded database is filled unasked, and no database that holds anything."""
    from accounts.models import Customer, StaffUser

    choice = os.environ.get("KOE_DEMO", "")
    if choice not in ("", "0", "1"):
        raise SetupError(f"KOE_DEMO={choice!r} cannot be used: write 1 or 0.")
    wanted = choice == "1" if choice else not os.environ.get("DATABASE_URL")
    return wanted and not StaffUser.objects.exists() and not Customer.objects.exists()


def seed_demo(logins: Path) -> None:
    """Make the demo world and keep what it says of its log-ins for the next starts."""
    print("First start: making demo data ...", flush=True)
    said = io.StringIO()
    try:
        call_command("seed_demo", stdout=said)
    except CommandError as error:
        raise SetupError(f"The demo data could not be made: {error}") from None
    logins.touch(mode=0o600)
    logins.write_text(said.getvalue())


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
