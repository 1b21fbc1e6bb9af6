"""A passkey of software: it signs whatever it is told to, as a thief's would."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Passkey:
    def __init__(self, site: str = "https://koe.example", host: str = "koe.example") -> None:
        self.site, self.host = site, host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.handle = ""

    def registers(self, options: dict[str, Any], **changed: Any) -> str:
        self.handle = options["publicKey"]["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(public)
        data = self._data(ATTESTED, changed) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        said = self._said("webauthn.create", options, changed)
        response = {"attestationObject": websafe_encode(cbor.encode(attestation))}
        return self._credential(said, response)

    def shows(self, options: dict[str, Any], **changed: Any) -> str:
        data = self._data(0, changed)
        said = self._said("webauthn.get", options, changed)
        signed = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signed),
            "userHandle": changed.get("handle", self.handle),
        }
        return self._credential(said, response)

    def _data(self, flags: int, changed: dict[str, Any]) -> bytes:
        flags |= PRESENT | (VERIFIED if changed.get("verified", True) else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + bytes(4)

    def _said(self, kind: str, options: dict[str, Any], changed: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": options["publicKey"]["challenge"],
            "origin": changed.get("site", self.site),
        }
        return json.dumps(said).encode()

    def _credential(self, said: bytes, response: dict[str, Any]) -> str:
        identity = websafe_encode(self.id)
        return json.dumps(
            {
                "type": "public-key",
                "id": identity,
                "rawId": identity,
                "response": {"clientDataJSON": websafe_encode(said), **response},
                "clientExtensionResults": {},
            }
        )
