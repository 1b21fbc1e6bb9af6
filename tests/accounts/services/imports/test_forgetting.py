from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import tasks
from accounts.models import Import, StaffUser
from accounts.services.imports import forgetting
from accounts.services.imports.rows import parts
from tests.accounts.importing import UPLOADED, upload
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> StaffUser:
    return make_staff("cs")


def test_checked_file_is_forgotten_after_a_week(staff: StaffUser) -> None:
    row = upload(staff, UPLOADED, dry_run=True)
    tasks.run_import(row.pk)
    Import.objects.update(created_at=timezone.now() - forgetting.KEPT_FOR - dt.timedelta(hours=1))

    tasks.take_up_imports()

    row.refresh_from_db()
    assert row.path == ""


def test_a_person_is_forgotten_with_the_files_and_with_the_errors_that_name_them(
    staff: StaffUser,
) -> None:
    named = [2, "email", "language", {"value": 'Aya "A" <AYA@x.example>'}]
    other = [3, "email", "language", {"value": "ben@x.example"}]
    row = upload(staff, UPLOADED, dry_run=True)
    running = upload(staff, UPLOADED)
    Import.objects.filter(pk=row.pk).update(state="done", errors=[named, other])

    forgetting.forget_person(["aya@X.example", 'aya "a"', ""])

    row.refresh_from_db()
    assert (row.errors, row.path, default_storage.exists(running.path)) == ([other], "", True)


def test_a_search_for_other_names_spares_nobody(staff: StaffUser) -> None:
    row = Import.objects.create(kind="respondents", state="done")
    parts.keep(row, parts.Kind.BAD, [[2, "aya"], [3, "ben"]])

    for names, among in ((["Aya"], ["aya", "new"]), (["ben"], ["aya"])):
        forgetting.forget_person(names, search=forgetting.search_person(among))

    assert list(parts.items(row, parts.Kind.BAD)) == []
