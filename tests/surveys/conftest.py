from __future__ import annotations

from collections.abc import Iterator

import pytest

from surveys.sending.transports import current_transport
from tests.servers.sink import Sink


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
