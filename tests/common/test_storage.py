"""Uploads stand where every machine finds them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from accounts.models import Customer, Import
from common import storage
from common.models import StoredChunk, StoredFile
from common.storage import DatabaseStorage, local_copy
from local import ROOT
from tests.accounts.importing import UPLOADED, upload
from tests.faults.rig.stack import database_url
from tests.staffing import make_staff

# Takes in what another machine's worker shall do, with its own clock.
WORKER = """
import django; django.setup()
from django.utils import timezone
from accounts.services.imports import uploads
uploads.run({pk}, clock=timezone.now)
"""


@pytest.mark.django_db
def test_a_file_comes_back_as_it_was_and_goes_with_all_its_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "CHUNK", 10)
    content = bytes(range(256))
    assert isinstance(storages["default"], DatabaseStorage)

    name = default_storage.save("imports/a", ContentFile(content))

    assert default_storage.save("imports/a", ContentFile(b"other")) != name
    assert StoredChunk.objects.filter(file__name=name).count() == 26
    with default_storage.open(name) as file:
        assert file.read() == content
    with local_copy(name) as path:
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o077 == 0
    assert not path.exists()
    assert (default_storage.size(name), default_storage.exists(name)) == (256, True)
    default_storage.delete(name)
    assert not default_storage.exists(name)
    assert StoredFile.objects.count() == 1
    with pytest.raises(FileNotFoundError), local_copy(name):
        pass


@pytest.mark.django_db
def test_what_waits_on_the_disk_of_before_is_found_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "uploads")
    old = tmp_path / "uploads" / "imports" / "old"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"rows")
    secret = tmp_path / "secret_key"
    secret.touch()

    with local_copy("imports/old") as path:
        assert path.read_bytes() == b"rows"
    default_storage.delete("imports/old")
    assert not old.exists()
    default_storage.delete("../secret_key")
    assert secret.exists()


@pytest.mark.django_db(transaction=True)
def test_another_machine_brings_in_what_this_one_took(tmp_path: Path) -> None:
    """Nothing but the database is theirs in common: another var folder, another /tmp."""
    row = upload(make_staff("cs"), UPLOADED)
    places = {"KOE_VAR_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    here = {"DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY}
    subprocess.run(
        [sys.executable, "-c", WORKER.format(pk=row.pk)], cwd=ROOT, check=True, timeout=60,
        env={**os.environ, **here, **places, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip

    assert Import.objects.get(pk=row.pk).state == Import.State.DONE
    assert Customer.objects.count() == 2
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
