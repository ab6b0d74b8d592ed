"""Numbers about ways as they are shown and exported: the same rows, in the same words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lti_tool.curriculum.model import Catalogue
from lti_tool.domain.checklist import Ahead
from lti_tool.domain.disclosure import published
from lti_tool.domain.forecast import WINDOW, Forecast
from lti_tool.domain.statistics import FEWEST_PEOPLE
from lti_tool.domain.way_figures import WayFigures
from lti_tool.web.languages import language
from lti_tool.web.wording import number

_STAGES = (
    _("noch unter einem Viertel"),
    _("ein Viertel geschafft"),
    _("die Hälfte geschafft"),
    _("drei Viertel geschafft"),
    _("alles geschafft"),
)
_AHEAD = {
    Ahead.ELECTIVE: _("ein Wahlmodul"),
    Ahead.CAPSTONE: _("die Abschlussarbeit"),
    Ahead.LIVE: _("Live-Termine"),
}
_MOST = 5
"""Steps in a list of those where most people stay."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table.

    Attributes:
        people: the number as it may be shown; None for fewer than five.
        language: of the words, where they are a module's title; "" for words in the language of the page.
    """

    words: str
    people: int | None
    language: str = ""

    @property
    def number(self) -> str:
        """What stands in the cell."""
        return people_words(self.people)


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading; `silence` is what is said where it is empty."""

    heading: str
    rows: Sequence[Row]
    silence: str = ""

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((row.people or 0 for row in self.rows), default=0) or 1


def people_words(people: int | None) -> str:
    """Write a published number."""
    return gettext("weniger als %(fewest)s", fewest=FEWEST_PEOPLE) if people is None else number(people)


def exactly(people: int) -> int | None:
    """Show a number as it is: where every person is listed below it anyway."""
    return people


def stages(figures: WayFigures, show: Callable[[int], int | None] = published) -> Section:
    """Return how many are how far, and how many hold the certificate."""
    rows = [Row(str(words), show(people)) for words, people in zip(_STAGES, figures.stages, strict=True)]
    issued = Row(gettext("Zertifikat ausgestellt"), show(figures.certificates))
    return Section(gettext("Stand auf dem Weg"), [*rows, issued])


def ahead(figures: WayFigures, catalogue: Catalogue, show: Callable[[int], int | None] = published) -> Section:
    """Return what is next for most people: a few steps, and of each at least five people."""
    rows = [
        Row(str(_AHEAD[step]), show(people)) if isinstance(step, Ahead) else _module(catalogue, step, show(people))
        for step, people in figures.ahead[:_MOST]
        if people >= FEWEST_PEOPLE
    ]
    return Section(gettext("Was als Nächstes ansteht"), rows, _too_few())


def resting(modules: Sequence[tuple[str, int]], catalogue: Catalogue) -> Section:
    """Return the modules that most people have begun and left: a few, and of each at least five people."""
    rows = [_module(catalogue, name, published(people)) for name, people in modules[:_MOST] if people >= FEWEST_PEOPLE]
    return Section(gettext("Begonnen und liegen geblieben"), rows, _too_few())


def forecast_words(estimate: Forecast | None) -> str:
    """Say how many certificates may come; "" where nothing can be said."""
    if estimate is None:
        return ""
    few, many = published(estimate.fewest), published(estimate.most)
    if few == many:
        return people_words(many) if many is None else gettext("etwa %(many)s", many=number(many))
    if few is None:
        return gettext("höchstens etwa %(many)s", many=people_words(many))
    return gettext("etwa %(few)s bis %(many)s", few=number(few), many=people_words(many))


def pace_words(figures: WayFigures) -> tuple[str, str]:
    """Write the slower and the faster mean number of modules in 90 days, with one decimal."""
    pace = figures.pace
    slower, faster = sorted((pace.earlier, pace.later))
    return _mean(2 * slower, pace.people), _mean(2 * faster, pace.people)


def window_days() -> int:
    """Return how many days the estimate looks back and ahead."""
    return WINDOW.days


def _mean(sum_: int, people: int) -> str:
    whole, tenth = divmod(sum_ * 10 // people, 10)
    return f"{whole}{',' if language() == 'de' else '.'}{tenth}"


def _module(catalogue: Catalogue, module_id: str, people: int | None) -> Row:
    module = catalogue.modules.get(module_id)
    return Row(module.title, people, module.language) if module else Row(module_id, people)


def _too_few() -> str:
    return gettext("Nirgends sind es %(fewest)s Personen oder mehr.", fewest=FEWEST_PEOPLE)
