"""Why a card is reported, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.idea_reports import Ground

GROUNDS: Mapping[Ground, LazyString] = {
    Ground.PERSONAL: _("Sie verrät etwas über eine Person, die dem nicht zugestimmt hat."),
    Ground.RIGHTS: _("Text oder Bilder gehören jemand anderem."),
    Ground.UNLAWFUL: _("Was sie vorschlägt, ist nicht erlaubt."),
    Ground.OFFENSIVE: _("Sie beleidigt oder grenzt aus."),
    Ground.ADVERTISING: _("Sie ist Werbung."),
    Ground.WRONG: _("Etwas Wichtiges stimmt nicht."),
}
