from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import transaction

from surveys.domain.reasons import InvitationReason, refused_at
from surveys.models import Invitation
from tests import world

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def test_no_path_writes_a_reason_that_has_no_name() -> None:
    invitation = world.make_invitation(world.make_respondent())
    rows = Invitation.objects.filter(pk=invitation.pk)

    with pytest.raises(ValueError, match="no reason"), transaction.atomic():
        rows.update(reason="out_of_mood")
    invitation.reason = "out_of_mood"
    with pytest.raises(ValueError, match="no reason"), transaction.atomic():
        invitation.save()
    with pytest.raises(ValueError, match="no reason"), transaction.atomic():
        Invitation.objects.bulk_create([invitation])
    assert rows.get().reason == ""


def test_each_known_reason_is_stored_as_it_is_spelled() -> None:
    rows = Invitation.objects.filter(pk=world.make_invitation(world.make_respondent()).pk)

    for reason in ["", *InvitationReason, refused_at("rcpt", code=550)]:
        rows.update(reason=reason)
        assert rows.get().reason == reason


def test_sql_by_hand_only_empties_the_reason() -> None:
    written = {
        match
        for app in ("accounts", "surveys", "analytics", "actions")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        for match in re.findall(r"\breason = ('[^']*')", path.read_text())
    }
    assert written <= {"''"}


def test_source_spells_no_reason_by_hand() -> None:
    by_hand = re.compile(r"""\breason(?:=|\s==\s|\s!=\s)["'][^"']+["']""")
    spelled = [
        f"{path.relative_to(ROOT)}: {match}"
        for app in ("surveys", "analytics", "actions")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        for match in by_hand.findall(path.read_text())
    ]
    assert spelled == []
