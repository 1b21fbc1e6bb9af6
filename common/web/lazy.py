"""Views whose modules are imported when they are first asked for.

pandas and altair take a second to import. Every command checks the addresses, and only the pages
of analytics need them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver
from django.utils.module_loading import import_string

View = Callable[..., HttpResponseBase]

_views: list[Callable[[], View]] = []


def lazy_view(path: str) -> View:
    @cache
    def load() -> View:
        return cast(View, import_string(path))

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return load()(request, *args, **kwargs)

    view.__name__ = view.__qualname__ = path.rpartition(".")[2]
    _views.append(load)
    return view


def load_all() -> None:
    """For a web process: its first visitor shall not wait, and a wrong name fails at the start."""
    get_resolver().url_patterns  # noqa: B018 - reading it imports every urls.py
    for load in _views:
        load()
