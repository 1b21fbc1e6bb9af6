from __future__ import annotations

import pytest

from actions.domain.deliveries.states import Kind
from api.domain.events import Event as Name
from api.forms.webhooks import WebhookForm
from api.models import Project, Subscription
from tests.api.hooks import URL, make_webhook

pytestmark = pytest.mark.django_db


def test_a_project_leaves_of_the_choice_what_a_project_knows() -> None:
    project = Project.objects.create(name="web")
    given = {
        "name": "CRM", "kind": "slack", "url": URL, "language": "en", "project": project.pk,
        "events": ["campaign.ended", "person.bounced"],
    }  # fmt: skip

    form = WebhookForm(given, subscription=Subscription())
    assert form.is_valid(), form.errors
    assert (form.wanted.events, form.wanted.kind) == ([Name.BOUNCED], Kind.SLACK)

    form = WebhookForm(given | {"events": ["campaign.ended"]}, subscription=Subscription())
    assert "events" in form.errors


def test_the_kind_of_one_that_is_there_stays() -> None:
    form = WebhookForm(subscription=make_webhook(kind=Kind.SLACK))

    assert form.fields.keys() == {
        "name", "url", "events", "project", "with_comments", "language",
    }  # fmt: skip
