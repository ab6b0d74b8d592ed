"""Which language a page speaks: the launch's, else the browser's; German first."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations
from flask import Flask, g, request
from flask_babel import Babel
from markupsafe import Markup

from lti_tool.web.launch_session import acting

LANGUAGES = ("de", "en")
SOURCE_LANGUAGE = "de"
_CATALOGUES: dict[str, NullTranslations] = {
    "de": NullTranslations(),
    "en": Translations.load(Path(__file__).parent / "translations", ["en"]),
}


@lru_cache
def spoken(locale: str) -> str:
    """Return the language for a platform's locale: "de", "de_du", "de-AT" are German, anything else is English."""
    return "de" if locale.lower().replace("_", "-").partition("-")[0] == "de" else "en"


def language() -> str:
    """Return the language of this request: the launch's, that of a launch being refused, or the browser's."""
    actor = acting()
    locale: str | None = actor.locale if actor else g.get("locale")
    if locale:
        return spoken(locale)
    return request.accept_languages.best_match(LANGUAGES, SOURCE_LANGUAGE) or SOURCE_LANGUAGE


def install(app: Flask) -> None:
    """Translate: the German sentence is the message id, so German needs no catalogue.

    A template asks dozens of times per page; it gets its sentences straight from the catalogue, which costs a tenth of
    the way through the machinery of Flask-Babel and of Jinja's own extension.
    """
    Babel(app, default_locale=SOURCE_LANGUAGE, locale_selector=language)  # type: ignore[no-untyped-call]  # no types
    app.jinja_env.globals.update(
        language=language, _=_sentence, gettext=_sentence, ngettext=_counted, pgettext=_in_context
    )


def gettext(german: str, **values: object) -> str:
    """Return a sentence in the language of this request, its places filled."""
    found = _CATALOGUES[language()].gettext(german)
    return found % values if values else found


def ngettext(one: str, several: str, number: int, **values: object) -> str:
    """Return the form that fits the number, its places filled (the number itself as `num`)."""
    return _CATALOGUES[language()].ngettext(one, several, number) % {"num": number, **values}


def _sentence(german: str, **values: object) -> Markup:
    """The same for a template: the sentence is ours and may hold markup, what fills its places is escaped."""
    found = _marked_up(language(), german)
    return found % values if values else found


@lru_cache(maxsize=4096)
def _marked_up(spoken_language: str, german: str) -> Markup:
    return Markup(_CATALOGUES[spoken_language].gettext(german))  # noqa: S704 -- our own sentences


def _in_context(context: str, german: str) -> Markup:
    """A word with two meanings, in one of them: German says „Anmelden“ where English signs in or signs up."""
    return Markup(_CATALOGUES[language()].pgettext(context, german))  # noqa: S704 -- our own sentences


def _counted(one: str, several: str, number: int, **values: object) -> Markup:
    found = Markup(_CATALOGUES[language()].ngettext(one, several, number))  # noqa: S704 -- our own sentences
    return found % {"num": number, **values}
