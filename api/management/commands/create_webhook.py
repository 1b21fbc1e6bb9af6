from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.domain.deliveries.states import Kind
from actions.labels import fault_text
from api.domain.events import UnknownEvent, events_named
from api.models import Project, Subscription
from api.services.webhooks.editing import NoKey, Wanted, events_for, save_webhook
from common.net.outgoing import Refused, check_url
from common.secrets.typed import typed

DIALECTS = {"standard": Kind.WEBHOOK} | {
    each.value: each for each in Kind if each is not Kind.WEBHOOK
}


class Command(BaseCommand):
    help = "Make a webhook. Where it signs with a secret of its own, that is the last line, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", metavar="URL", help="- reads it from standard input.")
        parser.add_argument("--dialect", choices=DIALECTS, default="standard")
        parser.add_argument("--project", default="", help="Of this project alone.")
        parser.add_argument(
            "--event", action="append", default=[], metavar="NAME", help="Without: all of them."
        )
        parser.add_argument("--name", default="", help="As the pages call it.")
        parser.add_argument("--token", default="", help="Of Chatwork; - reads it, too.")
        parser.add_argument("--no-comments", action="store_true", help="Leave the words out.")

    def handle(self, *args: Any, url: str, dialect: str, **options: Any) -> None:
        kind, project = DIALECTS[dialect], _project(options["project"])
        url, token = typed(url), typed(options["token"])
        if kind is Kind.DELIGHTED and project is None:
            raise CommandError("The Delighted dialect tells of one project: add --project NAME.")
        if kind is Kind.CHATWORK and not token:
            raise CommandError("Chatwork takes messages with its token alone: add --token TOKEN.")
        try:
            check_url(url)
            wanted = Wanted(
                name=options["name"] or f"{dialect}: {project or 'all'}",
                kind=kind,
                language=settings.LANGUAGE_CODE,
                events=events_named(options["event"], of=events_for(kind, project)),
                url=url,
                secret=token,
                project=project,
                with_comments=not options["no_comments"],
            )
            subscription = Subscription()
            secret = save_webhook(subscription, wanted, by=None, now=timezone.now())
        except Refused as refused:
            raise CommandError(fault_text(refused.reason)) from refused
        except UnknownEvent as unknown:
            raise CommandError(f"There is no such event here: {unknown}") from unknown
        except NoKey as missing:
            raise CommandError(
                f"The project {project} has no API key to sign with: create_api_key makes one."
            ) from missing
        self._report(subscription, secret)

    def _report(self, subscription: Subscription, secret: str) -> None:
        told = ", ".join(subscription.events)
        self.stderr.write(f"Webhook {subscription.pk}, told of: {told}", self.style.NOTICE)
        if (key := subscription.key) is not None:
            self.stderr.write(f"It signs with the key {key.shown}, which is kept sealed for that.")
            key.refresh_from_db()
            if key.is_awaited:
                self.stderr.write("Koe has its hash alone: it waits for the key's next request.")
        if secret:
            self.stderr.write("The secret of its signatures, shown this once:")
            self.stdout.write(secret)


def _project(name: str) -> Project | None:
    if not name:
        return None
    found = Project.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no project {name}.")
    return found
