"""The examples of AWS's own documentation ("Signature Calculations: Using an Authorization
Header"), with its keys."""

from __future__ import annotations

import datetime as dt

import pytest

from common.net.s3 import canonical_path, signed_headers

NOW = dt.datetime(2013, 5, 24, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ("lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_a_request_is_signed_as_aws_signs_it(query: str, signature: str) -> None:
    headers = signed_headers(
        f"https://examplebucket.s3.amazonaws.com/?{query}",
        region="us-east-1",
        key_id="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        now=NOW,
    )

    assert headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature={signature}"
    )
    assert headers["x-amz-date"] == "20130524T000000Z"


def test_a_path_is_quoted_once_however_it_is_written() -> None:
    assert canonical_path("/夜 間.csv") == canonical_path("/%E5%A4%9C%20%E9%96%93.csv")
    assert canonical_path("/a+b$.csv") == "/a%2Bb%24.csv"
    assert canonical_path("") == "/"
