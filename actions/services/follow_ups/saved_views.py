"""Views of the list that a member of staff keeps for themselves."""

from __future__ import annotations

from django.db import models, transaction

from accounts.models import StaffUser
from actions.models import SavedView

MOST_VIEWS = 20


class TooMany(Exception):
    """There is no room for a further one."""


@transaction.atomic
def save_view(name: str, query: str, *, is_default: bool, by: StaffUser) -> SavedView:
    """Under the name of one that there is, it takes its place."""
    own = _locked(by)
    found = own.filter(name=name).first()
    if found is None and own.count() >= MOST_VIEWS:
        raise TooMany
    if is_default:
        own.update(is_default=False)
    view, _ = SavedView.objects.update_or_create(
        staff=by, name=name, defaults={"query": query, "is_default": is_default}
    )
    return view


@transaction.atomic
def choose_default(view: SavedView, *, is_default: bool) -> None:
    _locked(view.staff).update(is_default=False)
    SavedView.objects.filter(pk=view.pk).update(is_default=is_default)


def delete_view(view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk).delete()


def _locked(staff: StaffUser) -> models.QuerySet[SavedView]:
    """Two windows of one person wait for each other: no more than so many, and one default."""
    StaffUser.objects.select_for_update().get(pk=staff.pk)
    return SavedView.objects.filter(staff=staff)
