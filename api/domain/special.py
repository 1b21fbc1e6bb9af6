"""Properties that change the survey of an ask, in whatever spelling they come."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from api.domain.values import Invalid

# By their letters alone: "Delighted Email Subject" is delighted_email_subject.
_WORDING = {
    "delightedemailsubject": ("subject",),
    "delightedintromessage": ("intro",),
    "thankyoumessage": ("thanks_promoter", "thanks_passive", "thanks_detractor"),
    "thankyoumessageifpromoter": ("thanks_promoter",),
    "thankyoumessageifpassive": ("thanks_passive",),
    "thankyoumessageifdetractor": ("thanks_detractor",),
    # The link is shown to promoters alone.
    "thankyoulinktext": ("thanks_link_label",),
    "thankyoulinktextifpromoter": ("thanks_link_label",),
    "thankyoulinkurl": ("thanks_link",),
    "thankyoulinkurlifpromoter": ("thanks_link",),
}
_PRODUCT, _LANGUAGE = "questionproductname", "locale"
SPECIAL = frozenset({*_WORDING, _PRODUCT, _LANGUAGE})
_LONGEST_NAME, _LONGEST_SUBJECT = 120, 255
# Mail programs cut longer e-mails off; a Japanese letter is three bytes.
_LONGEST_INTRO = 1500


@dataclass(frozen=True, slots=True)
class Wanted:
    # Empty: the person's own.
    language: str
    product: str
    wording: dict[str, str]


def letters_of(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def wanted_by(properties: Mapping[str, str], *, languages: Collection[str]) -> Wanted:
    """Those for one category come after those for all, whatever their order."""
    given = {letters_of(name): value for name, value in properties.items() if value}
    wording = {
        field: given[name] for name, fields in _WORDING.items() if name in given for field in fields
    }
    if not _is_web_address(wording.get("thanks_link", "")):
        wording.pop("thanks_link", None)
    if len(wording.get("subject", "")) > _LONGEST_SUBJECT:
        raise Invalid(properties=f"subject must be less than {_LONGEST_SUBJECT} characters")
    if len(wording.get("intro", "").encode()) > _LONGEST_INTRO:
        raise Invalid(properties=f"intro message must be less than {_LONGEST_INTRO} bytes")
    language = given.get(_LANGUAGE, "").lower().replace("_", "-").partition("-")[0]
    return Wanted(
        language=language if language in languages else "",
        product=given.get(_PRODUCT, "")[:_LONGEST_NAME],
        wording=wording,
    )


def plain(properties: Mapping[str, str]) -> dict[str, str]:
    """What says something of the person."""
    return {name: value for name, value in properties.items() if letters_of(name) not in SPECIAL}


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
