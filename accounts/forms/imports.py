from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Import
from accounts.services.imports.reading.files import MAX_UPLOAD_BYTES, MEGABYTE


class ImportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What the file contains"), choices=Import.Kind.choices
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV (UTF-8 or CP932) or XLSX, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose one with rows in it.")},
        required=False,
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste cells from a spreadsheet"),
        help_text=gettext_lazy("With the row that names their columns."),
        widget=forms.Textarea({"rows": 4}),
        strip=False,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        """Pasted cells are a file, too: a tab stands between them."""
        data = super().clean() or self.cleaned_data
        file, pasted = data.get("file"), data.get("pasted", "")
        if file and pasted.strip():
            self.add_error("pasted", _("Choose a file or paste cells, not both."))
        elif pasted.strip():
            name = _("Pasted cells")
            data["file"] = ContentFile(pasted.encode(), name=f"{name}.tsv")
        elif not file and "file" not in self.errors:
            self.add_error("file", self.fields["file"].error_messages["required"])
        return data

    def clean_file(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and file.size is not None and file.size > MAX_UPLOAD_BYTES:
            raise ValidationError(
                _(
                    "The file is %(size)s MB; the limit is %(limit)s MB. Split it into smaller "
                    "files."
                ),
                params={"size": -(-file.size // MEGABYTE), "limit": MAX_UPLOAD_BYTES // MEGABYTE},
            )
        return file
