from __future__ import annotations

import pytest
from django.urls import reverse

from tests.actions.playbooks import make_playbook
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def test_steps_are_written_ordered_and_deleted_without_a_script() -> None:
    admin, playbook = client_as("admin"), make_playbook("Call")

    def add(kind: str, **texts: str) -> int:
        url = reverse("actions:playbook-step-create", args=[playbook.pk, kind])
        status: int = admin.post(url, {"title": "Write", "after_days": "2", **texts}).status_code
        return status

    assert add("nothing") == 404
    assert add("mail") == 422
    assert add("mail", subject_en="Hello", text_en="Dear {name}") == 302
    call, mail = playbook.steps.all()
    acts = [reverse("actions:playbook-step-act", args=[mail.pk, act]) for act in ("up", "other")]
    assert [admin.post(url).status_code for url in acts] == [302, 404]
    assert list(playbook.steps.all()) == [mail, call]

    edited = admin.post(
        reverse("actions:playbook-step", args=[call.pk]), {"title": "Phone", "after_days": "0"}
    )
    admin.post(reverse("actions:playbook-step-act", args=[mail.pk, "delete"]))
    assert edited.status_code == 302
    assert [step.title for step in playbook.steps.all()] == ["Phone"]
