"""The texts of a survey: allow-listed placeholders, filled by plain replacement.

Staff write these texts, so nothing in them is ever evaluated: no attributes, no format
specifications, no template tags.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

PLACEHOLDERS = frozenset({"name", "customer", "product", "organisation"})
# Once the person has chosen, the texts that follow may speak of the score.
PLACEHOLDERS_AFTER_SCORE = PLACEHOLDERS | {"score"}
FIELDS_AFTER_SCORE = frozenset(
    f"{part}_{category}"
    for part in ("comment", "thanks")
    for category in ("promoter", "passive", "detractor")
) | {"button"}
SENDER_NAME_LIMIT = 75

_KNOWN = re.compile(r"\{([a-z_]+)\}")
# Also what was meant as a placeholder: template tags, doubled and full-width braces.
_BRACED = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[^{}]*\}|｛[^｛｝{}]*[｝}]|\{[^{}｝]*｝", re.DOTALL
)
_SPACES = re.compile(r"\s+")
_NOT_IN_SENDER_NAME = str.maketrans(dict.fromkeys('@:,"<>;', " "))
# Cc control, Cs surrogate; Cf is kept for joined emoji, except what reorders or hides text.
_REMOVED_KINDS = frozenset({"Cc", "Cs"})
_REMOVED_FORMATS = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


@dataclass(frozen=True, slots=True)
class Wording:
    subject: str
    preheader: str
    sender_name: str
    intro: str
    question: str
    low_label: str
    high_label: str
    sign_off: str
    comment_promoter: str
    comment_passive: str
    comment_detractor: str
    thanks_promoter: str
    thanks_passive: str
    thanks_detractor: str
    button: str
    reminder_subject: str
    reminder_intro: str
    # Shown to promoters on the thanks page where an address is given.
    thanks_link_label: str
    thanks_link: str = ""


FIELD_NAMES = tuple(field.name for field in fields(Wording))


def validate(text: str, *, allowed: frozenset[str] = PLACEHOLDERS) -> list[str]:
    """What stands in braces and is no allowed placeholder, each once, in order of appearance."""
    unknown = (
        found[0] for found in _BRACED.finditer(text) if not _is_placeholder(found[0], allowed)
    )
    return list(dict.fromkeys(_without_braces(braced) for braced in unknown))


def allowed_in(field: str) -> frozenset[str]:
    return PLACEHOLDERS_AFTER_SCORE if field in FIELDS_AFTER_SCORE else PLACEHOLDERS


# How a name may end that is polite already: once is enough, of whoever wrote it. A single sign
# before 殿 without a space is a family name (鵜殿).
_HONORIFIC = r"(?:様|さま|サマ|さん|(?:(?<=\s)|(?<=\S\S))殿|-san|-sama)"
_TITLE = r"(?:先生|御中|各位)"
_ENDS_POLITELY = re.compile(rf"(?:\s*{_HONORIFIC})+$")
_ENDS_WITH_TITLE = re.compile(rf"\s*{_TITLE}$")
_GOES_ON_POLITELY = re.compile(rf"\s*(?:{_HONORIFIC}|殿|氏|{_TITLE})")
OF_BARE = {"name": "bare_name", "customer": "bare_customer"}


def fill(text: str, *, values: Mapping[str, str]) -> str:
    """One pass: what a value contains is text, even where it looks like a placeholder."""
    return _KNOWN.sub(lambda found: _value(found, values), text)


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    """A name that is polite already stands bare where the text is polite behind it."""
    name = found[1]
    if name not in OF_BARE or not _GOES_ON_POLITELY.match(found.string, found.end()):
        return values.get(name, found[0])
    # Where mails are compiled both are marks, to be filled for each recipient.
    bare = values.get(OF_BARE[name])
    return bare if bare is not None else without_honorific(values.get(name, found[0]))


def without_honorific(name: str) -> str:
    """Never nothing: who is called 様 alone is called so."""
    stripped = name.strip()
    for ending in (_ENDS_POLITELY, _ENDS_WITH_TITLE):
        stripped = ending.sub("", stripped) or stripped
    return stripped


def opening(language: str, *, name: str, customer: str) -> str:
    """The lines before a Japanese e-mail's text: the company, and the person with 様.

    What is not known leaves no gap; empty where neither is. A title (先生, 御中) stands for 様.
    """
    if language != "ja" or not (name or customer):
        return ""
    person = name.strip() or "ご担当者"
    polite = person if _ENDS_WITH_TITLE.search(person) else f"{without_honorific(person)} 様"
    return "\n".join(each for each in (without_honorific(customer), polite) if each)


def header_safe(text: str) -> str:
    """One line without control characters, as a mail header must be."""
    one_line = _SPACES.sub(" ", text)
    return "".join(sign for sign in one_line if not _is_removed(sign)).strip()


def sender_display_name(text: str) -> str:
    """A name that mail programs show as it is: signs that look like an address hurt delivery."""
    plain = header_safe(header_safe(text).translate(_NOT_IN_SENDER_NAME))
    return plain[:SENDER_NAME_LIMIT].rstrip()


def with_overrides(wording: Wording, *, overrides: Mapping[str, str]) -> Wording:
    """The wording with the fields that were written; a blank one keeps its text."""
    written = {name: text for name, text in overrides.items() if text.strip()}
    return replace(wording, **written)


def _is_placeholder(braced: str, allowed: frozenset[str]) -> bool:
    found = _KNOWN.fullmatch(braced)
    return found is not None and found[1] in allowed


def _without_braces(braced: str) -> str:
    # A single pair is taken off; anything else is shown as written, since the braces are the fault.
    single = braced.startswith("{") and braced.endswith("}") and braced[1:2] not in ("{", "%", "#")
    return braced[1:-1].strip() if single else braced


def _is_removed(sign: str) -> bool:
    return sign in _REMOVED_FORMATS or unicodedata.category(sign) in _REMOVED_KINDS


# What a new campaign says before anybody changes it.
JAPANESE = Wording(
    subject="【1分アンケート】{product}についてご意見をお聞かせください",
    preheader="0〜10の数字を1つお選びいただくだけで、ご回答は完了します。",
    sender_name="{organisation} カスタマーサクセスチーム",
    intro=(
        "平素より{product}をご利用いただき、誠にありがとうございます。\n"
        "より良いサービスをお届けするため、率直なご意見をお聞かせいただけますと幸いです。"
        "ご回答は1分ほどで終わります。"
    ),
    question="{product}を、同じような立場の同僚や知人にどの程度おすすめしたいと思いますか。",
    low_label="まったくおすすめしたくない",
    high_label="非常におすすめしたい",
    sign_off=(
        "お忙しいところ恐れ入りますが、ご協力のほどよろしくお願いいたします。\n"
        "{organisation} カスタマーサクセスチーム"
    ),
    comment_promoter="特にご満足いただけている点をお聞かせください。（任意）",
    comment_passive="どのような点が改善されると、さらにご満足いただけますか。（任意）",
    comment_detractor="ご不便やご不満をお感じの点をお聞かせください。（任意）",
    thanks_promoter=(
        "ご回答いただき、誠にありがとうございました。"
        "いただいたお言葉を励みに、より一層お役に立てるよう努めてまいります。"
    ),
    thanks_passive=(
        "ご回答いただき、誠にありがとうございました。"
        "いただいたご意見を今後の改善に活かしてまいります。"
    ),
    thanks_detractor=(
        "率直なご意見をお寄せいただき、誠にありがとうございました。"
        "ご期待に沿えず申し訳ございません。"
        "いただいたご回答は担当者が拝読し、改善に努めてまいります。"
    ),
    button="{score}点で回答する",
    reminder_subject="【再送】{product}についてのアンケート（1分）",
    reminder_intro=(
        "先日お送りしたアンケートについて、まだご回答をいただいていないようでしたので、"
        "あらためてご案内いたします。\n"
        "数字を1つお選びいただくだけでも大変参考になります。再度のご案内はこの1回限りです。"
    ),
    thanks_link_label="レビューを書く",
)

ENGLISH = Wording(
    subject="One quick question about {product}",
    preheader="Choose a number from 0 to 10. It takes less than a minute.",
    sender_name="{organisation} Customer Success",
    intro=(
        "Thank you for using {product}.\n"
        "We would like to know how it is working for you. Your honest answer helps us improve, "
        "and it takes less than a minute."
    ),
    question=(
        "How likely are you to recommend {product} to a colleague or friend in a similar role?"
    ),
    low_label="Not at all likely",
    high_label="Extremely likely",
    sign_off="Thank you for your time.\nThe Customer Success team at {organisation}",
    comment_promoter="What do you value most? (optional)",
    comment_passive="What would make it better for you? (optional)",
    comment_detractor="What went wrong, or what is missing? (optional)",
    thanks_promoter=(
        "Thank you for your answer. We are delighted that {product} works well for you."
    ),
    thanks_passive="Thank you for your answer. We will use it to make {product} better.",
    thanks_detractor=(
        "Thank you for being frank with us. We are sorry that {product} has fallen short, "
        "and a member of our team will read your answer."
    ),
    button="Send my answer: {score}",
    reminder_subject="A reminder: one quick question about {product}",
    reminder_intro=(
        "A few days ago we asked you how {product} is working for you, and we would still "
        "like to hear it.\n"
        "A single number is enough. We will not remind you again."
    ),
    thanks_link_label="Write a review",
)

# How somebody is addressed whose name, or whose customer's name, is not known.
NAME_FALLBACK = {"ja": "ご担当者", "en": "customer"}
CUSTOMER_FALLBACK = {"ja": "貴社", "en": "your company"}

DEFAULT_WORDING: dict[str, Wording] = {"ja": JAPANESE, "en": ENGLISH}
