"""The walk through docs/api.md is one that can be walked."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import WaitingRow
from tests.api.calling import make_key

pytestmark = pytest.mark.django_db
TEXT = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)


def calls() -> list[list[str]]:
    words = [shlex.split(block) for block in BLOCKS]
    found: list[list[str]] = []
    for word in (each for block in words for each in block):
        if word == "curl":
            found.append([])
        elif found and not word.startswith(("export", "KOE=", "KEY=")):
            found[-1].append(word)
    return found


def sent(words: list[str], *, key: str) -> Any:
    """The request that curl would send."""
    method, body, headers, url = "", "", {}, ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-d":
            body = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value.replace("$KEY", key)
        else:
            url = word.replace("$KOE", "")
    kind = headers.pop("Content-Type", "")
    return Client(headers=headers).generic(method or ("POST" if body else "GET"), url, body, kind)


def test_each_example_is_answered_as_it_says() -> None:
    key = make_key()[1]
    found = calls()

    assert len(found) > 15
    for words in found:
        answer = sent(words, key=key)
        assert answer.status_code in (200, 201, 202), (words, answer.content)
    assert WaitingRow.objects.get().customer_id == "C777"


def test_it_names_every_kind_of_problem_by_its_status() -> None:
    known = {"400", "401", "403", "404", "409", "415", "422", "429", "500", "503"}

    assert set(re.findall(r"\b[45][0-9]{2}\b", TEXT.partition("## 6.")[2])) == known
