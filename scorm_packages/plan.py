"""What goes into a package: decided before anything is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from lti_tool.curriculum.model import Certification, Module
from lti_tool.curriculum.questions import Question, Quiz
from scorm_packages.errors import PackageError
from scorm_packages.signpost import place_of

LARGEST_MEDIA = 200 * 1024 * 1024
LANGUAGES = ("de", "en")
MEDIA_PREFIX = "media"
"""What `load_catalogue` is to be given, together with `PAGE_HREF`, for modules that are packed."""
PAGE_HREF = "#page-{slug}"


class Edition(StrEnum):
    """Which standard a package follows."""

    SCORM12 = "1.2"
    SCORM2004 = "2004"
    SCORM2004_3RD = "2004-3"
    CMI5 = "cmi5"

    @property
    def suffix(self) -> str:
        return self.value if self is Edition.CMI5 else f"scorm{self.value.replace('.', '')}"


class Reporting(StrEnum):
    """What the LMS hears: the word for a passed module, and the word for one that is not passed."""

    PASSED_INCOMPLETE = "passed-incomplete"
    PASSED_FAILED = "passed-failed"
    COMPLETED_INCOMPLETE = "completed-incomplete"
    COMPLETED_FAILED = "completed-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How packages are to be made.

    Attributes:
        mastery: share of the points that passes; None for what each quiz says.
        language: of the player around the content.
        thin: the address that a package only points to, with {module} where the module's name belongs; empty for
            packages that hold the module.
    """

    edition: Edition = Edition.SCORM12
    reporting: Reporting = Reporting.PASSED_INCOMPLETE
    mastery: Fraction | None = None
    language: str = "de"
    thin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One module in a package, which is one SCO.

    Attributes:
        quiz: what the package asks and grades by itself; None where nothing is left.
        left_out: questions that a person marks; they are done in the course.
        folder: where its files lie in the archive, with a slash at the end; empty for the root.
        media: name -> file.
        place: where the module is done, if the package does not hold it.
    """

    module: Module
    quiz: Quiz | None
    left_out: tuple[Question, ...]
    media: MappingProxyType[str, Path]
    folder: str = ""
    place: str = ""

    def read_media(self) -> dict[str, bytes]:
        """Return the contents of all media.

        Raises:
            PackageError: one cannot be read.
        """
        with _readable(self.module):
            return {name: path.read_bytes() for name, path in self.media.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One archive.

    Attributes:
        name: the file's name.
        title: as the LMS shows it.
        subject: the module or certification.
        identifier: of the manifest; depends on nothing but the content and the wishes.
        summary: of a certification; a module has its own.
    """

    name: str
    title: str
    subject: str
    identifier: str
    units: tuple[Unit, ...]
    wishes: Wishes
    summary: str = ""


def plan_module(module: Module, content_dir: Path, wishes: Wishes) -> Plan:
    """Plan the package of one module.

    Raises:
        PackageError: its media cannot be packed.
    """
    return Plan(
        name=f"{_stem(module.id, wishes)}.zip",
        title=module.title,
        subject=module.id,
        identifier=f"smartcity-{module.id}-{module.version}-{_form(wishes)}",
        units=(_unit(module, content_dir, wishes),),
        wishes=wishes,
    )


def plan_certification(
    certification: Certification, modules: Sequence[Module], content_dir: Path, wishes: Wishes
) -> Plan:
    """Plan one package with a SCO for each module of a certification.

    Raises:
        PackageError: no module of it has been written, or media cannot be packed.
    """
    if not modules:
        raise PackageError(f"Von der Zertifizierung {certification.id} gibt es noch kein Modul.")
    units = tuple(
        replace(_unit(module, content_dir, wishes), folder=f"m{number:02}/") for number, module in enumerate(modules, 1)
    )
    versions = "".join(module.version[:4] for module in modules)
    return Plan(
        name=f"{_stem(certification.id, wishes)}.zip",
        title=certification.title,
        subject=certification.id,
        summary=certification.summary,
        identifier=f"smartcity-{certification.id}-{versions}-{_form(wishes)}",
        units=units,
        wishes=wishes,
    )


def _stem(name: str, wishes: Wishes) -> str:
    tongue = "" if wishes.language == LANGUAGES[0] else f"-{wishes.language}"
    return f"{name}-{_form(wishes)}{tongue}"


def _form(wishes: Wishes) -> str:
    if wishes.thin and wishes.edition is Edition.CMI5:
        raise PackageError("Wegweiser (--thin) gibt es für SCORM; bei cmi5 trägt das LMS die Adresse selbst ein.")
    return f"{wishes.edition.suffix}{'-thin' if wishes.thin else ''}"


def _unit(module: Module, content_dir: Path, wishes: Wishes) -> Unit:
    if wishes.thin:
        place = place_of(module.id, wishes.thin)
        return Unit(module=module, quiz=None, left_out=(), media=MappingProxyType({}), place=place)
    quiz, left_out = _packed_quiz(module.quiz, wishes) if module.quiz else (None, ())
    return Unit(module=module, quiz=quiz, left_out=left_out, media=_media(module, content_dir))


def _packed_quiz(quiz: Quiz, wishes: Wishes) -> tuple[Quiz | None, tuple[Question, ...]]:
    left_out = tuple(question for question in quiz.questions if question.marked_by_a_person)
    questions = tuple(question for question in quiz.questions if not question.marked_by_a_person)
    if not questions:
        return None, left_out
    there = Counter(question.pool for question in questions)
    pools = {name: min(count, there[name]) for name, count in quiz.pools.items() if there[name]}
    packed = replace(
        quiz,
        questions=questions,
        pools=MappingProxyType(pools),
        pass_share=wishes.mastery or quiz.pass_share,
    )
    return packed, left_out


def _media(module: Module, content_dir: Path) -> MappingProxyType[str, Path]:
    folder = content_dir / "modules" / module.id / "media"
    files = {name: folder / name for name in sorted(module.media)}
    with _readable(module):
        size = sum(path.stat().st_size for path in files.values())
    if size > LARGEST_MEDIA:
        raise PackageError(
            f"Die Medien des Moduls {module.id} sind zusammen größer als 200 MiB; bitte verkleinern Sie sie."
        )
    return MappingProxyType(files)


@contextmanager
def _readable(module: Module) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise PackageError(f"Die Datei {error.filename} fehlt; das Modul {module.id} nennt sie.") from error
    except OSError as error:
        raise PackageError(f"Die Datei {error.filename} lässt sich nicht lesen: {error.strerror}.") from error
