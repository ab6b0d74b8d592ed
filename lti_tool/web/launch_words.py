"""Words for the list of launches on the platform page."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.curriculum.model import Catalogue
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.domain.roles import Role
from lti_tool.services.latest_launches import SeenLaunch
from lti_tool.web.placement import PICKER, REVIEW

_PARTS: Mapping[Role | None, LazyString] = {
    Role.ADMINISTRATOR: _("Administration"),
    Role.INSTRUCTOR: _("Lehrkraft"),
    Role.LEARNER: _("lernende Person"),
    None: _("ohne Rolle im Kurs"),
}
_PAGES: Mapping[str, LazyString] = {
    ContentKind.TRACKER: _("Zertifikatsstand"),
    PICKER: _("Auswahl von Inhalten"),
    REVIEW: _("Einsicht in ein Ergebnis"),
}


def part_words(launch: SeenLaunch) -> str:
    """Say as what somebody came."""
    return str(_PARTS[launch.part])


def content_words(launch: SeenLaunch, catalogue: Catalogue) -> str:
    """Say what a launch opened."""
    if launch.kind in _PAGES:
        return str(_PAGES[launch.kind])
    module = catalogue.module(launch.module_id or "")
    title = module.title if module else launch.module_id or launch.kind
    return gettext("Quiz: %(title)s", title=title) if launch.kind == ContentKind.QUIZ else title
