"""A learner's proofs: what can be had, the name it is issued to, and the documents to take along."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.credentials.pdf import certificate
from lti_tool.curriculum.model import Certification
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import Completion
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.proofs import (
    LONGEST_NAME,
    Offer,
    Proof,
    ProofKind,
    ProofState,
    UnwritableName,
    certificate_offer,
    participation_offer,
    readable_name,
)
from lti_tool.domain.renewal import Renewal, RenewalState, renewal, renewed_facts
from lti_tool.services.proof_keys import ProofKeys, ProofSigningKey
from lti_tool.services.proofs import Proofs
from lti_tool.web.certificates import completions_of
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("proofs", __name__, url_prefix=PREFIX))

_BADGE_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "jwt": "application/vc+jwt",
    "json": "application/vc+ld+json",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A proof that somebody asks for, and the form that asks for the name.

    Attributes:
        action: where the form goes.
        issue: stores it: (facts, name, keep_name=…, name_public=…).
        renewal: set where it takes the place of one that has ended or ends.
    """

    offer: Offer
    action: str
    issue: Callable[..., Proof]
    renewal: Renewal | None = None


@bp.get("/proofs")
def overview() -> ResponseReturnValue:
    """Every proof that was issued, and every one that can be had or is on the way."""
    actor, tool = current_actor(), current_tool()
    issued = proofs_of_tool().of_person(actor)
    standing = {(proof.facts.kind, proof.facts.subject_id) for proof in issued if _valid(proof)}
    offers = [offer for offer in _offers(actor, issued) if (offer.facts.kind, offer.facts.subject_id) not in standing]
    states = {proof.id: proof.state(tool.clock()) for proof in issued}
    return render_template("proofs.html", issued=issued, states=states, offers=offers)


@bp.get("/proofs/<any(certificate, participation):kind>/<subject_id>")
def ask(kind: str, subject_id: str) -> ResponseReturnValue:
    """The name it is to be issued to, or what is missing; a proof that is there already opens instead."""
    wanted = _offer(ProofKind(kind), subject_id)
    there = next((proof for proof in proofs_of_tool().of_person(current_actor()) if _same(proof, wanted.offer)), None)
    if there:
        return shown(there)
    return form(wanted, current_actor().person_name or "")


@bp.post("/proofs/<any(certificate, participation):kind>/<subject_id>")
def issue(kind: str, subject_id: str) -> ResponseReturnValue:
    """Issue it, once however often the button is pressed."""
    return issued_or_asked_again(_offer(ProofKind(kind), subject_id))


@bp.get("/proofs/<public_id>")
def show(public_id: str) -> ResponseReturnValue:
    """One proof: its documents, its address for verification, and how to have it changed."""
    return shown(proofs_of_tool().own(current_actor(), public_id))


@bp.post("/proofs/<public_id>/pdf")
def pdf(public_id: str) -> ResponseReturnValue:
    """The certificate; where the name was not kept, it has to be typed again."""
    proofs = proofs_of_tool()
    proof = proofs.own(current_actor(), public_id)
    name = proof.holder_name or _name()
    proofs.check_name(proof, name)
    response = make_response(_pdf(proof, name))
    response.mimetype = "application/pdf"
    return _attached(response, proof, "pdf")


@bp.get("/proofs/<public_id>/badge.<any(png, svg, jwt, json):form>")
def badge(public_id: str, form: str) -> ResponseReturnValue:
    """The Open Badge: as a picture with the credential baked in, or the credential alone."""
    proof = proofs_of_tool().own(current_actor(), public_id)
    badges, key = current_tool().badges, _key(proof)
    content: bytes | str
    if form == "json":
        content = json.dumps(badges.document(proof, key), ensure_ascii=False, indent=2)
    elif form == "jwt":
        content = badges.token(proof, key)
    else:
        content = badges.png(proof, key) if form == "png" else badges.svg(proof, key)
    return _attached(Response(content, content_type=_BADGE_TYPES[form]), proof, form)


@bp.post("/proofs/<public_id>/replace")
def replace(public_id: str) -> ResponseReturnValue:
    """Issue it anew, for example under a new name; the earlier one is revoked."""
    actor, proofs = current_actor(), proofs_of_tool()
    proof = proofs.own(actor, public_id)
    action = url_for("proofs.replace", public_id=public_id)
    replacing = partial(proofs.replace, actor, public_id)
    return issued_or_asked_again(Wanted(Offer(facts=proof.facts, missing=0), action, replacing))


@bp.post("/proofs/<public_id>/withdraw")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take it back."""
    proofs = proofs_of_tool()
    proofs.withdraw(current_actor(), public_id)
    commit()
    return shown(proofs.own(current_actor(), public_id))


def issued_or_asked_again(wanted: Wanted) -> ResponseReturnValue:
    """Issue and make the PDF once before anything is stored: a name that cannot be printed changes nothing."""
    if not wanted.offer.earned:
        raise Refusal(Code.PROOF_NOT_EARNED, f"{wanted.offer.missing} missing")
    try:
        name = _name()
        choices = {"keep_name": "keep_name" in request.form, "name_public": "name_public" in request.form}
        proof = wanted.issue(wanted.offer.facts, name, **choices)
        _pdf(proof, name)
    except UnwritableName as unwritable:
        db().rollback()
        fault = gettext(
            "Diese Zeichen kann die Urkunde nicht abbilden: %(characters)s. Bitte schreiben Sie den Namen ohne sie.",
            characters=unwritable.characters,
        )
        return form(wanted, request.form.get("name", ""), fault), Code.PROOF_BAD_NAME.status
    except Refusal as refusal:
        if refusal.code is not Code.PROOF_BAD_NAME:
            raise
        fault = gettext("Bitte geben Sie einen Namen mit höchstens %(number)s Zeichen ein.", number=LONGEST_NAME)
        return form(wanted, request.form.get("name", ""), fault), Code.PROOF_BAD_NAME.status
    commit()
    return shown(proof, typed_name=name)


def form(wanted: Wanted, name: str, fault: str = "") -> str:
    """Ask for the name, or say what is missing."""
    return render_template("proof_form.html", wanted=wanted, name=name, fault=fault, longest=LONGEST_NAME)


def shown(proof: Proof, typed_name: str = "") -> str:
    """Return the page of a proof."""
    tool = current_tool()
    return render_template(
        "proof.html",
        proof=proof,
        state=proof.state(tool.clock()),
        renewal=renewal_of(proof),
        address=tool.badges.address(proof.id),
        typed_name=proof.holder_name or typed_name,
        longest=LONGEST_NAME,
    )


def renewal_of(proof: Proof) -> Renewal | None:
    """Return how a certificate of this person is renewed; None for one that does not end or has been renewed."""
    tool, actor = current_tool(), current_actor()
    certification = tool.catalogue.certification(proof.facts.subject_id)
    if proof.valid_until is None or certification is None:
        return None
    issued = proofs_of_tool().of_person(actor)
    found = renewal(certification, tool.catalogue, issued, completions_of(actor), tool.clock())
    return found if found and found.proof.id == proof.id else None


def _offers(actor: Actor, issued: Sequence[Proof]) -> list[Offer]:
    """Return the certificates first, then the confirmations for modules that were begun."""
    catalogue = current_tool().catalogue
    completions = completions_of(actor)
    certificates = [_certificate(entry, issued, completions)[0] for entry in catalogue.certifications.values()]
    return certificates + [
        participation_offer(module, catalogue, completions[module.id])
        for module in catalogue.modules.values()
        if module.id in completions
    ]


def _certificate(
    certification: Certification, issued: Sequence[Proof], completions: Mapping[str, Completion]
) -> tuple[Offer, Renewal | None]:
    """Return a certificate's offer; of one that has ended, what its renewal asks for."""
    catalogue = current_tool().catalogue
    ending = renewal(certification, catalogue, issued, completions, current_tool().clock())
    if ending is None or ending.state is not RenewalState.OVER:
        return certificate_offer(certification, catalogue, completions), None
    facts = renewed_facts(ending, certification, catalogue, completions)
    return Offer(facts=facts, missing=ending.missing), ending


def _offer(kind: ProofKind, subject_id: str) -> Wanted:
    catalogue, actor, proofs = current_tool().catalogue, current_actor(), proofs_of_tool()
    completions = completions_of(actor)
    action = url_for("proofs.issue", kind=kind.value, subject_id=subject_id)
    issuing = partial(proofs.issue, actor)
    if kind is ProofKind.CERTIFICATE and (certification := catalogue.certification(subject_id)):
        offer, ending = _certificate(certification, proofs.of_person(actor), completions)
        return Wanted(offer, action, issuing, ending)
    if kind is ProofKind.PARTICIPATION and (module := catalogue.module(subject_id)):
        completion = completions.get(subject_id, Completion())
        return Wanted(participation_offer(module, catalogue, completion), action, issuing)
    raise Refusal(Code.CONTENT_UNKNOWN, f"no {kind.value} for {subject_id}")


def _same(proof: Proof, offer: Offer) -> bool:
    same = (proof.facts.kind, proof.facts.subject_id) == (offer.facts.kind, offer.facts.subject_id)
    return same and _valid(proof)


def _valid(proof: Proof) -> bool:
    return proof.state(current_tool().clock()) is ProofState.VALID


def _name() -> str:
    try:
        return readable_name(request.form.get("name", ""))
    except ValueError as error:
        raise Refusal(Code.PROOF_BAD_NAME, str(error)) from error


def _pdf(proof: Proof, name: str) -> bytes:
    badges, key = current_tool().badges, _key(proof)
    return certificate(
        proof,
        name,
        address=badges.address(proof.id),
        badge=badges.token(proof, key),
        signed_name=badges.signed_name(proof, name, key),
    )


def _key(proof: Proof) -> ProofSigningKey:
    tool = current_tool()
    keys = ProofKeys(db(), tool.clock, tool.settings.secret_key.get_secret_value())
    return keys.by_id(proofs_of_tool().key_id(proof))


def proofs_of_tool() -> Proofs:
    """Return the service, with what it needs."""
    tool = current_tool()
    return Proofs(db(), tool.clock, tool.settings.secret_key.get_secret_value())


def _attached(response: Response, proof: Proof, suffix: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{proof.facts.kind.value}-{proof.id}.{suffix}"'
    return response
