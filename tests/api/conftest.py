from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from actions.services.deliveries import sending
from surveys.sending.transports import current_transport
from tests.api.hooks import Posts


@pytest.fixture(autouse=True)
def _no_limit_has_begun() -> None:
    cache.clear()


@pytest.fixture
def maildir(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Where e-mails go."""
    settings.TRANSPORT = "surveys.sending.transports.maildir.MaildirTransport"
    settings.INBOX_DIR = tmp_path / "mail"
    yield settings.INBOX_DIR
    current_transport().close()


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> Posts:
    """What leaves for webhooks."""
    found = Posts()
    monkeypatch.setattr(sending, "post", found)
    return found
