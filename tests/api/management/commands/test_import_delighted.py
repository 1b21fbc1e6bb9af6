from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from api.models import Member

pytestmark = pytest.mark.django_db


def test_it_says_what_came_in_and_what_is_wrong(tmp_path, capsys) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": "7", "email": "a@x.example"}\n{"id": "8", "email": "x"}\n')

    with pytest.raises(SystemExit):
        call_command("import_delighted", str(path), "--project=web")

    printed = capsys.readouterr()
    assert printed.out == "1 bad, 1 people new\n"
    assert printed.err == "line 2: email: is invalid\n"
    assert Member.objects.get().project.name == "web"


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_delighted", str(tmp_path / "none"))
