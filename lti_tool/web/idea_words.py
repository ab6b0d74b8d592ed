"""The words for ideas: fields of work, effort, cost, who reads them, where they stand, what is wrong with a card."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.idea_cards import (
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_COMPETENCES,
    MOST_LINKS,
    MOST_THEMES,
    Card,
    CardFault,
    Cost,
    Effort,
    Signed,
    Theme,
)
from lti_tool.domain.idea_states import Reach, State, Step
from lti_tool.web.languages import gettext

THEMES: Mapping[Theme, LazyString] = {
    Theme.ADMINISTRATION: _("Verwaltung und Service"),
    Theme.PARTICIPATION: _("Beteiligung"),
    Theme.DATA: _("Daten und Plattformen"),
    Theme.MOBILITY: _("Mobilität"),
    Theme.CLIMATE: _("Klima und Energie"),
    Theme.WATER: _("Wasser und Abwasser"),
    Theme.BUILDINGS: _("Gebäude und Quartier"),
    Theme.EDUCATION: _("Bildung"),
    Theme.SOCIAL: _("Soziales und Gesundheit"),
    Theme.CULTURE: _("Kultur und Tourismus"),
    Theme.ECONOMY: _("Wirtschaft und Innenstadt"),
    Theme.SAFETY: _("Sicherheit und Katastrophenschutz"),
    Theme.ORGANISATION: _("Organisation und Personal"),
}
EFFORTS: Mapping[Effort, LazyString] = {
    Effort.DAYS: _("einige Tage"),
    Effort.WEEKS: _("einige Wochen"),
    Effort.MONTHS: _("bis zu einem halben Jahr"),
    Effort.LONGER: _("länger als ein halbes Jahr"),
}
COSTS: Mapping[Cost, LazyString] = {
    Cost.NONE: _("keine Sachkosten"),
    Cost.BELOW_1000: _("unter 1.000 Euro"),
    Cost.BELOW_10000: _("1.000 bis 10.000 Euro"),
    Cost.BELOW_50000: _("10.000 bis 50.000 Euro"),
    Cost.BELOW_250000: _("50.000 bis 250.000 Euro"),
    Cost.ABOVE: _("über 250.000 Euro"),
}
SIGNED: Mapping[Signed, LazyString] = {
    Signed.TOWN: _("nur die Kommune"),
    Signed.ROLE: _("eine Stelle oder Rolle, zum Beispiel „Grünflächenamt“"),
    Signed.PERSON: _("ein Name"),
}
REACHES: Mapping[Reach, LazyString] = {
    Reach.COURSE: _("im Kurs"),
    Reach.TOWN: _("in der Kommune"),
    Reach.ALL: _("für alle Kommunen"),
}
ASKS: Mapping[Reach, LazyString] = {
    Reach.COURSE: _("Um Freigabe im Kurs bitten"),
    Reach.TOWN: _("Um Freigabe in der Kommune bitten"),
    Reach.ALL: _("Um Freigabe für alle Kommunen bitten"),
}
WHO_DECIDES: Mapping[Reach, LazyString] = {
    Reach.COURSE: _("Darüber entscheidet eine Lehrkraft Ihres Kurses."),
    Reach.TOWN: _("Darüber entscheidet eine Lehrkraft oder die Administration Ihrer Lernplattform."),
    Reach.ALL: _("Darüber entscheidet der Betreiber von Smart City Lernen."),
}
SHAPES: Mapping[State, str] = {
    State.DRAFT: "open",
    State.ASKED: "begun",
    State.RELEASED: "done",
    State.REJECTED: "failed",
    State.WITHDRAWN: "open",
    State.HIDDEN: "failed",
}
STATES: Mapping[State, LazyString] = {
    State.DRAFT: _("Entwurf"),
    State.ASKED: _("Freigabe erbeten"),
    State.RELEASED: _("freigegeben"),
    State.REJECTED: _("nicht freigegeben"),
    State.WITHDRAWN: _("zurückgezogen"),
    State.HIDDEN: _("ausgeblendet"),
}
STEPS: Mapping[Step, LazyString] = {
    Step.ASKED: _("Freigabe erbeten"),
    Step.RELEASED: _("freigegeben"),
    Step.REJECTED: _("nicht freigegeben"),
    Step.WITHDRAWN: _("zurückgezogen"),
    Step.HIDDEN: _("ausgeblendet"),
    Step.SHOWN_AGAIN: _("wieder eingeblendet"),
}
FIELDS: Mapping[str, LazyString] = {
    "title": _("Titel"),
    "problem": _("Welches Problem gab es?"),
    "solution": _("Wie sieht die Lösung aus?"),
    "effect": _("Was hat sie bewirkt?"),
    "effort": _("Arbeitszeit, bis es läuft"),
    "cost": _("Sachkosten, bis es läuft"),
    "needs": _("Was braucht man dafür?"),
    "law": _("Recht und Datenschutz"),
    "links": _("Links"),
    "themes": _("Themen"),
    "competences": _("Kompetenzen"),
    "author_line": _("Name, Stelle oder Rolle"),
    "licence_agreed": _("Lizenz"),
}
HINTS: Mapping[str, LazyString] = {
    "title": _("So, dass andere die Idee wiedererkennen."),
    "problem": _("Für wen, wo, wie oft?"),
    "solution": _("So genau, dass eine andere Kommune anfangen kann."),
    "effect": _("Am besten mit Zahlen. Was nicht geklappt hat, hilft auch."),
    "needs": _("Zum Beispiel Personen, Geräte, Verträge, Beschlüsse. Darf leer bleiben."),
    "law": _("Zum Beispiel Rechtsgrundlage, Vergabe, personenbezogene Daten. Darf leer bleiben."),
}
_MISSING: Mapping[str, LazyString] = {
    "title": _("Bitte geben Sie der Karte einen Titel."),
    "problem": _("Bitte beschreiben Sie das Problem."),
    "solution": _("Bitte beschreiben Sie die Lösung."),
    "effect": _("Bitte schreiben Sie, was die Lösung bewirkt hat oder bewirken soll."),
    "effort": _("Bitte schätzen Sie die Arbeitszeit."),
    "cost": _("Bitte schätzen Sie die Sachkosten."),
    "themes": _("Bitte wählen Sie mindestens ein Thema."),
    "licence_agreed": _("Bitte stimmen Sie der Lizenz zu; ohne sie darf niemand die Idee übernehmen."),
    "author_line": _("Bitte schreiben Sie, wer genannt werden soll, oder wählen Sie „nur die Kommune“."),
}
_LONGEST = {"title": LONGEST_TITLE, "author_line": LONGEST_LINE, "links": LONGEST_LINE}
_MOST = {"links": MOST_LINKS, "themes": MOST_THEMES, "competences": MOST_COMPETENCES}


def fault_words(field: str, fault: CardFault) -> str:
    """Say what is to be mended."""
    name = str(FIELDS[field])
    if fault is CardFault.MISSING:
        return str(_MISSING[field])
    if fault is CardFault.NOT_HTTPS:
        return gettext("Bitte geben Sie Links vollständig an; sie müssen mit https:// beginnen.")
    if fault is CardFault.TOO_MANY:
        return gettext("%(field)s: Bitte wählen Sie höchstens %(most)s.", field=name, most=_MOST[field])
    most = _LONGEST.get(field, LONGEST_TEXT)
    return gettext("%(field)s: Bitte kürzen Sie auf höchstens %(most)s Zeichen.", field=name, most=most)


def author(card: Card, town: str) -> str:
    """Say whom the card names, with the town."""
    return town if card.signed is Signed.TOWN or not card.author_line else f"{card.author_line}, {town}"


def state_words(state: State, reach: Reach | None, asked: Reach | None) -> str:
    """Say where an idea stands, and how far."""
    if state is State.ASKED and asked:
        return f"{STATES[state]}: {REACHES[asked]}"
    if state is State.RELEASED and reach:
        return f"{STATES[state]} {REACHES[reach]}"
    return str(STATES[state])
