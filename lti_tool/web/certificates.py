"""The way to a certificate: which modules are done, which are missing, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Certification, Module
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import Completion, Route, is_passed, route
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.proofs import Offer, Proof, ProofKind, ProofState, participation_offer
from lti_tool.domain.renewal import renewal
from lti_tool.domain.why_not_yet import explain
from lti_tool.services.completions import Completions
from lti_tool.services.proofs import Proofs
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

bp = under_launch(Blueprint("certificates", __name__, url_prefix=PREFIX))

SINGLE_MODULES = "modules"
"""The third way beside the certificates: single modules, each with a proof of its own."""


@dataclass(frozen=True, slots=True)
class SingleModule:
    """A module as somebody sees it who closes a gap: what was reached, and the proof to be had."""

    module: Module
    completion: Completion
    offer: Offer

    @property
    def state(self) -> str:
        share = self.module.quiz.pass_share if self.module.quiz else Fraction(1)
        if is_passed(self.module, self.completion, share):
            return "done"
        return "begun" if self.completion != Completion() else "open"


@bp.get("/certificates")
def tracker() -> ResponseReturnValue:
    """One certification at a time; `?way=lotse` switches, `?way=modules` shows single modules."""
    tool, actor = current_tool(), current_actor()
    completions = completions_of(actor)
    surroundings = {
        "certifications": tool.catalogue.certifications.values(),
        "self_assessment": tool.catalogue.self_assessment,
    }
    if request.args.get("way") == SINGLE_MODULES:
        return render_template("tracker_modules.html", singles=_singles(completions), **surroundings)
    way = route(_chosen(), tool.catalogue, completions)
    issued = Proofs(db(), tool.clock, tool.settings.secret_key.get_secret_value()).of_person(actor)
    return render_template(
        "tracker.html",
        route=way,
        rules=explain(way),
        certificate=_certificate(issued, way.certification),
        renewal=renewal(way.certification, tool.catalogue, issued, completions, tool.clock()),
        **surroundings,
    )


def install(app: Flask) -> None:
    """Give templates `way_card(module)`: how far the person is on the way that this module lies on."""

    def way_card(module: Module) -> Route | None:
        actor, catalogue = current_actor(), current_tool().catalogue
        on_the_way = [rule for rule in catalogue.certifications.values() if module.id in rule.module_ids]
        if not on_the_way or not actor.keeps_progress:
            return None
        completions = completions_of(actor)
        return max((route(rule, catalogue, completions) for rule in on_the_way), key=lambda way: way.share)

    app.jinja_env.globals["way_card"] = way_card


def completions_of(actor: Actor) -> Mapping[str, Completion]:
    """Return what a person has reached, by module; modules not begun are missing."""
    tool = current_tool()
    return Completions(db(), tool.clock, tool.catalogue).of(actor)


def passed_modules(actor: Actor) -> frozenset[str]:
    """Return the ids of the modules a person needs no more."""
    return frozenset(module_id for module_id, completion in completions_of(actor).items() if completion.passed)


def _singles(completions: Mapping[str, Completion]) -> list[SingleModule]:
    catalogue = current_tool().catalogue
    return [
        SingleModule(
            module,
            completion := completions.get(module.id, Completion()),
            participation_offer(module, catalogue, completion),
        )
        for module in catalogue.modules.values()
    ]


def _certificate(issued: Sequence[Proof], certification: Certification) -> Proof | None:
    """Return the certificate somebody has; a rule that changed since does not take it back."""
    tool = current_tool()
    return next(
        (
            proof
            for proof in issued
            if (proof.facts.kind, proof.facts.subject_id) == (ProofKind.CERTIFICATE, certification.id)
            and proof.state(tool.clock()) is ProofState.VALID
        ),
        None,
    )


def _chosen() -> Certification:
    certifications = current_tool().catalogue.certifications
    named = certifications.get(request.args.get("way", ""))
    if named is None:
        named = certifications.get(current_actor().way or "")
    chosen = named or next(iter(certifications.values()), None)
    if chosen is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "the content has no certification")
    return chosen
