"""A web server that takes requests and answers as told; over TLS with its own certificate."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers`: status and headers of the next replies; then 200. `drip`: a byte at a time."""

    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    certificate: Path | None = None
    body: bytes = b"ok"
    drip: bool = False
    taken: list[Taken] = field(default_factory=list)

    def __enter__(self) -> Receiver:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self.port}/hook"

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        self.taken.append(Taken(request.path, dict(request.headers.items()), body))
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        content = b"" if status == 304 else self.body
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        if not {"Content-Length", "Transfer-Encoding"} & headers.keys():
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        self._write(request, content)

    def _write(self, request: BaseHTTPRequestHandler, content: bytes) -> None:
        size = 1 if self.drip else max(len(content), 1)
        for at in range(0, len(content), size):
            try:
                request.wfile.write(content[at : at + size])
            except OSError:
                return
            time.sleep(0.05 if self.drip else 0)


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            receiver.answer(self, b"")

        def do_POST(self) -> None:
            receiver.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def make_certificate(path: Path, *, name: str) -> Path:
    """Of nobody but itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
