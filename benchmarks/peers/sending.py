"""The peer of benchmarks/sending.py: django-post_office, and what of Django it needs.

`python -m benchmarks.peers.sending E-MAILS MESSAGE`: queues one e-mail for each recipient with the
texts of a ready message, sends them, and prints when it began. Processes of its own send, two of
them as our worker has, in batches of ten times its default.
"""

from __future__ import annotations

import email
import json
import logging
import sys
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from config.settings import *  # noqa: F403

INSTALLED_APPS = ["post_office"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
POST_OFFICE = {"BATCH_SIZE": 1_000, "LOG_LEVEL": 1}
PROCESSES, QUEUED_AT_ONCE = 2, 1_000


def _send(mails: int, message: EmailMessage) -> float:
    """When it began, on the machine's monotonic clock."""
    from post_office import mail

    text, html = (message.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    texts = {
        "subject": message["Subject"],
        "message": text.get_content(),
        "html_message": html.get_content(),
        "headers": {name: value for name, value in message.items() if name.startswith("List-")},
    }
    start = time.monotonic()
    for first in range(0, mails, QUEUED_AT_ONCE):
        numbers = range(first, min(first + QUEUED_AT_ONCE, mails))
        mail.send_many([{"recipients": f"person{each}@example.com", **texts} for each in numbers])
    mail.send_queued_mail_until_done(processes=PROCESSES)
    return start


def main() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    message = email.message_from_bytes(Path(sys.argv[2]).read_bytes(), policy=default)
    print(json.dumps(_send(int(sys.argv[1]), message)))


if __name__ == "__main__":
    main()
