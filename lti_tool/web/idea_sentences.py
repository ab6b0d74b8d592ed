"""What is refused about ideas: what happened, and what to do (`sentences.py`)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.domain.errors import Code
from lti_tool.services.ideas import MOST_OWN

IDEAS = {
    Code.IDEA_OTHER_STATE: (
        _("Mit dieser Karte ist inzwischen etwas anderes geschehen; es wurde nichts geändert."),
        _("Bitte gehen Sie zurück und laden Sie die Seite neu. Dort sehen Sie, wie es um die Karte steht."),
    ),
    Code.IDEA_CHANGED: (
        _("Die Karte wurde inzwischen geändert; es wurde nichts freigegeben."),
        _("Bitte gehen Sie zurück, laden Sie die Seite neu und lesen Sie den neuen Text."),
    ),
    Code.IDEA_WITHDRAWN: (
        _("Diese Karte wurde zurückgezogen, vielleicht gerade eben, während Sie sie lasen."),
        _("Bitte gehen Sie zurück zu den Ideen. Was Sie kopiert haben, dürfen Sie weiter verwenden (CC BY 4.0)."),
    ),
    Code.IDEA_HIDDEN: (
        _("Diese Karte ist ausgeblendet, weil etwas an ihr geprüft wird."),
        _("Bitte gehen Sie zurück zu den Ideen, oder sehen Sie später noch einmal nach."),
    ),
    Code.IDEA_NO_REASON: (
        _("Ohne Begründung lässt sich eine Karte nicht ablehnen oder ausblenden."),
        _(
            "Bitte gehen Sie zurück und schreiben Sie, was fehlt oder nicht stimmt. Wer die Karte geschrieben hat, "
            "liest es."
        ),
    ),
    Code.IDEA_TOO_MANY: (
        _("Sie haben schon %(most)s Karten; mehr kann eine Person nicht schreiben.", most=MOST_OWN),
        _(
            "Bitte löschen Sie unter „Meine Karten“ eine, die Sie nicht mehr brauchen. Eine freigegebene Karte ziehen "
            "Sie vorher zurück."
        ),
    ),
}

PICTURES_AWAY = (
    _("Der Speicher für Bilder ist gerade nicht erreichbar; es wurde nichts geändert."),
    _("Bitte gehen Sie zurück und versuchen Sie es in einigen Minuten noch einmal. Ihr Text ist gespeichert."),
)
"""Where `files.away` is about pictures of cards."""
