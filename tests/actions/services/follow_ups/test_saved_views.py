from __future__ import annotations

from contextlib import suppress
from functools import partial

import pytest

from actions.models import SavedView
from actions.services.follow_ups.saved_views import MOST_VIEWS, TooMany, save_view
from tests.at_once import run_at_once
from tests.staffing import make_staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_windows_at_once_keep_to_the_number_and_to_one_default() -> None:
    staff = make_staff("cs")
    for number in range(MOST_VIEWS - 2):
        save_view(f"{number}", "view=all", is_default=False, by=staff)

    def window(name: str) -> None:
        with suppress(TooMany):
            save_view(name, "view=all", is_default=True, by=staff)

    run_at_once([partial(window, name) for name in "abcde"])

    assert SavedView.objects.count() == MOST_VIEWS
    assert SavedView.objects.filter(is_default=True).count() == 1
