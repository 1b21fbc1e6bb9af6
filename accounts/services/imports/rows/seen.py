"""Which keys a file has had, in 16 bytes each: a million of them as objects take 250 megabytes."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from typing import NamedTuple

_SMALLEST = 1 << 12
_CONTENT = (1 << 32) - 1


class First(NamedTuple):
    """The line that had the key first, and whether all of it was the same."""

    line: int
    same: bool


class Seen:
    """A hash table with open addressing; a slot whose line is 0 is free.

    Two keys with the same 64 bits of hash are taken for one: among a million, once in 37 million
    files.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make(_SMALLEST)

    def first(self, key: Hashable, *, line: int, content: object) -> First | None:
        """Where the key stood before; None where this is the first time."""
        # As a text: -1 and -2 have one hash.
        hashed, digest = hash(key), hash(repr(content)) & _CONTENT
        slot = self._slot(hashed)
        if self._lines[slot]:
            return First(self._lines[slot], self._contents[slot] == digest)
        self._keys[slot], self._lines[slot], self._contents[slot] = hashed, line, digest
        self._count += 1
        if self._count * 3 > len(self._keys) * 2:
            self._grow()
        return None

    def _slot(self, hashed: int) -> int:
        mask = len(self._keys) - 1
        # The low bits of small numbers' hashes are alike.
        slot = (hashed ^ (hashed >> 29)) & mask
        while self._lines[slot] and self._keys[slot] != hashed:
            slot = (slot + 1) & mask
        return slot

    def _make(self, size: int) -> None:
        self._keys = array("q", bytes(8 * size))
        self._lines = array("I", bytes(4 * size))
        self._contents = array("I", bytes(4 * size))

    def _grow(self) -> None:
        old = self._keys, self._lines, self._contents
        self._make(2 * len(self._keys))
        for hashed, line, digest in zip(*old, strict=True):
            if line:
                slot = self._slot(hashed)
                self._keys[slot], self._lines[slot], self._contents[slot] = hashed, line, digest
