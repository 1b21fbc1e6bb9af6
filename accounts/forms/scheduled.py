"""What somebody enters of a scheduled import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.domain.imports.scheduling import (
    DEFAULT_REGION,
    Every,
    Way,
    fingerprints_in,
    same_server,
)
from accounts.domain.reasons import Reason, ReasonCode
from accounts.forms.access.staff import CrispyForm
from accounts.labels import EVERY_LABELS, WAY_LABELS, reason_text
from accounts.models import Import, ScheduledImport
from common.net.outgoing import LONGEST_URL, Refused, check_url
from common.net.sftp import check_sftp_url
from common.secrets.sealing import unseal

_QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class ScheduledImportForm(CrispyForm):
    name = forms.CharField(
        label=pgettext_lazy("scheduled import", "Name"),
        max_length=100,
        help_text=gettext_lazy("The list of imports shows it in place of a file name."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What the file contains"), choices=Import.Kind.choices
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Fetched by"),
        choices=[(each.value, WAY_LABELS[each]) for each in Way],
        widget=forms.RadioSelect,
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_URL,
        widget=forms.TextInput({**_QUIET, "inputmode": "url"}),
    )
    user = forms.CharField(
        label=gettext_lazy("User, or id of the access key"),
        max_length=200,
        required=False,
        widget=forms.TextInput(_QUIET),
    )
    secret = forms.CharField(
        label=gettext_lazy("Password or secret key"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({**_QUIET, "rows": 2}),
    )
    clear_secret = forms.BooleanField(
        label=gettext_lazy("Forget the password that is stored"), required=False
    )
    region = forms.CharField(
        label=gettext_lazy("Region of the bucket"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Such as ap-northeast-1."),
        widget=forms.TextInput(_QUIET),
    )
    host_keys = forms.CharField(
        label=gettext_lazy("Host key of the server"),
        required=False,
        max_length=20_000,
        help_text=gettext_lazy(
            "As ssh-keyscan prints it, or its fingerprint (SHA256:…). Ask whoever runs the server: "
            "only a server with this key hears the password."
        ),
        widget=forms.Textarea({**_QUIET, "rows": 2}),
    )
    every = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[(each.value, EVERY_LABELS[each]) for each in Every],
        widget=forms.RadioSelect,
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        coerce=int,
    )
    skip_bad_rows = forms.BooleanField(
        label=gettext_lazy("Skip bad rows"),
        required=False,
        help_text=gettext_lazy(
            "The good rows of a file go in, although others are wrong. Else nothing of it does, "
            "until the file is corrected."
        ),
    )

    def __init__(self, data: Any = None, *, row: ScheduledImport, zone: str) -> None:
        names = ("name", "kind", "way", "user", "region", "every", "hour", "skip_bad_rows")
        initial: dict[str, Any] = {name: getattr(row, name) for name in names}
        initial["region"] = row.region or DEFAULT_REGION
        initial["host_keys"] = "\n".join(row.host_keys)
        super().__init__(data, initial=initial)
        self.row = row
        fields: dict[str, Any] = dict(self.fields)
        fields["hour"].help_text = _("Of every day; by the clock of %(zone)s.") % {"zone": zone}
        fields["url"].help_text = _(
            "https://example.com/export.csv, https://BUCKET.s3.REGION.amazonaws.com/export.csv or"
            " sftp://example.com/export.csv. It is stored sealed; the password, too."
        )
        fields["secret"].help_text = _(
            "For SFTP a private key will do. An https address without a user gets it as a bearer"
            " token."
        )
        if row.pk is None or not row.sealed_secret:
            del self.fields["clear_secret"]
        if row.pk is not None:
            del self.fields["kind"]
            fields["url"].required = False
            fields["url"].help_text = _("Now: %(shown)s. Leave empty to keep it.") % {
                "shown": row.shown
            }
        if row.sealed_secret:
            fields["secret"].help_text = _("Leave empty to keep the one that is stored.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        way = data.get("way")
        if way == Way.SFTP:
            self._check_sftp(data)
        if way and self.row.pk is not None and not data.get("url") and way != self.row.way:
            self.add_error("url", _("Write the address that belongs to it."))
        if url := str(data.get("url", "")).strip():
            data["url"] = url
            self._check_address(url, way)
        if way == Way.S3 and not (data.get("user") and (data.get("secret") or self._keeps(data))):
            self.add_error("user", _("S3 needs the id of an access key and its secret."))
        return data

    def _check_sftp(self, data: dict[str, Any]) -> None:
        data["host_keys"] = fingerprints_in(data.get("host_keys", ""))
        if not data["host_keys"]:
            self.add_error("host_keys", _("Write the host key, or its fingerprint."))
        if not data.get("user"):
            self.add_error("user", _("SFTP needs a user."))

    def _check_address(self, url: str, way: str | None) -> None:
        try:
            (check_sftp_url if way == Way.SFTP else check_url)(url)
        except Refused:
            self.add_error("url", reason_text(Reason(ReasonCode.FETCH_ADDRESS)))
            return
        before = unseal(self.row.sealed_url) if self.row.sealed_secret else None
        is_kept = self.row.sealed_secret and self._keeps(self.cleaned_data)
        # Whoever may edit would else send a password that they never knew to a server of theirs.
        if is_kept and (before is None or not same_server(before, url)):
            self.add_error("secret", _("The server is another one: write its password."))

    def _keeps(self, data: dict[str, Any]) -> bool:
        kept = not data.get("secret") and not data.get("clear_secret")
        return bool(self.row.sealed_secret) and kept

    @property
    def new_secret(self) -> str | None:
        """None: it stays."""
        data = self.cleaned_data
        if data["secret"]:
            return str(data["secret"]).strip()
        return "" if data.get("clear_secret") else None

    def filled(self) -> ScheduledImport:
        row, data = self.row, self.cleaned_data
        for name in ("name", "way", "user", "every", "hour", "skip_bad_rows"):
            setattr(row, name, data[name])
        row.kind = data.get("kind") or row.kind
        row.region = data["region"] or DEFAULT_REGION if row.way == Way.S3 else ""
        row.host_keys = data["host_keys"] if row.way == Way.SFTP else []
        return row
