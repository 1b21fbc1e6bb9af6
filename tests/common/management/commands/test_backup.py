from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from common.databases.archive import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    return io.StringIO()


def test_a_key_that_koe_made_itself_is_kept_and_one_of_the_environment_is_not(
    out: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("backup", "--out", tmp_path / "without", stdout=out)
    assert "SECRET_KEY is not in it" in out.getvalue()
    with opened(tmp_path / "without") as (_, key, _dump):
        assert key is None

    monkeypatch.delenv("SECRET_KEY")
    call_command("backup", "--out", tmp_path / "with", stdout=out)
    assert "The key is in it" in out.getvalue()
    with opened(tmp_path / "with") as (_, key, _dump):
        assert key == settings.SECRET_KEY


def test_nightly_ones_stand_in_a_folder_and_only_the_newest_stay(
    out: io.StringIO, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "koe-20200101T000000Z.backup").touch()

    call_command("backup", "--keep", "1", stdout=out)

    [only] = folder.iterdir()
    assert only.stat().st_size > 0
    with pytest.raises(CommandError, match="--keep must be 1 or more"):
        call_command("backup", "--keep", "0", stdout=out)
