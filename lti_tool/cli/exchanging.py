"""Carry questions between quiz.yaml and the question banks of an LMS, and tell what stays behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from lti_tool.cli.contents import content_folder
from lti_tool.cli.german import CommandFailed
from lti_tool.curriculum.exchange.bank import Loss
from lti_tool.curriculum.exchange.carry import Carried, Format, carry_in, carry_out
from lti_tool.curriculum.exchange.quiz_yaml import questions_yaml
from lti_tool.curriculum.exchange.unreadable import Unreadable
from lti_tool.curriculum.files import ModuleFiles, read_module
from lti_tool.curriculum.yaml_source import read_yaml

_NEW_QUIZ = "pass_share: 0.6\nquestions:\n"


def import_questions(file: Path, module_id: str, folder: Path | None, target: str, source: str | None) -> Iterator[str]:
    """Add a bank's questions to a module's quiz; yield what to tell.

    Raises:
        CommandFailed: the file, the module or the quiz cannot be used.
    """
    module = _module(module_id, folder)
    known = [entry.id for entry in module.body.sources]
    source = source or known[0]
    if source not in known:
        raise CommandFailed(f"Die Quelle „{source}“ gibt es im Modul nicht. Vorhanden: {', '.join(known)}.")
    path = Path(module.source.file).parent / target
    before = path.read_text("utf-8") if path.exists() else _NEW_QUIZ
    taken = _taken(path, before)
    carried = _read(file, source, taken)
    if carried.questions:
        path.write_text(before.rstrip("\n") + "\n" + questions_yaml(carried.questions), "utf-8")
    yield _counted(len(carried.questions), f"steht jetzt in {path}", f"stehen jetzt in {path}")
    yield from _losses(carried.losses)
    if carried.questions:
        yield f"Als Quelle ist „{source}“ eingetragen. Prüfen: smartcity content check {folder or content_folder(None)}"


def _read(file: Path, source: str, taken: Sequence[str]) -> Carried:
    try:
        return carry_in(file.read_bytes(), source, taken)
    except OSError as error:
        raise CommandFailed(f"{file} ist nicht lesbar ({error.strerror}).") from None
    except Unreadable as error:
        raise CommandFailed(f"{file}: {error}.") from None


def _taken(path: Path, text: str) -> list[str]:
    """Return the ids in use, after making sure that questions can be added at the end of the file."""
    source = read_yaml(str(path), text, lambda _problem: None)
    questions = source.data.get("questions") if isinstance(source.data, dict) else None
    flow = source.place(("questions",)).line == source.keys[("questions",)].line if ("questions",) in source.keys else 1
    last = isinstance(source.data, dict) and [*source.data][-1:] == ["questions"]
    if source.broken or not last or (questions and flow) or not isinstance(questions or [], list):
        raise CommandFailed(
            f"{path} lässt sich nicht ergänzen: „questions“ muss die letzte Angabe sein. Oder nennen Sie mit --to eine"
            " andere Datei."
        )
    return [str(question.get("id")) for question in questions or [] if isinstance(question, dict)]


def export_questions(module_id: str, folder: Path | None, form: str, out: Path | None) -> Iterator[str]:
    """Write a module's quiz as a bank's file, to the screen where none is named; yield what to tell.

    Raises:
        CommandFailed: there is no such module, or its quiz has errors.
    """
    module = _module(module_id, folder)
    if module.quiz is None:
        raise CommandFailed(f"Das Modul {module_id} hat kein Quiz, oder es enthält Fehler. Siehe content check.")
    questions = module.quiz.body.questions
    text, losses = carry_out(module.body.title, questions, Format(form))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        left = sum(loss.whole for loss in losses)
        yield _counted(len(questions) - left, f"steht in {out}", f"stehen in {out}")
    yield from _losses(losses)


def _module(module_id: str, folder: Path | None) -> ModuleFiles:
    path = content_folder(folder) / "modules" / module_id
    module = read_module(path, lambda _problem: None) if path.is_dir() else None
    if module is None:
        raise CommandFailed(f"Das Modul {path} gibt es nicht, oder seine module.yaml enthält Fehler.")
    return module


def _losses(losses: Sequence[Loss]) -> Iterator[str]:
    """Name each reason once, with the questions it holds for."""
    for title, whole in (("Nicht übernommen:", True), ("Nur zum Teil übernommen:", False)):
        names: dict[str, list[str]] = {}
        for loss in losses:
            if loss.whole is whole:
                names.setdefault(loss.reason, []).append(loss.name)
        if names:
            yield title
            yield from (f"  {reason}: {', '.join(those)}" for reason, those in names.items())


def _counted(number: int, one: str, several: str) -> str:
    if not number:
        return "Keine Frage ist übernommen."
    return f"1 Frage {one}." if number == 1 else f"{number} Fragen {several}."
