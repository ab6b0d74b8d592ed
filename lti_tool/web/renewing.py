"""Renewing a certificate before it ends; one that has ended is issued anew (`web.proofs`)."""

from __future__ import annotations

from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.proofs import Offer, Proof
from lti_tool.domain.renewal import renewed_facts
from lti_tool.services.proofs import Proofs
from lti_tool.web.certificates import completions_of
from lti_tool.web.launch_session import current_actor
from lti_tool.web.proofs import Wanted, bp, form, issued_or_asked_again, proofs_of_tool, renewal_of, shown
from lti_tool.web.tool import current_tool


@bp.get("/proofs/<public_id>/renew")
def ask_to_renew(public_id: str) -> ResponseReturnValue:
    """The name the next one is to be issued to, or what is missing; where there is a next one, that."""
    proofs = proofs_of_tool()
    proof = proofs.own(current_actor(), public_id)
    wanted = _wanted(proofs, proof)
    return form(wanted, proof.holder_name or current_actor().person_name or "") if wanted else shown(_newest(proof))


@bp.post("/proofs/<public_id>/renew")
def renew(public_id: str) -> ResponseReturnValue:
    """Issue the next one, once however often the button is pressed; the earlier one counts until its end."""
    proofs = proofs_of_tool()
    proof = proofs.own(current_actor(), public_id)
    wanted = _wanted(proofs, proof)
    if wanted is None:
        return shown(_newest(proof))
    if wanted.renewal is None or not wanted.renewal.possible:
        raise Refusal(Code.PROOF_NOT_EARNED, f"{wanted.offer.missing} missing")
    return issued_or_asked_again(wanted)


def _wanted(proofs: Proofs, proof: Proof) -> Wanted | None:
    """Return the renewal of a certificate; None for one that is not the newest, or does not end."""
    current, catalogue = renewal_of(proof), current_tool().catalogue
    certification = catalogue.certification(proof.facts.subject_id)
    if current is None or certification is None:
        return None
    actor = current_actor()
    facts = renewed_facts(current, certification, catalogue, completions_of(actor))
    action = url_for("proofs.renew", public_id=proof.id)
    return Wanted(Offer(facts=facts, missing=current.missing), action, partial(proofs.renew, actor, proof.id), current)


def _newest(proof: Proof) -> Proof:
    """Return the newest proof of the same."""
    same = (proof.facts.kind, proof.facts.subject_id)
    everything = proofs_of_tool().of_person(current_actor())
    return next(one for one in everything if (one.facts.kind, one.facts.subject_id) == same)
