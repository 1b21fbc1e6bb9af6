"""E-mails by SMTP: the mail server of the settings, or a provider's submission port."""

from __future__ import annotations

from surveys.domain.mail.delivery import Phase, decide
from surveys.models import Campaign
from surveys.sending.messages import emails
from surveys.sending.transports.base import Result, Template
from surveys.sending.transports.smtp_connection import Connection, Reply, server_from_settings

_OURS = {Phase.CONNECT, Phase.GREETING, Phase.MAIL}


class SmtpTransport:
    """The mail server of the settings, over a connection that is kept from batch to batch."""

    def __init__(self) -> None:
        self.connection = Connection(server_from_settings())

    def compile(self, campaign: Campaign, *, language: str, reminder: bool) -> Template:
        return emails.compile_mail(campaign, language=language, reminder=reminder)

    def send(self, message: bytes, *, sender: str, recipient: str) -> Result:
        if self.connection.server != server_from_settings():
            self.close()
            self.connection = Connection(server_from_settings())
        return classify(self.connection.send(sender=sender, recipient=recipient, message=message))

    def interrupted(self) -> Result:
        return classify(Reply(self.connection.phase, None, "interrupted"))

    def close(self) -> None:
        self.connection.quit()


def classify(reply: Reply) -> Result:
    verdict = decide(reply.phase, code=reply.code, text=reply.text)
    ours = reply.phase in _OURS
    return Result(reply.phase, reply.code, reply.text, verdict, at_our_server=ours)
