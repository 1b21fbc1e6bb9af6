"""From the link to the row: through how many of our modules a posted answer goes, and how often it
comes back to one that it had left.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from surveys.models import Response
from tests.surveys.helpers.invited import answer_path, invite

ROOT = Path(__file__).resolve().parents[2]


class Walk:
    """The modules of `surveys` in the order in which they are called."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __enter__(self) -> Walk:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and (ROOT / "surveys") in path.parents:
            self.calls.append(".".join(path.relative_to(ROOT).with_suffix("").parts))

    @property
    def rooms(self) -> list[str]:
        """Without the rules of the domain, which are asked and hold nothing."""
        asked = [each for each in self.calls if ".domain." not in each]
        return [name for name, _ in groupby(asked)]


@pytest.mark.django_db
def test_a_posted_answer_goes_straight_from_its_link_to_the_row() -> None:
    path = answer_path(invite(sent_at=timezone.now()))
    client = Client()
    client.post(path, {"score": "11"})
    with Walk() as walk:
        posted = client.post(path, {"score": "9", "comment": "Good", "gesture": "pointerdown"})

    assert posted.status_code == 303
    assert Response.objects.get().score == 9
    straight = len(set(walk.rooms))
    assert straight <= 4
    assert len(walk.rooms) - straight <= 2
