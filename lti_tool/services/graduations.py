"""Certificates for everybody who has earned one, as for a graduation evening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.db.models import LtiUser, ModuleProgress
from lti_tool.domain.actor import Learner
from lti_tool.domain.certification import Completion, route
from lti_tool.domain.proofs import Proof, certificate_facts, readable_name
from lti_tool.domain.renewal import RenewalState, renewal
from lti_tool.services.completions import Completions
from lti_tool.services.ports import Clock
from lti_tool.services.proofs import Proofs


@dataclass(frozen=True, slots=True)
class Graduate:
    """Somebody who has earned a certificate; `name` as the platform sends it, None if it sends none."""

    learner: Learner
    name: str | None


class Graduations:
    """The people of one platform and one certification."""

    def __init__(self, session: Session, clock: Clock, secret_key: str, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue
        self._proofs = Proofs(session, clock, secret_key)

    def graduates(self, registration_id: int, certification: Certification) -> Sequence[Graduate]:
        """Return everybody who has earned it, in an order that stays the same."""
        completions = Completions(self._session, self._clock, self._catalogue)
        begun = select(ModuleProgress.user_id).where(ModuleProgress.registration_id == registration_id)
        people = self._session.execute(
            select(LtiUser.id, LtiUser.name)
            .where(LtiUser.registration_id == registration_id, LtiUser.id.in_(begun))
            .order_by(LtiUser.id)
        )
        everybody = [Graduate(Learner(registration_id, user_id), _readable(name)) for user_id, name in people.all()]
        return [one for one in everybody if self._has_earned(one, certification, completions.of(one.learner))]

    def _has_earned(
        self, graduate: Graduate, certification: Certification, completions: Mapping[str, Completion]
    ) -> bool:
        """A certificate that has ended is earned anew by its refreshers."""
        if not route(certification, self._catalogue, completions).earned:
            return False
        issued = self._proofs.of_person(graduate.learner)
        ending = renewal(certification, self._catalogue, issued, completions, self._clock())
        return ending is None or ending.state is not RenewalState.OVER or ending.possible

    def issue(self, graduate: Graduate, certification: Certification) -> Proof:
        """Issue the certificate, or return the one that is there. The name is not stored.

        Raises:
            ValueError: the platform sends no name.
            Refusal: `proof.other_name` if there is one under another name.
        """
        if graduate.name is None:
            raise ValueError("a certificate needs a name")
        facts = certificate_facts(certification, self._catalogue)
        proof = self._proofs.issue(graduate.learner, facts, graduate.name, keep_name=False, name_public=False)
        self._proofs.check_name(proof, graduate.name)
        return proof


def _readable(name: str | None) -> str | None:
    try:
        return readable_name(name or "")
    except ValueError:
        return None
