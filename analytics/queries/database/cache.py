"""What a process has unpacked from content-addressed rows, so that it need not be read again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Keys are digests of the content, so an entry can be too old to be wanted but never wrong."""

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._held = 0
        self._entries: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> Value | None:
        with self._lock:
            if digest not in self._entries:
                return None
            self._entries.move_to_end(digest)
            return self._entries[digest][0]

    def put(self, digest: str, value: Value, *, size: int) -> None:
        with self._lock:
            if digest in self._entries:
                return
            self._entries[digest] = value, size
            self._held += size
            while self._held > self._size and len(self._entries) > 1:
                _, (_, freed) = self._entries.popitem(last=False)
                self._held -= freed
