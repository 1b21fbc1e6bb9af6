"""An SFTP server over a folder, with one account, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "koe", "Kodama-27"


@dataclass
class SftpServer:
    folder: Path
    # Whose private key gets in, too.
    authorized: asyncssh.SSHKey | None = None
    # The passwords that it heard.
    heard: list[str] = field(default_factory=list)
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    def __enter__(self) -> SftpServer:
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.fingerprint = self.key.get_fingerprint()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._run(self._listen())
        self.port = self.server.get_port()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._run(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    @property
    def url(self) -> str:
        return f"sftp://127.0.0.1:{self.port}"

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self) -> asyncssh.SSHAcceptor:
        outer = self

        class Server(asyncssh.SSHServer):
            def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
                outer.connections.append(conn)

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                outer.heard.append(password)
                return (username, password) == (USER, PASSWORD)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                known = outer.authorized
                return known is not None and key.get_fingerprint() == known.get_fingerprint()

        def files(channel: Any) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(channel, chroot=str(outer.folder).encode())

        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=Server, server_host_keys=[self.key], sftp_factory=files
        )

    async def _close(self) -> None:
        self.server.close()
        await self.server.wait_closed()
        for each in self.connections:
            each.abort()
            await each.wait_closed()
        # What was closed is let go of in the next round.
        await asyncio.sleep(0)
