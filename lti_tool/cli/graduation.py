"""`smartcity certificate batch`: everybody's certificate as PDF in a folder, as for a graduation evening.

It may be stopped and started again at any time: a certificate that is there is never issued twice, and a file that is
there is not made again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.cli.acting import acting, now
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.credentials.badge import Badges
from lti_tool.credentials.pdf import certificate
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.proofs import UnwritableName
from lti_tool.services.graduations import Graduate, Graduations
from lti_tool.services.proof_keys import ProofKeys
from lti_tool.services.proofs import Proofs
from lti_tool.settings import Settings

AT_ONCE = 25
"""People in one transaction; so many at most have to be made again after a stop."""


class Outcome(StrEnum):
    """What became of one person's certificate."""

    WRITTEN = "geschrieben"
    THERE = "lag schon da"
    NO_NAME = "ohne Namen: Das LMS schickt keinen"
    OTHER_NAME = "hat schon eins unter anderem Namen"
    UNWRITABLE = "Name mit Zeichen, die die Urkunde nicht abbilden kann"


@dataclass(frozen=True, slots=True)
class _Evening:
    settings: Settings
    catalogue: Catalogue
    certification: Certification
    folder: Path


def issue_all(certification_id: str, registration_id: int, folder: Path) -> Iterator[str]:
    """Yield how far it is, and at the end what came out.

    Raises:
        CommandFailed: no such course, or the folder cannot be written.
    """
    evening = _evening(certification_id, folder)
    with acting(evening.settings) as session:
        graduates = _graduations(session, evening).graduates(registration_id, evening.certification)
    outcomes: Counter[Outcome] = Counter()
    waiting = iter(graduates)
    while some := list(islice(waiting, AT_ONCE)):
        outcomes.update(_issue_some(evening, some))
        yield f"{outcomes.total()} von {len(graduates)}"
    yield f"{len(graduates)} Personen haben „{evening.certification.title}“ erreicht. Ordner: {folder}"
    for outcome in Outcome:
        if outcomes[outcome]:
            yield f"  {outcomes[outcome]}-mal {outcome}"


def _evening(certification_id: str, folder: Path) -> _Evening:
    settings = settings_from_environment()
    catalogue = load_catalogue(settings.content_dir)
    certification = catalogue.certification(certification_id)
    if certification is None:
        raise CommandFailed(f"Den Lehrgang {certification_id} gibt es nicht: {', '.join(catalogue.certifications)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandFailed(f"{folder}: nicht schreibbar ({error.strerror}).") from None
    return _Evening(settings, catalogue, certification, folder)


def _issue_some(evening: _Evening, graduates: Sequence[Graduate]) -> list[Outcome]:
    """Issue in one transaction, then write the files: a file never stands for a certificate that was not stored."""
    with acting(evening.settings) as session:
        made = [_issue(session, evening, graduate) for graduate in graduates]
    for path, content in (one for one in made if not isinstance(one, Outcome)):
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return [one if isinstance(one, Outcome) else Outcome.WRITTEN for one in made]


def _issue(session: Session, evening: _Evening, graduate: Graduate) -> Outcome | tuple[Path, bytes]:
    if graduate.name is None:
        return Outcome.NO_NAME
    try:
        with session.begin_nested():
            return _make(session, evening, graduate, graduate.name)
    except UnwritableName:
        return Outcome.UNWRITABLE
    except Refusal as refusal:
        if refusal.code is not Code.PROOF_OTHER_NAME:
            raise
        return Outcome.OTHER_NAME


def _make(session: Session, evening: _Evening, graduate: Graduate, name: str) -> Outcome | tuple[Path, bytes]:
    proof = _graduations(session, evening).issue(graduate, evening.certification)
    path = evening.folder / f"{proof.id}.pdf"
    if path.exists():
        return Outcome.THERE
    secret = evening.settings.secret_key.get_secret_value()
    badges = Badges(evening.settings.base_url)
    key = ProofKeys(session, now, secret).by_id(Proofs(session, now, secret).key_id(proof))
    content = certificate(
        proof,
        name,
        address=badges.address(proof.id),
        badge=badges.token(proof, key),
        signed_name=badges.signed_name(proof, name, key),
    )
    return path, content


def _graduations(session: Session, evening: _Evening) -> Graduations:
    return Graduations(session, now, evening.settings.secret_key.get_secret_value(), evening.catalogue)
