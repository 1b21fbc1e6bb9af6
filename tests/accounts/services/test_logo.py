from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from accounts.models import AuditEvent, Logo, Organisation
from accounts.services.logo import NoLogo, remove_logo, rewritten, save_brand
from tests.staffing import make_staff
from tests.world import NOW


def image(kind: str = "PNG", size: tuple[int, int] = (600, 300), **more: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, "#1d5fa8").save(file, kind, **more)
    file.seek(0)
    return file


def claims(width: int, height: int) -> io.BytesIO:
    """A PNG of a few bytes whose head says that it is huge."""
    whole = bytearray(image(size=(1, 1)).getvalue())
    whole[16:24] = struct.pack(">II", width, height)
    whole[29:33] = struct.pack(">I", zlib.crc32(whole[12:29]))
    return io.BytesIO(bytes(whole))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_is_uploaded_is_written_again_and_small(kind: str) -> None:
    png, width, height = rewritten(image(kind))

    assert (width, height) == (240, 120)
    assert Image.open(io.BytesIO(png)).format == "PNG"


def test_nothing_but_pixels_comes_through() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    given = io.BytesIO(image(pnginfo=said).getvalue() + b"<script>alert(2)</script>")

    png, *_size = rewritten(given)
    assert b"script" not in png


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (io.BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), "no PNG, JPEG"),
        (io.BytesIO(b""), "no PNG, JPEG"),
        (io.BytesIO(image().getvalue()[:60]), "no PNG, JPEG"),
        (image("BMP", (20, 20)), "no PNG, JPEG"),
        (image(size=(3001, 10)), "more than 3,000 pixels"),
        (claims(60_000, 60_000), "no PNG, JPEG"),
        (io.BytesIO(b"\x89PNG" + bytes(1024 * 1024)), "larger than 1 MB"),
    ],
)
def test_what_is_no_image_or_too_large_is_refused(file: io.BytesIO, why: str) -> None:
    with pytest.raises(NoLogo, match=why):
        rewritten(file)


@pytest.mark.django_db
def test_a_logo_is_kept_for_emails_that_were_sent() -> None:
    admin = make_staff("admin")
    first = save_brand(colour="", file=image(), by=admin, now=NOW).logo
    save_brand(colour="", file=image(size=(60, 60)), by=admin, now=NOW)
    remove_logo(by=admin, now=NOW)

    assert Logo.objects.filter(pk=first).exists()
    assert Organisation.objects.get().logo == ""
    assert AuditEvent.objects.filter(action="organisation.update").count() == 3
