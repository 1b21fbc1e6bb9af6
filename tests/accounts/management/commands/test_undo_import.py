from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Customer, Import
from tests.accounts.importing import Files
from tests.accounts.management.test_import_command import run_numbered
from tests.actions.health import scored

pytestmark = pytest.mark.django_db


def test_the_import_names_its_number_and_the_command_takes_it_back(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files.write([["customer_id"], ["C1"], ["C2"]])
    out = run_numbered("customers", path)[1]
    found = re.search(r"\(import (\d+)\)", out)
    assert found

    call_command("undo_import", found[1])

    assert "2 created and 0 updated rows are as they were before" in capsys.readouterr().out
    assert not Customer.objects.exists()
    with pytest.raises(CommandError, match="it was taken back before"):
        call_command("undo_import", found[1])


def test_an_import_that_is_not_there_or_changed_nothing_is_one_sentence(files: Files) -> None:
    path = files.write([["customer_id"], ["C1"]])
    run_numbered("customers", path)
    assert "(import" not in run_numbered("customers", path)[1]

    with pytest.raises(CommandError, match="it changed nothing"):
        call_command("undo_import", str(Import.objects.latest("pk").pk))
    with pytest.raises(CommandError, match="there is no import 99999"):
        call_command("undo_import", "99999")


def test_what_a_night_worked_out_from_a_customer_goes_with_it(files: Files) -> None:
    out = run_numbered("customers", files.write([["customer_id"], ["C1"]]))[1]
    scored(Customer.objects.get(), "best")
    found = re.search(r"\(import (\d+)\)", out)
    assert found

    call_command("undo_import", found[1])

    assert not Customer.objects.exists()
