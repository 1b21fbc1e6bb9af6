from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from surveys.domain.reasons import reason_of

if TYPE_CHECKING:
    _TextField = models.CharField[str, str]
else:
    _TextField = models.CharField


class ReasonField(_TextField):
    """A text that `domain/reasons.py` knows, or empty. Also an update is refused any other."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str) and value and reason_of(value) is None:
            raise ValueError(f"{value!r} is no reason that an invitation may have")
        return super().get_prep_value(value)

    def deconstruct(self) -> Any:
        # To the database it is plain text: no migration where the rule alone changes.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
