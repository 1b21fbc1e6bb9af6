from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import task_prerun
from django.utils import timezone

from accounts.services.access import audit, log_in_mails, sessions
from accounts.services.imports import forgetting, uploads
from accounts.services.imports.programs import waiting
from accounts.services.imports.remote import fetching
from accounts.services.organisation import follow
from config.celery import enqueue


@task_prerun.connect
def _follow_the_organisation(**_: Any) -> None:
    """A task may be what a change calls for: e-mails get new moments right after the zone moved."""
    follow(at_once=True)


# A large file takes minutes, not the seconds of a batch of mails.
@shared_task(soft_time_limit=1800, time_limit=1860)
def run_import(pk: int) -> None:
    uploads.run(pk, clock=timezone.now)


@shared_task(soft_time_limit=1800, time_limit=1860)
def take_up_imports() -> None:
    """The tick: imports whose task was lost or whose worker died, and files nobody needs."""
    now = timezone.now()
    forgetting.forget_what_is_old(now=now)
    for pk in uploads.due(now=now):
        uploads.run(pk, clock=timezone.now)


# Below the lease of a claim.
@shared_task(soft_time_limit=300, time_limit=330)
def fetch_file(pk: int) -> None:
    if (fetched := fetching.fetch(pk, clock=timezone.now)) and fetched.state == "waiting":
        enqueue("accounts.tasks.run_import", fetched.pk)


@shared_task
def fetch_files() -> None:
    """The tick: a task for each file that is due, so that a slow server holds up no other."""
    for pk in fetching.due_fetches(now=timezone.now()):
        enqueue("accounts.tasks.fetch_file", pk)


@shared_task(soft_time_limit=300, time_limit=330)
def apply_waiting() -> None:
    """The tick: facts whose customer somebody has named by now."""
    waiting.apply_waiting(now=timezone.now())


@shared_task
def send_log_in_mails() -> None:
    log_in_mails.send_waiting(now=timezone.now())


@shared_task
def forget_sessions() -> None:
    sessions.forget_ended(now=timezone.now())


@shared_task(soft_time_limit=300, time_limit=330)
def seal_audit_log() -> None:
    """The tick: ties new lines to those before them, and forgets where old ones came from."""
    audit.seal_events()
    audit.forget_origins(now=timezone.now())
