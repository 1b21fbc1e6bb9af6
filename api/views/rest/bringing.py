"""The operations whose body is many rows of a kind."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Body, Router
from ninja import Query as In
from pydantic import BaseModel, Field

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from api.views.rest.shapes import answers
from api.views.rest.shapes.rows import MOST_ROWS
from api.web.rest.bulk import Skips, brought
from api.web.rest.keys import Call, takes_rows
from api.web.rest.once import once


def bring(
    router: Router, kind: FileKind, row: type[BaseModel], summary: str, description: str
) -> None:
    def bring_rows(request: Call, query: In[Skips], rows: Any) -> Any:
        return brought(request, kind, rows, query)

    # ninja reads of it what is to come; as a text it would be looked up where `row` is not known.
    many: Any = Annotated[list[row], Field(max_length=MOST_ROWS)]  # type: ignore[valid-type]
    bring_rows.__annotations__["rows"] = Body[many]  # type: ignore[misc]
    router.post(
        f"/{kind}",
        response=answers.Brought,
        operation_id=f"bring_{kind}",
        summary=summary,
        description=description,
        **takes_rows(Permission.IMPORT_DATA, row.__name__),
    )(once(bring_rows))
