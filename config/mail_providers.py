"""The providers of e-mail whose events Koe reads, and how a mail server's name tells of one."""

from __future__ import annotations

# By the end of the name of their submission server; Postal runs on one's own.
HOSTS: dict[str, tuple[str, ...]] = {
    "amazon_ses": ("amazonaws.com", "amazonaws.com.cn"),
    "brevo": ("brevo.com", "sendinblue.com"),
    "mailgun": ("mailgun.org",),
    "mailjet": ("mailjet.com",),
    "mailtrap": ("mailtrap.io",),
    "mandrill": ("mandrillapp.com",),
    "postal": (),
    "postmark": ("postmarkapp.com",),
    "resend": ("resend.com",),
    "sendgrid": ("sendgrid.net",),
    "sparkpost": ("sparkpostmail.com",),
}
# They sign their events, and no event is believed without.
SIGN_WITH_A_KEY = frozenset({"mailgun", "mandrill", "postal"})


def provider_of(host: str) -> str:
    """Whose server it is, if of one we know."""
    name = f".{host.lower().rstrip('.')}"
    return next(
        (each for each, ends in HOSTS.items() if any(name.endswith(f".{end}") for end in ends)), ""
    )
