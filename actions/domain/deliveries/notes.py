"""What a channel is told, in the form that each kind of channel reads.

Words of customers are text and nothing else: they mention nobody, link nowhere and format nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from actions.domain.deliveries.states import Kind

# A wall of text is read by nobody.
LONGEST_WORDS = 1500
# Slack refuses a longer one, and counts what it was escaped to.
SLACK_SECTION = 3000
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:])")
_LINE_END = re.compile(r"[\r\n\u2028\u2029\x85]+")


@dataclass(frozen=True, slots=True)
class Note:
    title: str
    words: str = ""
    # Label and value.
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""
    link: str = ""
    # For programs: names and values that do not change with the language.
    data: Mapping[str, Any] = field(default_factory=dict)
    # Where a program calls the event by another name than we do.
    event: str = ""


def posted(kind: Kind, note: Note, *, event: str, at: dt.datetime, name: str) -> tuple[bytes, str]:
    """The body and its type. `name`: the same at every try."""
    if kind is Kind.CHATWORK:
        return urlencode({"body": _chatwork(note)}).encode(), "application/x-www-form-urlencoded"
    content = body_of(kind, note, event=event, at=at, name=name)
    return json.dumps(content, ensure_ascii=False).encode(), "application/json"


def body_of(
    kind: Kind, note: Note, *, event: str, at: dt.datetime, name: str = ""
) -> dict[str, Any]:
    event = note.event or event
    if kind is Kind.WEBHOOK:
        return {"type": event, "timestamp": at.isoformat(), "data": dict(note.data)}
    if kind is Kind.DELIGHTED:
        digest = hashlib.sha256(name.encode()).hexdigest()
        return {"event_type": event, "event_id": digest, "event_data": dict(note.data)}
    return _BODIES[kind](note)


def _slack(note: Note) -> dict[str, Any]:
    parts = [
        [f"*{_slack_text(note.title)}*"],
        [f"> {_slack_text(line)}" for line in _lines(note.words)],
        [f"{_slack_text(label)}: {_slack_text(value)}" for label, value in note.facts],
        [f"<{note.url}|{_slack_text(note.link)}>"] if note.url else [],
    ]
    blocks = [_section("\n".join(lines)) for lines in parts if lines]
    return {"text": _slack_text(note.title), "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    """`verbatim`: names and addresses in the words become no links."""
    text = text if len(text) <= SLACK_SECTION else f"{text[: SLACK_SECTION - 1]}…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _slack_text(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # There is no way to escape the signs of formats; a sign of no width takes their meaning away.
    return _one_line(re.sub(r"([*_~`])", "\u200b\\1\u200b", plain))


def _mattermost(note: Note) -> dict[str, Any]:
    lines = [f"**{_markdown(note.title)}**", ""]
    lines += [f"> {_markdown(line)}" for line in _lines(note.words)]
    lines += ["", *(f"{_markdown(label)}: {_markdown(value)}  " for label, value in note.facts)]
    if note.url:
        lines += ["", f"[{_markdown(note.link)}]({note.url})"]
    return {"text": "\n".join(lines)}


def _markdown(text: str) -> str:
    # The sign without width keeps @channel and #town-square from being one.
    return _MARKDOWN.sub(r"\\\1", _one_line(text)).replace("@", "@\u200b")


def _teams(note: Note) -> dict[str, Any]:
    """An Adaptive Card, as the workflow of a channel takes it. Text runs know no Markdown."""
    body = [_run(note.title, weight="bolder", size="medium")]
    if note.words:
        body.append(_run(_short(note.words), italic=True))
    body += [_run(f"{label}: {value}") for label, value in note.facts]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if note.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": note.link, "url": note.url}]
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _chatwork(note: Note) -> str:
    """Its marks stand in brackets and know no escape: a sign of no width breaks them."""
    lines = [f"{label}: {value}" for label, value in note.facts]
    told = "\n".join(_chatwork_text(line) for line in [*_lines(note.words), *lines])
    shown = f"{told}\n{note.url}" if note.url else told
    return f"[info][title]{_chatwork_text(note.title)}[/title]{shown}[/info]"


def _chatwork_text(text: str) -> str:
    return _one_line(text).replace("[", "[\u200b")


def _run(text: str, **looks: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **looks}]}


def _lines(words: str) -> list[str]:
    return [line for line in _LINE_END.split(_short(words)) if line.strip()]


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", text)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


_BODIES: dict[Kind, Callable[[Note], dict[str, Any]]] = {
    Kind.SLACK: _slack,
    Kind.MATTERMOST: _mattermost,
    Kind.TEAMS: _teams,
}
