from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.domain.access.demo import DEMO_PASSWORD, DEMO_STAFF
from accounts.models import Customer
from common.progress import Progress
from config.celery import app
from surveys.demo import world
from surveys.demo.companies import Window
from surveys.demo.facts.writing import note_facts
from surveys.demo.organisation import (
    make_campaigns,
    make_dimensions,
    make_staff,
    note_imports,
)
from surveys.demo.shape import Sizes
from surveys.demo.writing import write_world
from surveys.management.moments import moment_at
from surveys.models import Campaign
from surveys.services import demo

SMALLEST = {"customers": 1, "respondents": 1, "responses": 0, "months": 6}


class Command(BaseCommand):
    help = "Fill an empty database with a believable demo world; the same seed gives the same one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = Sizes()
        for name in SMALLEST:
            parser.add_argument(f"--{name}", type=int, metavar="N", default=getattr(usual, name))
        parser.add_argument("--seed", type=int, metavar="S", default=2026)
        parser.add_argument("--at", metavar="ISO", help="when the world's history ends; now")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, smallest in SMALLEST.items():
            if options[name] < smallest:
                raise CommandError(f"--{name}: write {smallest} or more.")
        now = moment_at(options["at"]).astimezone(dt.UTC).replace(microsecond=0)
        if now > timezone.now():
            raise CommandError("--at: write a moment that is not in the future.")
        self._refuse_where_others_come()
        self._refuse_if_in_use()
        demo.ask_for_demo(by=None, now=timezone.now())
        if not demo.begin(now=timezone.now()):
            raise CommandError("Another process is making the demo, or was killed while it did.")
        sizes = Sizes(**{name: options[name] for name in SMALLEST})
        try:
            self._make_all(sizes, seed=options["seed"], now=now)
        except BaseException:
            demo.has_failed()
            raise
        demo.is_made()
        self._say_logins()

    def _make_all(self, sizes: Sizes, *, seed: int, now: dt.datetime) -> None:
        with transaction.atomic():
            self._make(sizes, seed=seed, now=now)
            demo.part_is_done(1)
        # By their names, since they belong to a later app: the reports have their figures at once.
        app.loader.import_default_modules()
        app.tasks["analytics.tasks.fold"]()
        day, moment = f"{timezone.localdate(now)}", now.isoformat()
        further = (
            ("health", {"on": day}),
            ("follow_ups", {"at": moment}),
            ("playbooks", {"at": moment}),
            ("goals", {"on": day}),
        )
        for number, (name, said) in enumerate(further, start=2):
            call_command(f"seed_demo_{name}", **said)
            demo.part_is_done(number)

    def _refuse_where_others_come(self) -> None:
        if settings.SERVED_SECURELY:
            raise CommandError(
                "SITE_URL is https, and everybody knows the password of the demo log-ins, an"
                " admin's among them. Try the demo without SITE_URL, on this machine."
            )

    def _refuse_if_in_use(self) -> None:
        if Customer.objects.exists() or Campaign.objects.exists():
            raise CommandError(
                "This database holds customers or campaigns already. Demo data goes into an empty "
                "one only: name another one in DATABASE_URL, or another folder in KOE_VAR_DIR."
            )

    def _make(self, sizes: Sizes, *, seed: int, now: dt.datetime) -> None:
        by = make_staff()[0]
        make_dimensions()
        window = Window(now, sizes.months)
        plans = world.campaigns(sizes, now=now, in_local_inbox=settings.EMBEDDED_INBOX)
        campaigns = make_campaigns(plans, by=by, now=now)
        companies = world.companies(sizes, plans=plans, seed=seed, now=now)
        line, done = Progress(sys.stderr, unit="customers"), 0
        for written in write_world(companies, campaigns=campaigns, window=window):
            done += written
            line.show(done, sizes.customers)
        line.clear()
        note_facts(window=window)
        note_imports(by=by, now=now)

    def _say_logins(self) -> None:
        self.stdout.write(f"Demo log-ins (the password of each is {DEMO_PASSWORD})")
        for email, (_, role) in DEMO_STAFF.items():
            self.stdout.write(f"  {role.value:8}{email}")
