"""Problems in one line each."""

from __future__ import annotations

from django.utils.translation import gettext as _

from api.domain.problems import Code, FieldError, Problem


def refused(field: str, detail: str, fix: str) -> Problem:
    return Problem(Code.REFUSED, f"{field}: {detail}", [FieldError(field, detail, fix)])


def not_there(field: str, detail: str, fix: str = "") -> Problem:
    fix = fix or _("name one that is there")
    return Problem(Code.NOT_FOUND, detail, [FieldError(field, detail, fix)])
