"""Build and check SCORM packages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import click

from lti_tool.cli.german import CommandFailed
from lti_tool.curriculum.errors import ContentErrors
from lti_tool.curriculum.loader import load_catalogue, load_modules, written_modules
from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.packaged import PACKAGED_CONTENT
from scorm_packages.archive import check_free
from scorm_packages.build import Package, build
from scorm_packages.errors import Finding, PackageError, Severity
from scorm_packages.plan import (
    LANGUAGES,
    MEDIA_PREFIX,
    PAGE_HREF,
    Edition,
    Plan,
    Reporting,
    Wishes,
    plan_certification,
    plan_module,
)
from scorm_packages.verify import verify

_Choice = TypeVar("_Choice", bound=StrEnum)
_KIB = 1024


def build_packages(
    *,
    modules: Sequence[str],
    every: bool,
    certification: str | None,
    edition: str,
    reporting: str,
    mastery: int | None,
    lang: str,
    thin: str,
    content_dir: Path | None,
    out: Path,
    force: bool,
    as_json: bool,
) -> None:
    """Build what is asked for and print name, size and SHA-256 of each package.

    Raises:
        CommandFailed: with the first package that cannot be built or written; those before it stay.
    """
    wishes = Wishes(
        edition=_chosen(Edition, edition, "--edition"),
        reporting=_chosen(Reporting, reporting, "--reporting"),
        mastery=Fraction(mastery, 100) if mastery else None,
        language=_language(lang),
        thin=thin,
    )
    content = content_dir or PACKAGED_CONTENT
    if (bool(modules) + every + bool(certification)) != 1:
        raise CommandFailed("Nennen Sie Module, oder geben Sie --all oder --certification an.")
    try:
        if certification:
            plans = [_certification_plan(_catalogue(content), content, wishes, certification)]
        else:
            found = _catalogue(content).modules.values() if every else _named(content, modules)
            plans = [plan_module(module, content, wishes) for module in found]
        if not force:
            for plan in plans:
                check_free(out / plan.name)
        rows = [_row(*_built(plan, out, replace=force)) for plan in _with_progress(plans, quiet=as_json)]
    except PackageError as error:
        raise CommandFailed(str(error)) from error
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else "\n".join(map(_line, rows)))


def verify_packages(files: Sequence[Path], *, as_json: bool) -> int:
    """Print every finding; return the exit code.

    Raises:
        CommandFailed: a file cannot be read.
    """
    found: list[tuple[Path, Finding]] = []
    for file in files:
        try:
            found += [(file, finding) for finding in verify(file.read_bytes())]
        except OSError as error:
            raise CommandFailed(f"Die Datei {file} lässt sich nicht lesen: {error.strerror}.") from error
    errors = sum(finding.severity is Severity.ERROR for _, finding in found)
    if as_json:
        rows = [_finding(file, finding) for file, finding in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        lines = [f"{_LABELS[finding.severity]} {file}: {finding}" for file, finding in found]
        click.echo("\n".join([*lines, f"{errors} Fehler, {len(found) - errors} Warnungen in {len(files)} Dateien"]))
    return 1 if errors else 0


def preview_package(file: Path, port: int, *, scorm_again: bool) -> None:
    """Serve a package until somebody ends it.

    Raises:
        CommandFailed: it cannot be read, is unsafe, or the port is taken.
    """
    from scorm_packages.preview import fetch, preview_server, run_time

    try:
        if scorm_again:
            fetch()
        server = preview_server(file.read_bytes(), port)
    except OSError as error:
        raise CommandFailed(f"Die Datei {file} lässt sich nicht lesen: {error.strerror}.") from error
    except PackageError as error:
        raise CommandFailed(str(error)) from error
    click.echo(f"Vorschau: http://127.0.0.1:{server.server_port}/ (Strg+C beendet sie)\n{run_time()}")
    try:
        server.serve_forever()
    finally:
        server.server_close()


_LABELS = {Severity.ERROR: "Fehler:  ", Severity.WARNING: "Warnung: "}


def _finding(file: Path, finding: Finding) -> dict[str, str]:
    return {
        "package": str(file),
        "file": finding.file,
        "severity": finding.severity.value,
        "what": finding.what,
        "mend": finding.mend,
    }


def _chosen(kind: type[_Choice], value: str, option: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise CommandFailed(f"{option} kennt „{value}“ nicht; möglich sind {', '.join(kind)}.") from None


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise CommandFailed(f"--lang kennt „{value}“ nicht; möglich sind {', '.join(LANGUAGES)}.")
    return value


@contextmanager
def _readable(content: Path) -> Iterator[None]:
    if not content.is_dir():
        raise CommandFailed(f"Den Ordner {content} gibt es nicht. Geben Sie den Ordner mit catalogue.yaml an.")
    try:
        yield
    except ContentErrors as errors:
        count = len(errors.problems)
        raise CommandFailed(
            f"Die Inhalte haben {count} Problem(e); smartcity content check {content} nennt sie. Das erste: "
            f"{errors.problems[0]}"
        ) from errors


def _catalogue(content: Path) -> Catalogue:
    with _readable(content):
        return load_catalogue(content, MEDIA_PREFIX, page_href=PAGE_HREF)


def _named(content: Path, modules: Sequence[str]) -> Sequence[Module]:
    """Read these modules alone: a fault in another one, or a large catalogue, keeps nobody waiting."""
    with _readable(content):
        there = written_modules(content)
        names = list(dict.fromkeys(modules))
        unknown = [name for name in names if name not in there]
        if unknown:
            raise CommandFailed(f"Das Modul {unknown[0]} gibt es nicht.{_known(there)}")
        return load_modules(content, names, MEDIA_PREFIX, page_href=PAGE_HREF)


def _certification_plan(catalogue: Catalogue, content: Path, wishes: Wishes, certification: str) -> Plan:
    rule = catalogue.certification(certification)
    if rule is None:
        raise CommandFailed(f"Die Zertifizierung {certification} gibt es nicht.{_known(catalogue.certifications)}")
    written = [module for name in rule.module_ids if (module := catalogue.module(name))]
    return plan_certification(rule, written, content, wishes)


def _known(names: Iterable[str]) -> str:
    return f" Es gibt: {', '.join(names)}."


def _built(plan: Plan, out: Path, *, replace: bool) -> tuple[Package, Path]:
    package = build(plan)
    return package, package.write(out, replace=replace)


def _with_progress(plans: Sequence[Plan], *, quiet: bool) -> Iterator[Plan]:
    """Show a bar on a terminal, on the way that a pipe does not take."""
    if quiet or not sys.stderr.isatty():
        yield from plans
        return
    with click.progressbar(plans, label="Pakete", file=sys.stderr) as bar:
        yield from bar


def _row(package: Package, path: Path) -> dict[str, str | int]:
    return {"file": str(path), "bytes": len(package.data), "sha256": package.sha256}


def _line(row: dict[str, str | int]) -> str:
    return f"{row['file']}  {-(-int(row['bytes']) // _KIB)} KiB  sha256 {row['sha256']}"
