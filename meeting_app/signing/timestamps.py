"""Timestamp authorities (RFC 3161) as the engine asks them."""

import hashlib
import ssl
from collections.abc import Set as AbstractSet
from functools import cache

import aiohttp
import certifi
from asn1crypto import cms, tsp
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from meeting_app.signing.cms import DIGEST
from meeting_app.signing.reading import BROKEN
from meeting_app.signing.tokens import plain

LARGEST_ANSWER = 256 * 1024  # bytes
_ANSWER_TYPE = "application/timestamp-reply"


class CheckedTimeStamper(HTTPTimeStamper):
    """Refuses an answer for another digest or with a false signature, and one that is late or huge.

    A first, throw-away timestamp shows the authority's certificate, so that the proof that it is not
    revoked can go into the file before the signature does. It is remembered until `forget()`.
    """

    _sample: cms.ContentInfo | None = None

    async def sample(self) -> cms.ContentInfo:
        if self._sample is None:
            self._sample = await self.async_timestamp(hashlib.sha256().digest(), DIGEST)
        return self._sample

    def forget(self) -> None:
        self._sample = None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            _ensure_true(token["content"], message_digest)
            plain(token["content"])  # it can be spelled as our papers want it
        except BROKEN as error:
            raise TimestampRequestError("The timestamp server's answer is malformed.") from error
        return token

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            async with (
                # Not the library's own session: each reads the roots of the web anew, which takes 45 ms.
                aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_web_roots())) as session,
                session.post(
                    self.url,
                    data=req.dump(),
                    headers=self.request_headers(),
                    raise_for_status=True,
                    # In all: an authority that sends a byte now and then must not hold anybody up.
                    timeout=aiohttp.ClientTimeout(total=self.timeout),
                ) as response,
            ):
                content = await _bounded(response)
        except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
            raise TimestampRequestError("The timestamp server does not answer.") from error
        return tsp.TimeStampResp.load(content, strict=True)


@cache
def _web_roots() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(16 * 1024):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise TimestampRequestError("The timestamp server's answer is too long.")
    if response.headers.get("Content-Type") != _ANSWER_TYPE:
        raise TimestampRequestError("The timestamp server's answer is of another kind.")
    return bytes(content)


def _ensure_true(token: cms.SignedData, digest: bytes) -> None:
    """The token is over that digest, and signed by the certificate it names."""
    (signer_info,) = token["signer_infos"]
    content: tsp.TSTInfo = token["encap_content_info"]["content"].parsed
    if content["message_imprint"]["hashed_message"].native != digest:
        raise TimestampRequestError("The timestamp is for another digest.")
    intact, valid = validate_sig_integrity(
        signer_info,
        extract_certificate_info(token).signer_cert,
        expected_content_type="tst_info",
        actual_digest=_digest_of(token, signer_info),
    )
    if not (intact and valid):
        raise TimestampRequestError("The timestamp's signature is false.")


def _digest_of(token: cms.SignedData, signer_info: cms.SignerInfo) -> bytes:
    content = bytes(token["encap_content_info"]["content"])
    return hashlib.new(signer_info["digest_algorithm"]["algorithm"].native, content).digest()


def certificates_in(token: cms.SignedData) -> AbstractSet[bytes]:
    """SHA-256 of each."""
    return {entry.chosen.sha256 for entry in token["certificates"]}
