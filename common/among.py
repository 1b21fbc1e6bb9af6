"""`IN` over many texts as one array: PostgreSQL's driver reads each placeholder by itself."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import In


@CharField.register_lookup
class Among(In):
    lookup_name = "among"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        texts = list(dict.fromkeys(self.rhs))
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*parameters, texts]
