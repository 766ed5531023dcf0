"""Timestamp authorities (RFC 3161) as the engine asks them."""

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper


class CheckedTimeStamper(RequestsHTTPTimeStamper):
    """Refuses an answer for another digest, or under a certificate whose revocation was not asked for.

    A first, throw-away timestamp shows the authority's certificate, so that the proof that it is not
    revoked can go into the file before the signature does.
    """

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            content: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
            stamped = content["message_imprint"]["hashed_message"].native
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRequestError("The timestamp server's answer is malformed.") from error
        if stamped != message_digest:
            raise TimestampRequestError("The timestamp is for another digest.")
        if self._certs and not self._knows_signer_of(token):
            self._certs.clear()
            self._dummy_response_cache.clear()
            raise TimestampRequestError("The timestamp server has changed its certificate.")
        return token

    def _knows_signer_of(self, token: cms.ContentInfo) -> bool:
        signer = token["content"]["signer_infos"][0]["sid"].chosen
        if not isinstance(signer, cms.IssuerAndSerialNumber):
            return True  # named by key identifier: the same key, checked when the paper is verified
        return any(
            known.serial_number == signer["serial_number"].native and known.issuer == signer["issuer"]
            for known in self._certs.values()
        )


def plain(token: cms.SignedData) -> cms.SignedData:
    """The same token without what its signature leaves open to anybody (RFC 5652, 5.1 and 5.3).

    Authorities differ in what they put there; in our papers nothing is, so that any change shows.
    """
    (signer_info,) = token["signer_infos"]
    kept = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    return cms.SignedData(
        {
            "version": "v3",  # because the content is not "data"
            "digest_algorithms": [signer_info["digest_algorithm"]],
            "encap_content_info": token["encap_content_info"],
            "certificates": token["certificates"],
            "signer_infos": [cms.SignerInfo({name: signer_info[name] for name in kept})],
        }
    )
