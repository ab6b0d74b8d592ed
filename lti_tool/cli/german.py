"""Click in German: help pages, and one clear sentence for each wrong use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import click

_HEADINGS = {"Options": "Optionen", "Commands": "Befehle"}
_EXPECTED = {"integer": "eine ganze Zahl", "integer range": "eine ganze Zahl im erlaubten Bereich"}


class CommandFailed(click.ClickException):
    """A command cannot do its work; the message is one German sentence that says why and what to do."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to standard error."""
        click.echo(f"Fehler: {self.format_message()}", file=file, err=file is None)


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Aufruf: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        german = [(term, text.replace("[required]", "(Pflicht)")) for term, text in rows]
        super().write_dl(german, col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command with German help."""

    context_class = _Context

    def __init__(self, *args: Any, **attrs: Any) -> None:
        attrs.setdefault("options_metavar", "[OPTIONEN]")
        super().__init__(*args, **attrs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Say in German what `--help` does."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Diese Hilfe zeigen."
        return option


class Group(Command, click.Group):
    """A group of commands with German help."""

    command_class = Command

    def __init__(self, *args: Any, **attrs: Any) -> None:
        attrs.setdefault("subcommand_metavar", "BEFEHL …")
        super().__init__(*args, **attrs)


Group.group_class = Group


def explain(error: click.UsageError) -> str:
    """Return the German sentence for a wrong use, with a hint at the help page."""
    path = error.ctx.command_path if error.ctx else "smartcity"
    return f"{_what_is_wrong(error)} Hilfe: {path} --help"


def _what_is_wrong(error: click.UsageError) -> str:
    match error:
        case click.exceptions.NoSuchOption():
            return f"Die Option {error.option_name} gibt es nicht.{_alternatives(error.possibilities)}"
        case click.exceptions.NoSuchCommand():
            return f"Den Befehl „{error.command_name}“ gibt es nicht.{_alternatives(error.possibilities)}"
        case click.MissingParameter() if error.param is not None:
            return f"Die Angabe {error.param.opts[0]} fehlt."
        case click.BadParameter() if error.param is not None:
            expected = _expected(error.param.type)
            return f"Der Wert für {error.param.opts[0]} passt nicht: erwartet ist {expected}."
        case click.BadOptionUsage():
            return f"Die Option {error.option_name} ist unvollständig oder hat einen Wert zu viel."
        case _:
            return "So lässt sich der Befehl nicht aufrufen."


def _expected(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return " oder ".join(map(str, kind.choices))
    return _EXPECTED.get(kind.name, "ein anderer Wert")


def _alternatives(possibilities: list[str] | None) -> str:
    return f" Meinten Sie {' oder '.join(possibilities)}?" if possibilities else ""
