"""Whether a proof is valid: public pages, for whoever scans the QR code, and what other programs need to check a badge.

Nobody needs an account, nothing can be listed, and no name is shown unless the holder wants it.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.credentials.verify import LARGEST_FILE, Fault, Genuine, NoProof, check
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.proofs import Proof
from lti_tool.services.proof_keys import ProofKeys
from lti_tool.services.proofs import PublicProofs
from lti_tool.web.languages import language
from lti_tool.web.rate import limit_rate
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

bp = Blueprint("verification", __name__)

_PAGE_SECONDS = 300
_DOCUMENT_SECONDS = 3600
_ID_LENGTH = 22


@bp.before_request
def _protect() -> None:
    limit_rate("verification")


@bp.after_request
def _hide_from_search(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/v/<public_id>")
def proof(public_id: str) -> ResponseReturnValue:
    """The verdict first, then the facts. Anything unknown is "not found", whatever it looks like."""
    found = PublicProofs(db()).find(public_id) if len(public_id) == _ID_LENGTH else None
    return _verdict(found)


@bp.get("/v/")
def ask() -> ResponseReturnValue:
    """The form that takes a file."""
    return _kept(render_template("verification_file.html", genuine=None, fault=None), _DOCUMENT_SECONDS)


@bp.post("/v/")
def uploaded() -> ResponseReturnValue:
    """Check a PDF or badge: its signature, and whether it was revoked meanwhile. The file is not kept."""
    request.max_content_length = LARGEST_FILE + 10_000
    given = request.files.get("file")
    content = given.read(LARGEST_FILE + 1) if given else b""
    try:
        genuine = check(content, _key_document())
    except NoProof as no_proof:
        return render_template("verification_file.html", genuine=None, fault=no_proof.fault, issuer=no_proof.issuer)
    except (ValueError, RecursionError):  # a file made to break a reader
        return render_template("verification_file.html", genuine=None, fault=Fault.NO_PROOF)
    return _verdict(PublicProofs(db()).find(genuine.proof_id), genuine)


@bp.get("/.well-known/did.json")
def key_document() -> ResponseReturnValue:
    """The public keys of this issuer (did:web)."""
    response = jsonify(_key_document())
    response.headers["Cache-Control"] = f"public, max-age={_DOCUMENT_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"  # public, and read by verifiers that run in a browser
    return response


@bp.get("/v/status/<int:number>")
def status_list(number: int) -> ResponseReturnValue:
    """One list of revocations (Bitstring Status List 1.0)."""
    proofs, tool = PublicProofs(db()), current_tool()
    if not 1 <= number <= proofs.newest_list():
        raise Refusal(Code.NOT_FOUND, "no such list")
    token = tool.badges.status_list(number, proofs.revoked(number), _keys().current(), tool.clock())
    response = Response(token, content_type="application/vc+jwt")
    response.headers["Cache-Control"] = f"public, max-age={_PAGE_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/v/competences")
def competences() -> ResponseReturnValue:
    """What the competence tags in badges mean."""
    page = render_template("competences.html", names=current_tool().catalogue.competence_names(language()))
    return _kept(page, _DOCUMENT_SECONDS)


def _verdict(found: Proof | None, genuine: Genuine | None = None) -> Response:
    state = found.state(current_tool().clock()) if found else None
    response = _kept(render_template("verification.html", proof=found, state=state, genuine=genuine), _PAGE_SECONDS)
    if found is None:
        response.status_code = Code.NOT_FOUND.status
    if genuine:
        response.headers["Cache-Control"] = "no-store"
    return response


def _kept(page: str, seconds: int) -> Response:
    response = Response(page)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Vary"] = "Accept-Language"
    return response


def _key_document() -> dict[str, object]:
    keys = _keys().all()
    if not keys:
        raise Refusal(Code.NOT_FOUND, "no proof was issued yet")
    return current_tool().badges.key_document(keys)


def _keys() -> ProofKeys:
    tool = current_tool()
    return ProofKeys(db(), tool.clock, tool.settings.secret_key.get_secret_value())
