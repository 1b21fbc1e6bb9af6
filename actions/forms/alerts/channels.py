"""What an admin enters of a channel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from actions.domain.deliveries.states import Kind
from actions.labels import CHANNEL_KIND_LABELS, fault_text
from actions.models import Channel
from common.net.outgoing import LONGEST_URL, Refused, check_url

# A key signs what Delighted sent: that is chosen with the events, on the pages of webhooks.
KINDS = [each for each in Kind if each is not Kind.DELIGHTED]


class ChannelForm(CrispyForm):
    name = forms.CharField(label=pgettext_lazy("channel", "Name"), max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(each.value, CHANNEL_KIND_LABELS[each]) for each in KINDS],
        widget=forms.RadioSelect,
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_URL,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )
    token = forms.CharField(
        label=gettext_lazy("API token of Chatwork"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("For Chatwork alone. It is stored sealed and never shown again."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the messages"), choices=settings.LANGUAGES
    )
    new_secret = forms.BooleanField(
        label=gettext_lazy("Make a new secret"),
        required=False,
        help_text=gettext_lazy("Posts signed with the old one are not accepted any more then."),
    )

    def __init__(self, data: Any = None, *, channel: Channel) -> None:
        initial = {"name": channel.name, "kind": channel.kind or Kind.SLACK}
        initial["language"] = channel.language or settings.LANGUAGE_CODE
        super().__init__(data, initial=initial)
        self.channel = channel
        fields: dict[str, Any] = dict(self.fields)
        if channel.pk is None:
            del self.fields["new_secret"]
            fields["url"].help_text = _(
                "In Slack and Mattermost that of an incoming webhook, in Teams that of the workflow"
                " “Post to a channel when a webhook request is received”, for Chatwork"
                " https://api.chatwork.com/v2/rooms/ROOM/messages. Whoever knows it can"
                " write there: it is stored sealed and never shown whole again."
            )
        else:
            del self.fields["kind"]
            fields["url"].required = False
            fields["url"].help_text = _("Now: %(shown)s. Leave empty to keep it.") % {
                "shown": channel.shown
            }
            if channel.kind != Kind.WEBHOOK:
                del self.fields["new_secret"]
            if channel.kind != Kind.CHATWORK:
                del self.fields["token"]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        if url:
            try:
                check_url(url)
            except Refused as refused:
                raise forms.ValidationError(fault_text(refused.reason)) from None
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind") or self.channel.kind
        if kind == Kind.CHATWORK and not (data.get("token") or self.channel.sealed_secret):
            self.add_error("token", _("Chatwork takes messages with its token alone."))
        return data

    def filled(self) -> Channel:
        channel, data = self.channel, self.cleaned_data
        channel.name, channel.language = data["name"], data["language"]
        channel.kind = data.get("kind") or channel.kind
        return channel

    @property
    def wants_secret(self) -> bool:
        """A program's channel gets one at once."""
        is_new = self.channel.pk is None and self.channel.kind == Kind.WEBHOOK
        return is_new or bool(self.cleaned_data.get("new_secret"))
