"""Programs that call Koe, in one line each."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.test import Client
from django.utils import timezone

from api.models import ApiKey, Project
from api.services.keys import create_key


def make_key(project: str = "web", **fields: Any) -> tuple[ApiKey, str]:
    wanted = {"name": "shop", "role": "cs", "project": project, "rate": 60_000, "by": None}
    return create_key(**{**wanted, "now": timezone.now(), **fields})


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


class Caller:
    """A program with a key of a project, as raw HTTP."""

    def __init__(self, project: str = "web", **fields: Any) -> None:
        self.key, self.text = make_key(project, **fields)
        self.client = Client()

    @property
    def project(self) -> Project:
        return self.key.project

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        content_type = headers.pop("CONTENT_TYPE", "application/json")
        headers.setdefault("HTTP_AUTHORIZATION", basic(f"{self.text}:"))
        answer = self.client.generic(method, f"/v1/{path}", data, content_type, **headers)
        assert answer["Content-Type"] == "application/json", path
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self._read(self("GET", path, **headers), 200)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        return self._read(self("POST", path, body), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._read(self("PUT", path, body), status)

    def delete(self, path: str, status: int = 202) -> Any:
        return self._read(self("DELETE", path), status)

    def _read(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content
        return answer.json()


class Rest:
    """A program that speaks to /api/v1/."""

    def __init__(self, **fields: Any) -> None:
        self.key, self.text = make_key(**fields)
        self.client = Client()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        content_type = headers.pop("CONTENT_TYPE", "application/json")
        headers.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.text}")
        return self.client.generic(method, f"/api/v1/{path}", data, content_type, **headers)

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        return self.send("GET", path, status=status, **headers)

    def send(
        self, method: str, path: str, body: Any = None, status: int = 200, **headers: str
    ) -> Any:
        answer = self(method, path, body, **headers)
        assert answer.status_code == status, answer.content
        kind = "application/json" if status < 400 else "application/problem+json"
        assert answer["Content-Type"].partition(";")[0] == kind
        return answer.json()
