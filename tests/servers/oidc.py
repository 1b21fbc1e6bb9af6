"""A small provider of OpenID Connect, which does what is specified until it is told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "koe"
SECRET = "4f1c8a7e9b2d6053c1e8f7a94b6d2c10"
Claims = dict[str, Any]


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY = new_key()


@dataclass
class Provider:
    """`person`: what it knows of whoever logs in next; `lie` changes what it signs."""

    person: Claims = field(default_factory=lambda: dict(PERSON))
    lie: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] = lambda claims: signed(claims)
    described: Claims = field(default_factory=dict)
    told_by_userinfo: Claims = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Provider:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def log_in(self, address: str) -> dict[str, str]:
        """What a browser brings back that was sent there, once its person has logged in."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        path = urlsplit(request.path).path
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        if path == "/token":
            return self._token(parse_qs(body.decode()))
        said = {
            "/.well-known/openid-configuration": self._description,
            "/keys": lambda: {"keys": [jwk(KEY)]},
            "/userinfo": lambda: self.told_by_userinfo,
        }[path]
        return 200, json.dumps(said()).encode()

    def _description(self) -> Claims:
        ends = {
            "authorization_endpoint": "authorize", "token_endpoint": "token",
            "jwks_uri": "keys", "userinfo_endpoint": "userinfo",
        }  # fmt: skip
        methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        addresses = {name: f"{self.issuer}/{path}" for name, path in ends.items()}
        return {"issuer": self.issuer, **addresses, **methods, **self.described}

    def _token(self, form: dict[str, list[str]]) -> tuple[int, bytes]:
        given = {name: values[0] for name, values in form.items()}
        asked = self.codes.pop(given.get("code", ""), None)
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proves = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if (
            asked is None
            or (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, SECRET)
            or given["redirect_uri"] != asked["redirect_uri"]
            or proves != asked["code_challenge"]
        ):
            return 400, b'{"error": "invalid_grant"}'
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.person,
        }  # fmt: skip
        token = {"access_token": "a", "token_type": "Bearer", "id_token": None}
        return 200, json.dumps({**token, "id_token": self.sign(self.lie(claims))}).encode()


PERSON: Claims = {
    "sub": "person-1",
    "email": "aya@example.com",
    "email_verified": True,
    "name": "Aya Sato",
}


def signed(claims: Claims, *, key: Any = KEY, algorithm: str = "RS256", kid: str = "k1") -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def jwk(key: rsa.RSAPrivateKey, *, kid: str = "k1") -> Claims:
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": kid}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/authorize":
                self._lead_back()
            else:
                self._reply(b"")

        def _lead_back(self) -> None:
            """For a browser: its person logs in at once."""
            brought = provider.log_in(provider.issuer + self.path)
            asked = provider.codes[brought["code"]]
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(brought)}")
            self.end_headers()

        def do_POST(self) -> None:
            self._reply(self.rfile.read(int(self.headers["Content-Length"])))

        def _reply(self, body: bytes) -> None:
            status, said = provider.answer(self, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
