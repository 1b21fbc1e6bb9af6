from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import StaffMail, StaffUser
from accounts.services.access.log_in_mails import tell_changed
from accounts.services.access.staff import remove_second_step


class Command(BaseCommand):
    help = "For a lost phone: take the second step of a staff user away. An admin sets up another."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = StaffUser.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"No staff user has the address {email}.")
        now = timezone.now()
        if not remove_second_step(user, by=None, now=now):
            raise CommandError(f"{user.email} has no second step.")
        tell_changed(user, StaffMail.Kind.STEPS_REMOVED, now=now)
        self.stdout.write(f"The second step of {user.email} is gone.")
