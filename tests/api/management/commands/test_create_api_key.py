from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from api.services.keys import key_for
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_the_command_prints_the_key_alone_on_the_last_line(capsys) -> None:
    call_command("create_api_key", "--name=shop", "--role=viewer", "--project=web", "--rate=5")

    printed = capsys.readouterr().out.splitlines()
    key = key_for(printed[-1], now=NOW)
    assert key is not None
    assert (key.name, key.role, key.project.name, key.rate) == ("shop", "viewer", "web", 5)
    with pytest.raises(CommandError):
        call_command("create_api_key", "--name=shop", "--role=cs", "--rate=0")
