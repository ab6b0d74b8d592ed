"""Content files as their authors wrote them: read, typed, not yet checked against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from lti_tool.curriculum import schema
from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.markup import Markup, parse
from lti_tool.curriculum.media_file import MediaFile
from lti_tool.curriculum.schema_words import validate
from lti_tool.curriculum.self_assessment_schema import SelfAssessmentSchema
from lti_tool.curriculum.versions import module_version
from lti_tool.curriculum.yaml_source import YamlSource, read_yaml

Report = Callable[[Problem], None]
Visit = Callable[["ModuleFiles | None", int, int], None]
_Schema = TypeVar("_Schema", bound=BaseModel)

_PAGE_NAME = re.compile(r"^[0-9]{2}-(?P<slug>[A-Za-z0-9][A-Za-z0-9._-]*)\.md$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<head>.*?\n)?---[ \t]*(?:\n|\Z)(?P<body>.*)\Z", re.DOTALL)
_HEAD_LINE = 2  # front matter starts below its first "---"


@dataclass(frozen=True, slots=True)
class PageFile:
    """pages/NN-slug.md."""

    name: str
    slug: str
    source: YamlSource
    head: schema.PageSchema
    body: Markup


@dataclass(frozen=True, slots=True)
class QuizFile:
    """quiz.yaml."""

    source: YamlSource
    body: schema.QuizSchema


@dataclass(frozen=True, slots=True)
class AssignmentFile:
    """assignment.yaml."""

    source: YamlSource
    body: schema.AssignmentSchema


@dataclass(frozen=True, slots=True)
class ModuleFiles:
    """One folder of `modules/`.

    Attributes:
        page_names: all pages' file names, also of those that could not be read.
        has_quiz: whether there is a quiz.yaml, readable or not.
        has_assignment: the same for an assignment.yaml.
        media: name -> file.
    """

    folder: str
    source: YamlSource
    body: schema.ModuleSchema
    pages: tuple[PageFile, ...]
    page_names: frozenset[str]
    quiz: QuizFile | None
    assignment: AssignmentFile | None
    has_quiz: bool
    has_assignment: bool
    media: Mapping[str, MediaFile]
    media_folder: str
    version: str

    def slugs(self) -> list[str]:
        """Slugs of all pages, also of those that could not be read."""
        return [name["slug"] for name in map(_PAGE_NAME.match, self.page_names) if name]


@dataclass(frozen=True, slots=True)
class CertificationFile:
    """certifications/<id>.yaml."""

    source: YamlSource
    body: schema.CertificationSchema


@dataclass(frozen=True, slots=True)
class SelfAssessmentFile:
    """self_assessment.yaml."""

    source: YamlSource
    body: SelfAssessmentSchema


@dataclass(frozen=True, slots=True)
class ContentFiles:
    """Everything in a content folder that could be read.

    Attributes:
        modules: without their pages and quizzes, which are looked at one module after the other.
        module_folders: names of all module folders, also of those that could not be read.
        certification_names: file names without suffix of all certifications, likewise.
    """

    source: YamlSource
    body: schema.CatalogueSchema | None
    modules: Mapping[str, ModuleFiles]
    certifications: Mapping[str, CertificationFile]
    module_folders: tuple[str, ...]
    certification_names: tuple[str, ...]
    self_assessment: SelfAssessmentFile | None = None

    def module_names(self) -> list[str] | None:
        """Every module there is or will be; None while the catalogue cannot tell."""
        return [*self.module_folders, *self.body.planned] if self.body else None


def read_content(content_dir: Path, report: Report, visit: Visit) -> ContentFiles:
    """Read a content folder; whatever cannot be read is reported and left out.

    Args:
        content_dir: holds catalogue.yaml, modules/ and certifications/.
        report: takes each problem.
        visit: is given each module as soon as it is read, with its number and how many there are. Afterwards its texts
            are forgotten, so that a large catalogue never lies in memory as a whole.
    """
    source = _yaml(content_dir / "catalogue.yaml", report)
    folders = [path for path in _listing(content_dir / "modules") if path.is_dir()]
    certifications = [p for p in _listing(content_dir / "certifications") if p.suffix in {".yaml", ".yml"}]
    modules: dict[str, ModuleFiles] = {}
    for number, folder in enumerate(folders, 1):
        module = read_module(folder, report)
        visit(module, number, len(folders))
        if module:
            modules[folder.name] = replace(module, pages=(), quiz=None, assignment=None)
    rules = {path.stem: _certification(path, report) for path in certifications}
    return ContentFiles(
        source=source,
        body=_validated(source, schema.CatalogueSchema, report),
        modules=modules,
        certifications={name: rule for name, rule in rules.items() if rule},
        module_folders=tuple(folder.name for folder in folders),
        certification_names=tuple(rules),
        self_assessment=_self_assessment(content_dir / "self_assessment.yaml", report),
    )


def read_catalogue(content_dir: Path, report: Report) -> schema.CatalogueSchema | None:
    """Read catalogue.yaml alone; None if it is unusable."""
    return _validated(_yaml(content_dir / "catalogue.yaml", report), schema.CatalogueSchema, report)


def read_module(folder: Path, report: Report) -> ModuleFiles | None:
    """Read one module; None if its module.yaml is unusable (its pages and quiz are reported on all the same)."""
    source = _yaml(folder / "module.yaml", report)
    body = _validated(source, schema.ModuleSchema, report)
    page_paths = [path for path in _listing(folder / "pages") if path.suffix == ".md"]
    pages = tuple(page for path in page_paths if (page := _page(path, report)))
    quiz = _quiz(folder / "quiz.yaml", report)
    assignment = _assignment(folder / "assignment.yaml", report)
    media = {path.name: MediaFile(path) for path in _listing(folder / "media") if path.is_file()}
    if body is None:
        return None
    return ModuleFiles(
        folder=folder.name,
        source=source,
        body=body,
        pages=pages,
        page_names=frozenset(path.name for path in page_paths),
        quiz=quiz,
        assignment=assignment,
        has_quiz=(folder / "quiz.yaml").is_file(),
        has_assignment=(folder / "assignment.yaml").is_file(),
        media=media,
        media_folder=(folder / "media").as_posix(),
        version=_version(folder, page_paths, media),
    )


def _version(folder: Path, page_paths: list[Path], media: Mapping[str, MediaFile]) -> str:
    written = [*(folder / name for name in ("module.yaml", "quiz.yaml", "assignment.yaml")), *page_paths]
    texts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in written if path.is_file()}
    return module_version(texts | {f"media/{name}": file.digest() for name, file in media.items()})


def _page(path: Path, report: Report) -> PageFile | None:
    file = path.as_posix()
    name = _PAGE_NAME.match(path.name)
    if not name:
        report(Problem(file, 1, 1, f"Der Dateiname {path.name} passt nicht", "nennen wie 02-ziele.md"))
        return None
    text = _text(path, report)
    parts = _FRONT_MATTER.match(text or "")
    if not parts:
        report(Problem(file, 1, 1, "Der Kopf der Seite fehlt", "mit ---, title, minutes und --- beginnen"))
        return None
    source = read_yaml(file, parts["head"] or "", report, first_line=_HEAD_LINE)
    head = _validated(source, schema.PageSchema, report)
    body = parse(parts["body"], first_line=1 + parts.string.count("\n", 0, parts.start("body")))
    return PageFile(path.name, name["slug"], source, head, body) if head else None


def _quiz(path: Path, report: Report) -> QuizFile | None:
    if not path.is_file():
        return None
    source = _yaml(path, report)
    body = _validated(source, schema.QuizSchema, report)
    return QuizFile(source, body) if body else None


def _assignment(path: Path, report: Report) -> AssignmentFile | None:
    if not path.is_file():
        return None
    source = _yaml(path, report)
    body = _validated(source, schema.AssignmentSchema, report)
    return AssignmentFile(source, body) if body else None


def _certification(path: Path, report: Report) -> CertificationFile | None:
    source = _yaml(path, report)
    body = _validated(source, schema.CertificationSchema, report)
    return CertificationFile(source, body) if body else None


def _self_assessment(path: Path, report: Report) -> SelfAssessmentFile | None:
    if not path.is_file():
        return None
    source = _yaml(path, report)
    body = _validated(source, SelfAssessmentSchema, report)
    return SelfAssessmentFile(source, body) if body else None


def _yaml(path: Path, report: Report) -> YamlSource:
    """Read a YAML file; `data` is None where there is nothing to read."""
    text = _text(path, report)
    if text is None:
        return YamlSource(path.as_posix(), None, {}, {}, {}, broken=True)
    return read_yaml(path.as_posix(), text, report)


def _text(path: Path, report: Report) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        report(Problem(path.as_posix(), 1, 1, "Die Datei ist kein UTF-8-Text", "als UTF-8 speichern"))
    except OSError:
        report(Problem(path.as_posix(), 1, 1, "Die Datei fehlt oder ist nicht lesbar", "anlegen oder Rechte prüfen"))
    return None


def _validated(source: YamlSource, kind: type[_Schema], report: Report) -> _Schema | None:
    """An unreadable file has been reported already; an empty one lacks all it needs."""
    if source.broken:
        return None
    return validate(source, kind, report)


def _listing(folder: Path) -> list[Path]:
    """Entries in the order of their names, without the hidden ones that editors and systems leave behind."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
