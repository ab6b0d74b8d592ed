"""Where a grade is on its way into the learning platform, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.curriculum.model import Part
from lti_tool.domain.actor import Actor
from lti_tool.domain.delivery import Reason
from lti_tool.domain.grade_column import NoGrades
from lti_tool.domain.scores import Delivery
from lti_tool.services.scores import ScoreState
from lti_tool.web.wording import clock_time


@dataclass(frozen=True, slots=True)
class GradeLine:
    """`advice` says what to do, where there is something to do or to know."""

    state: Literal["none", "waiting", "sent", "failed"]
    text: LazyString | str
    advice: LazyString | str | None = None


REASONS: Mapping[Reason, LazyString] = {
    Reason.UNKNOWN_KEY: _("Die Lernplattform erkennt den Schlüssel von Smart City Lernen nicht an."),
    Reason.INVALID_SCOPE: _("Die Lernplattform lässt Bewertungen von Smart City Lernen nicht zu."),
    Reason.TOKEN_REFUSED: _("Die Lernplattform hat die Anmeldung von Smart City Lernen abgelehnt."),
    Reason.FORBIDDEN: _("Die Lernplattform hat die Übertragung untersagt."),
    Reason.NO_COLUMN: _("Für diese Aktivität gibt es im Kurs keine Bewertungsspalte."),
    Reason.PERSON_NOT_GRADABLE: _("Die Lernplattform nimmt für Ihre Rolle im Kurs keine Bewertung an."),
    Reason.NOT_NEWER: _("Die Lernplattform hat schon eine spätere Bewertung gespeichert."),
    Reason.RATE_LIMITED: _("Die Lernplattform bittet, mit der Übertragung zu warten."),
    Reason.PLATFORM_UNAVAILABLE: _("Die Lernplattform ist gerade nicht erreichbar."),
    Reason.BAD_ANSWER: _("Die Lernplattform hat unverständlich geantwortet."),
    Reason.UNTRUSTED_ENDPOINT: _("Die Adresse der Bewertungsspalte gehört nicht zu Ihrer Lernplattform."),
    Reason.CHANGED_IN_LMS: _(
        "In der Lernplattform wurde diese Bewertung von Hand geändert. Sie wird nicht überschrieben."
    ),
}
MISSING: Mapping[NoGrades, LazyString] = {
    NoGrades.NOT_GRADED: _("Diese Aktivität ist ohne Bewertung eingerichtet."),
    NoGrades.NOT_OFFERED: _(
        "Die Lernplattform bietet für diese Aktivität keinen Bewertungsdienst an. "
        "Ihre Administration kann ihn in den Einstellungen des Werkzeugs einschalten."
    ),
    NoGrades.NO_SCORE_SCOPE: _(
        "Es fehlt das Recht „lti-ags/scope/score“, Bewertungen zu übertragen. "
        "Ihre Administration kann es in den Einstellungen des Werkzeugs erteilen."
    ),
    NoGrades.NO_COLUMN: _(
        "Diese Aktivität hat keine Bewertungsspalte, und Smart City Lernen darf keine anlegen. "
        "Bitte schalten Sie in den Einstellungen der Aktivität die Bewertung ein."
    ),
    NoGrades.UNTRUSTED_ENDPOINT: _("Die Adresse des Bewertungsdienstes gehört nicht zu Ihrer Lernplattform."),
}
_UNNAMED = _("Die Lernplattform hat die Bewertung nicht angenommen.")
_KEPT = _("Ihr Ergebnis ist hier gespeichert. Bitte sagen Sie Ihrer Lehrkraft Bescheid.")
_TRYING = _("Ihr Ergebnis ist gespeichert, die Übertragung wird automatisch wiederholt.")


def grade_line(actor: Actor, module_id: str, state: ScoreState, part: Part = Part.QUIZ) -> GradeLine:
    """Say where the grade of this activity is, as it concerns a module's quiz or assignment."""
    if actor.module_id != module_id or actor.part != part:
        return GradeLine(
            "none",
            _("keine"),
            _("Diese Aktivität gehört zu einem anderen Inhalt. Ihr Stand zählt trotzdem für das Zertifikat."),
        )
    if actor.line_item_id is None:
        return GradeLine("none", _("keine"), _why_not(actor))
    if state.delivery is None:
        return GradeLine("none", _("noch keine"))
    return _ON_ITS_WAY[state.delivery](state)


def _why_not(actor: Actor) -> LazyString:
    """Learners need not know more than that; whoever teaches reads what is missing."""
    if actor.is_instructor and actor.no_grades:
        return MISSING[actor.no_grades]
    return _("In diesem Kurs werden für diese Aktivität keine Bewertungen übertragen.")


def _waiting(state: ScoreState) -> GradeLine:
    reason = _reason(state)
    return GradeLine("waiting", _("wird übertragen"), f"{reason} {_TRYING}" if reason else None)


def _sent(state: ScoreState) -> GradeLine:
    if state.changed_at is None:
        return GradeLine("sent", _("übertragen"))
    return GradeLine("sent", gettext("übertragen um %(time)s", time=clock_time(state.changed_at)))


def _failed(state: ScoreState) -> GradeLine:
    return GradeLine("failed", gettext("Fehler: %(reason)s", reason=_reason(state) or _UNNAMED), _KEPT)


def _reason(state: ScoreState) -> LazyString | None:
    if state.reason is None:
        return None
    return REASONS.get(Reason(state.reason), _UNNAMED) if state.reason in set(Reason) else _UNNAMED


_ON_ITS_WAY = {Delivery.WAITING: _waiting, Delivery.SENT: _sent, Delivery.FAILED: _failed}
