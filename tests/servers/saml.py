# ruff: noqa: E501 - XML
"""What a provider of SAML answers, signed by lxml and xmlsec, until it is told to lie."""

from __future__ import annotations

import base64
import datetime as dt
import zlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from tests.servers.oidc import KEY

ENTITY = "https://login.example.com/saml"
SSO_URL = "https://login.example.com/saml/sso"
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
MAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
NAMES = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'


def certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "login")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


CERTIFICATE = certificate(KEY)


def asked(address: str) -> dict[str, str]:
    """Of the request that a browser brings there: its id, and where the answer goes."""
    assert address.startswith(f"{SSO_URL}?")
    sent = base64.b64decode(parse_qs(urlsplit(address).query)["SAMLRequest"][0])
    request = etree.fromstring(zlib.decompress(sent, -15))
    return {"id": request.get("ID"), "acs": request.get("AssertionConsumerServiceURL")}


def answer(request: dict[str, str], *, audience: str, key: Any = KEY, **changed: Any) -> str:
    """Base64 of the response; `changed` are facts of the assertion."""
    now = dt.datetime.now(dt.UTC)
    facts = {
        "issuer": ENTITY, "subject": "person-1", "email": "aya@example.com", "audience": audience,
        "recipient": request["acs"], "answers": request["id"], "begins": -60, "ends": 300,
        "around": request["id"], "is_signed": True, **changed,
    }  # fmt: skip
    since, until = (_text(now + dt.timedelta(seconds=facts[name])) for name in ("begins", "ends"))
    assertion = f"""<saml:Assertion {NAMES} ID="_a1" Version="2.0" IssueInstant="{_text(now)}">
<saml:Issuer>{facts["issuer"]}</saml:Issuer><saml:Subject><saml:NameID>{facts["subject"]}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
NotOnOrAfter="{until}" Recipient="{facts["recipient"]}" InResponseTo="{facts["answers"]}"/></saml:SubjectConfirmation>
</saml:Subject><saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
<saml:Audience>{facts["audience"]}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{_text(now)}" SessionIndex="_s1"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="{EMAIL}"><saml:AttributeValue>{facts["email"]}</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
    if facts["is_signed"]:
        assertion = _signed(assertion, key)
    response = f"""<samlp:Response {NAMES} ID="_r1" Version="2.0" IssueInstant="{_text(now)}"
Destination="{request["acs"]}" InResponseTo="{facts["around"]}"><saml:Issuer>{ENTITY}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
    return base64.b64encode(response.encode()).decode()


def _text(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _signed(assertion: str, key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    signed = Utils.add_sign(
        assertion,
        pem,
        Utils.format_cert(certificate(key)),
        sign_algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest_algorithm="http://www.w3.org/2001/04/xmlenc#sha256",
    )
    return signed.decode() if isinstance(signed, bytes) else str(signed)
