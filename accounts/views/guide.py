"""The guide of docs/guide inside Koe: one page per job, in the reader's language."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from common.markdown import title_of, to_html

DOCS = Path(settings.BASE_DIR) / "docs"
FOLDERS = {"en": DOCS / "guide", "ja": DOCS / "guide/ja"}
INDEX = "README"


@staff_may(Permission.VIEW_HOME)
@require_safe
def page(request: StaffRequest, language: str = "", name: str = INDEX) -> HttpResponse:
    language = language or ("ja" if get_language() == "ja" else "en")
    # Found in the folder's own list, so that no name leads out of it.
    pages = {each.stem: each for each in FOLDERS.get(language, DOCS / "-").glob("*.md")}
    if name not in pages:
        raise Http404(name)
    text = pages[name].read_text(encoding="utf-8")
    context = {
        "language": language,
        "title": title_of(text),
        "body": to_html(text, address=lambda target: _address(target, language=language)),
        "is_index": name == INDEX,
    }
    return render(request, "accounts/guide/page.html", context)


@staff_may(Permission.VIEW_HOME)
@require_safe
def picture(request: StaffRequest, language: str, name: str) -> FileResponse:
    found = {each.stem: each for each in (DOCS / "screenshots").glob(f"{language}/*.png")}
    if language not in FOLDERS or name not in found:
        raise Http404(name)
    return FileResponse(BytesIO(found[name].read_bytes()), content_type="image/png")


def _address(target: str, *, language: str) -> str | None:
    """None: what a link of the repository leads to is no page of Koe."""
    path = PurePosixPath(target)
    if path.suffix == ".png":
        return reverse("accounts:guide-picture", args=[path.parent.name, path.stem])
    if target == "ja/README.md":
        return reverse("accounts:guide-page", args=["ja", INDEX])
    if target == "../README.md":
        return reverse("accounts:guide-page", args=["en", INDEX])
    is_page = path.suffix == ".md" and target == path.name
    return reverse("accounts:guide-page", args=[language, path.stem]) if is_page else None
