from __future__ import annotations

import json
from typing import Any

import pytest

from actions.domain.deliveries.notes import LONGEST_WORDS, SLACK_SECTION, Note, body_of
from actions.domain.deliveries.states import Kind
from tests.world import NOW

HOSTILE = (
    "<!channel> @channel @here [x](https://evil.example) *b* `c` & <https://evil.example|y>\n# h"
)
NOTE = Note(
    title="Ember_Ltd answered 3 of 10",
    words=HOSTILE,
    facts=(("MRR", "¥1,200"), ("Owner", "A*B")),
    url="https://koe.example/responses/1/",
    link="Open the response",
    data={"score": 3},
)


def body(kind: Kind, note: Note = NOTE) -> Any:
    return body_of(kind, note, event="answer.alert", at=NOW)


def test_slack_gets_text_in_which_nothing_mentions_or_links() -> None:
    texts = [each["text"] for each in body(Kind.SLACK)["blocks"]]
    title, words, facts, link = (each["text"] for each in texts)

    assert all(each["verbatim"] for each in texts)
    assert title == "*Ember_Ltd answered 3 of 10*".replace("_", "\u200b_\u200b")
    assert "<" not in words
    assert "&lt;!channel&gt;" in words
    assert "*b*" not in words
    # A line end in the words opens no line of its own outside the quote.
    assert [line[0] for line in words.splitlines()] == [">", ">"]
    assert "A*B" not in facts
    assert link == "<https://koe.example/responses/1/|Open the response>"


def test_what_slack_gets_is_no_longer_than_it_takes_however_it_is_escaped() -> None:
    blocks = body(Kind.SLACK, Note("t", words="&" * 5000))["blocks"]
    assert max(len(each["text"]["text"]) for each in blocks) == SLACK_SECTION


def test_mattermost_gets_markdown_with_the_words_escaped() -> None:
    text = body(Kind.MATTERMOST)["text"]

    assert "@channel" not in text
    assert "@here" not in text
    assert "[x](" not in text
    assert r"\[x\]\(" in text
    assert r"> \# h" in text
    assert "[Open the response](https://koe.example/responses/1/)" in text


def test_teams_gets_a_card_whose_text_is_no_markdown() -> None:
    sent = body(Kind.TEAMS)
    (attachment,) = sent["attachments"]
    card = attachment["content"]

    assert sent["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["type"] == "AdaptiveCard"
    assert {each["type"] for each in card["body"]} == {"RichTextBlock"}
    assert card["body"][1]["inlines"][0]["text"] == HOSTILE
    assert card["actions"][0]["url"] == NOTE.url


def test_a_program_gets_the_name_of_the_event_its_moment_and_values() -> None:
    assert body(Kind.WEBHOOK) == {
        "type": "answer.alert",
        "timestamp": "2026-11-24T09:00:00+00:00",
        "data": {"score": 3},
    }


@pytest.mark.parametrize("kind", [Kind.SLACK, Kind.MATTERMOST, Kind.TEAMS])
def test_a_wall_of_words_is_cut(kind: Kind) -> None:
    sent = json.dumps(body(kind, Note("t", words="x" * 5000)), ensure_ascii=False)
    assert 0 < sent.count("xxx" * 5) * 15 <= LONGEST_WORDS
    assert "…" in sent
