"""What an admin enters of a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from actions.domain.deliveries.states import FOR_PROGRAMS, Kind
from actions.forms.alerts.channels import ChannelForm
from actions.labels import CHANNEL_KIND_LABELS
from actions.models import Channel
from api.domain.events import Event
from api.labels import EVENT_NAMES
from api.models import Project, Subscription
from api.services.webhooks.editing import Wanted, events_for


class WebhookForm(ChannelForm):
    """A channel's form, and what it is told of."""

    events = forms.MultipleChoiceField(
        label=gettext_lazy("Told of"),
        choices=[(each.value, EVENT_NAMES[each]) for each in Event],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Of a project: answers, opt-outs and bounces alone. As Delighted sent it: new and"
            " changed answers and opt-outs."
        ),
    )
    project = forms.ModelChoiceField(
        Project.objects.all(),
        label=pgettext_lazy("API", "Project"),
        required=False,
        empty_label=gettext_lazy("Everything"),
        help_text=gettext_lazy("Of the people of this project alone."),
    )
    with_comments = forms.BooleanField(
        label=gettext_lazy("With the comments of answers"), required=False
    )

    def __init__(self, data: Any = None, *, subscription: Subscription) -> None:
        channel = subscription.channel if subscription.pk else Channel(kind=Kind.WEBHOOK)
        super().__init__(data, channel=channel)
        self.subscription = subscription
        self.initial |= {
            "events": subscription.events or list(Event),
            "project": subscription.project_id,
            "with_comments": subscription.with_comments,
        }
        if "kind" in self.fields:
            programs_first = sorted(Kind, key=lambda each: each not in FOR_PROGRAMS)
            kinds = [(each.value, CHANNEL_KIND_LABELS[each]) for each in programs_first]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        last = ("language", "new_secret")
        self.order_fields([*(each for each in self.fields if each not in last), *last])

    @property
    def kind(self) -> Kind:
        return Kind(self.cleaned_data.get("kind") or self.channel.kind)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("kind") and not self.channel.pk:
            return data
        if self.kind is Kind.DELIGHTED and data.get("project") is None:
            self.add_error("project", _("Delighted told of one project: choose it."))
        elif data.get("events") and not self._events():
            self.add_error("events", _("None of these is told of here."))
        return data

    def _events(self) -> list[Event]:
        """What is left of the choice where a project or Delighted knows less."""
        allowed = events_for(self.kind, self.cleaned_data.get("project"))
        return [each for each in allowed if each.value in self.cleaned_data["events"]]

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            name=data["name"],
            kind=self.kind,
            language=data["language"],
            events=self._events(),
            url=data["url"],
            secret=data.get("token") or "",
            new_secret=bool(data.get("new_secret")),
            project=data["project"],
            with_comments=data["with_comments"],
        )
