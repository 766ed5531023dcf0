"""The verdict on a signed PDF: the worst over all its signatures and over the file as a whole.

Works from the file and the trusted roots alone, without network. Stricter than pyHanko's default:
nothing may follow the last signature but validation material, nothing may change between
signatures but signature fields, and a paper that carries a route needs exactly those signatures.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.signature import Field, FileVerdict, RouteStep, SignatureFacts, Verdict
from meeting_app.i18n import N_
from meeting_app.signing.judgement import Finding, Judged, judge_all
from meeting_app.signing.reading import BROKEN, Document, open_document
from meeting_app.signing.revisions import unexplained_tail
from meeting_app.signing.route import read_route
from meeting_app.signing.running import finished

NO_SIGNATURE = N_("No signature was found.")
DAMAGED = N_("A signature in the file is damaged and cannot be read.")
LOST = N_("A signature that the file held was taken out of it.")
UNKNOWN_KIND = N_("The file holds a signature of a kind this software does not know.")
AMBIGUOUS = N_("The file breaks the rules of the PDF format, so that programs may show it differently.")
TAIL = N_("Something that no signature covers was added to the end of the file.")
ROUTE_DAMAGED = N_("The signing route inside the document cannot be read.")
WRONG_PERSON = N_("A place was signed by another person than planned.")
FOREIGN = N_("The document bears a signature that was not planned for it.")
OUT_OF_ORDER = N_("The signatures were made in another order than planned.")
MISSING = {
    Field.LEADER: N_("The competent person has not signed yet."),
    Field.SECRETARY: N_("The secretary has not signed yet."),
    Field.CHAIR: N_("The chair has not signed yet."),
    Field.SEAL: N_("The agency has not sealed the document yet."),
    Field.ATTACHMENT: N_("The agency has not sealed the document yet."),
}

_RANK = {Verdict.VALID: 0, Verdict.UNCONFIRMED: 1, Verdict.INVALID: 2}


def verify(
    pdf: bytes,
    trust: Sequence[asn1_x509.Certificate],
    expected: Sequence[RouteStep] = (),
    *,
    now: datetime | None = None,
) -> FileVerdict:
    """Judge a file of any origin; `expected` replaces the route the paper carries itself.

    Raises Unreadable for what is no PDF. `now` is aware; it decides only whether the timestamp
    authorities' own certificates are still in force.
    """
    document = open_document(pdf)
    moment = now or datetime.now(UTC)
    findings = list(_of_file(document))
    route = _route(document, tuple(expected), findings)
    if document.lost:  # elsewhere the signer may have taken it back
        findings.append(Finding(Verdict.INVALID if route else Verdict.UNCONFIRMED, LOST))
    judged = finished(judge_all(document, trust, moment, own=bool(route)))
    if route:
        judged = _against_route(judged, route)
        findings += _of_route(judged, route)
    signatures = tuple(_facts(entry) for entry in judged)
    verdicts = [facts.verdict for facts in signatures] + [finding.verdict for finding in findings]
    return FileVerdict(
        verdict=max(verdicts, key=_RANK.__getitem__, default=Verdict.UNCONFIRMED),
        signatures=signatures,
        reasons=_unique(finding.reason for finding in findings),
        sha256=hashlib.sha256(pdf).hexdigest(),
        route=route,
    )


def _of_file(document: Document) -> Iterable[Finding]:
    if document.damaged:
        yield Finding(Verdict.INVALID, DAMAGED)
    if document.unknown:
        yield Finding(Verdict.UNCONFIRMED, UNKNOWN_KIND)
    if document.ambiguous:
        yield Finding(Verdict.UNCONFIRMED, AMBIGUOUS)
    if document.signatures:
        try:
            added = unexplained_tail(document)
        except BROKEN:
            added = True
        if added:
            yield Finding(Verdict.INVALID, TAIL)
    elif not (document.damaged or document.unknown):
        yield Finding(Verdict.UNCONFIRMED, NO_SIGNATURE)


def _route(document: Document, expected: tuple[RouteStep, ...], findings: list[Finding]) -> tuple[RouteStep, ...]:
    """The route as the first signer saw it: a later revision cannot speak for itself."""
    if expected:
        return expected
    try:
        if not document.signatures:
            return read_route(document.reader.root)
        first = document.reader.get_historical_resolver(document.signatures[0].signed_revision)
        return read_route(first.root)
    except BROKEN:  # also: RouteDamaged
        findings.append(Finding(Verdict.INVALID, ROUTE_DAMAGED))
        return ()


def _against_route(judged: Sequence[Judged], route: Sequence[RouteStep]) -> list[Judged]:
    """Each signature with what the route says about it."""
    planned = {step.field.value: step.certificate_sha256 for step in route}
    result = []
    for entry in judged:
        if entry.is_timestamp and entry.facts.field not in planned:
            result.append(entry)
        elif entry.is_timestamp or entry.facts.field not in planned:
            result.append(entry.with_finding(Finding(Verdict.INVALID, FOREIGN)))
        elif entry.certificate_sha256 != planned[entry.facts.field]:
            result.append(entry.with_finding(Finding(Verdict.INVALID, WRONG_PERSON)))
        else:
            result.append(entry)
    return result


def _of_route(judged: Sequence[Judged], route: Sequence[RouteStep]) -> Iterable[Finding]:
    signed = [entry.facts.field for entry in judged if not entry.is_timestamp]
    for reason in (WRONG_PERSON, FOREIGN):
        if any(reason in entry.facts.reasons for entry in map(_with_facts, judged)):
            yield Finding(Verdict.INVALID, reason)
    order = [step.field.value for step in route]
    made = [field for field in signed if field in order]
    if made != [field for field in order if field in made] or made != order[: len(made)]:
        yield Finding(Verdict.INVALID, OUT_OF_ORDER)
    for step in route:
        if step.field.value not in signed:
            yield Finding(Verdict.UNCONFIRMED, MISSING[step.field])


def _with_facts(entry: Judged) -> Judged:
    return replace(entry, facts=_facts(entry))


def _facts(entry: Judged) -> SignatureFacts:
    verdict = max((finding.verdict for finding in entry.findings), key=_RANK.__getitem__, default=Verdict.VALID)
    return replace(entry.facts, verdict=verdict, reasons=_unique(finding.reason for finding in entry.findings))


def _unique(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))
