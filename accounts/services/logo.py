"""The organisation's logo: whatever is uploaded is written anew, so that only pixels come out."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Logo, Organisation, StaffUser
from accounts.services.organisation import organisation, save_organisation

# Formats whose readers are plain: no vectors, no scripts, no programs.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
LARGEST_FILE = 1024 * 1024
LARGEST_SIDE = 3000
# As it is shown, twice as fine.
BOX = (480, 120)


class NoLogo(Exception):
    """The text says what is wrong with the file."""


def rewritten(file: IO[bytes]) -> tuple[bytes, int, int]:
    """The PNG, its width and its height. Raises NoLogo; sizes are looked at before pixels."""
    from PIL import Image, UnidentifiedImageError

    # The second where it claims so many pixels that nobody looks at its size.
    faults = (UnidentifiedImageError, Image.DecompressionBombError)
    given = file.read(LARGEST_FILE + 1)
    if len(given) > LARGEST_FILE:
        raise NoLogo(_("The file is larger than 1 MB."))
    try:
        image = Image.open(io.BytesIO(given), formats=FORMATS)
        if max(image.size) > LARGEST_SIDE:
            raise NoLogo(_("The image has more than 3,000 pixels on a side."))
        shown = image.convert("RGBA")
    except NoLogo:
        raise
    except (*faults, OSError, ValueError, SyntaxError, Warning) as error:
        raise NoLogo(_("This is no PNG, JPEG, GIF or WebP image that can be read.")) from error
    shown.thumbnail(BOX)
    written = io.BytesIO()
    shown.save(written, "PNG", optimize=True)
    return written.getvalue(), *shown.size


def save_brand(
    *, colour: str, file: IO[bytes] | None, by: StaffUser, now: dt.datetime
) -> Organisation:
    """No file keeps the logo. Raises NoLogo, of what was looked at before anything is locked."""
    image = rewritten(file) if file else None
    with transaction.atomic():
        row = organisation()
        row.colour = colour
        if image:
            row.logo = _kept(*image, now=now)
        save_organisation(row, by=by, now=now)
    return row


def _kept(png: bytes, width: int, height: int, *, now: dt.datetime) -> str:
    digest = hashlib.sha256(png).hexdigest()[:32]
    Logo.objects.get_or_create(
        digest=digest, defaults={"png": png, "width": width, "height": height, "added_at": now}
    )
    return digest


def remove_logo(*, by: StaffUser, now: dt.datetime) -> None:
    """It is shown no longer; e-mails that were sent keep theirs."""
    row = organisation()
    row.logo = ""
    save_organisation(row, by=by, now=now)
