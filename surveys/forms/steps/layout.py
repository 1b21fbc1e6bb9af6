from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout


def helper(*layout: Any) -> FormHelper:
    """The fields alone: the template owns the form, its token and its buttons."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*layout)
    return made
