"""How an e-mail's reference travels: the header that each provider gives back in its events, and
where in an event it may stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

# Header, and what stands before and after the reference.
REFERENCE_HEADERS: dict[str, tuple[str, str, str]] = {
    "amazon_ses": ("X-SES-MESSAGE-TAGS", "reference=", ""),
    "brevo": ("X-Mailin-custom", '{"reference": "', '"}'),
    "mailgun": ("X-Mailgun-Variables", '{"reference": "', '"}'),
    "mailjet": ("X-MJ-EventPayload", '{"reference": "', '"}'),
    "mailtrap": ("X-MT-Custom-Variables", '{"reference": "', '"}'),
    "mandrill": ("X-MC-Metadata", '{"reference": "', '"}'),
    "postal": ("X-Postal-Tag", "", ""),
    "postmark": ("X-PM-Metadata-reference", "", ""),
    "resend": ("X-Metadata", '{"reference": "', '"}'),
    "sendgrid": ("X-SMTPAPI", '{"unique_args": {"reference": "', '"}}'),
    "sparkpost": ("X-MSYS-API", '{"metadata": {"reference": "', '"}}'),
}
_REFERENCES = frozenset({"reference", "tag", "x-invitation-ref"})
# SendGrid, Brevo and Mailgun, SES and Resend, Postal.
_MESSAGE_IDS = frozenset({"smtp-id", "message-id", "messageid", "message_id"})
DEEPEST, AT_MOST = 8, 20


def reference_header(provider: str, reference: str) -> dict[str, str]:
    if provider not in REFERENCE_HEADERS:
        return {}
    header, before, after = REFERENCE_HEADERS[provider]
    return {header: f"{before}{reference}{after}"}


def references_in(event: object) -> list[str]:
    """What the event of any provider may have kept of our reference, by the names of its fields."""
    found = (value for name, value in _named(event) if name in _REFERENCES)
    return list(islice(found, AT_MOST))


def message_ids_in(event: object) -> list[str]:
    found = (value for name, value in _named(event) if name in _MESSAGE_IDS)
    return list(islice(found, AT_MOST))


def _named(event: object, *, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text of it with its field's name, and every header with its own."""
    if depth > DEEPEST:
        return
    if isinstance(event, list):
        for each in event:
            yield from _named(each, depth=depth + 1)
    elif isinstance(event, Mapping):
        name, value = event.get("name"), event.get("value")
        if isinstance(name, str) and isinstance(value, str):
            yield name.lower(), value
        for field, inner in event.items():
            # SES makes a list of each tag.
            one = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
            if isinstance(one, str):
                yield str(field).lower(), one
            else:
                yield from _named(inner, depth=depth + 1)
