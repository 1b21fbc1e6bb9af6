"""What the settings pages have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url

from accounts.web.access import StaffRequest

PER_PAGE = 50


def form_page(
    request: StaffRequest, template: str, context: dict[str, Any], *, back: str, invalid: bool
) -> HttpResponse:
    """A page with one form: 422 with its errors, and for htmx the form alone.

    `back` is the name, or the address, of the page that "Go back" leads to.
    """
    context = {**context, "back_url": resolve_url(back)}
    if invalid and request.htmx:
        return render(request, "components/_form.html", context, status=422)
    return render(request, template, context, status=422 if invalid else 200)


def done(request: StaffRequest, text: str, name: str, *args: object) -> HttpResponse:
    messages.success(request, text)
    return redirect(name, *args)


def page_of(request: StaffRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
