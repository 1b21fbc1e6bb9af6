"""A bounce mail, for the tests of what reads one."""

from __future__ import annotations


def dsn(*, to: str, status: str = "5.1.1", action: str = "failed", extra: str = "") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: <{to}>\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@a.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n{extra}\r\n\r\nbody\r\n"
        "--b--\r\n"
    ).encode()
