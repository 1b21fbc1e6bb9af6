"""What a file of answers begins with."""

from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind

RESPONSES = FileKind.RESPONSES
HEAD = ["email", "score", "answered_at", "customer_id", "comment", "response_id"]
