from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from surveys.models import Invitation
from surveys.sending.batch import send_batch
from surveys.sending.claims import claim
from surveys.sending.transports import current_transport
from tests.servers.sink import Sink
from tests.surveys.helpers.queued import in_queue
from tests.surveys.helpers.visited import NOON
from tests.world import NOW


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def noon() -> Iterator[None]:
    """No limit has begun, and three hours after the e-mail the clock stands still."""
    cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A real SMTP server that everything is sent to."""
    with Sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
        current_transport().close()


@pytest.fixture
def mail_server(settings):
    """Point sending at a server: `mail_server(port)`."""

    def use(port: int) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 2

    yield use
    current_transport().close()


class WorkerKilled(BaseException):
    pass


@pytest.fixture
def stuck(sink, monkeypatch) -> Invitation:
    """Claimed by a worker that was lost with its machine after the mail was accepted."""
    row = in_queue()

    def killed(*_, **__):
        raise WorkerKilled

    with monkeypatch.context() as patch:
        patch.setattr(claim, "settle", killed)
        with pytest.raises(WorkerKilled):
            send_batch([row.pk], clock=lambda: NOW)
    row.refresh_from_db()
    assert (row.state, len(sink.received)) == ("sending", 1)
    return row
