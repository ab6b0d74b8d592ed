"""Why a certificate is not earned yet, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lti_tool.domain.certification import Route, Station, StationState


class RuleKind(StrEnum):
    """What a certificate asks for."""

    REQUIRED = "required"
    ELECTIVES = "electives"
    BELOW_MARK = "below_mark"
    """Modules that count only from a share of the points on; those that were tried and missed it."""
    CAPSTONE = "capstone"
    LIVE = "live"
    """Time in live dates; counted in minutes."""
    ANNOUNCED = "announced"
    """Modules that nobody can pass yet, because they are not written."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        done: how many of `needed` things are there; of live time, minutes.
        open: what keeps the rule from being met; of electives, all that could be chosen.
    """

    kind: RuleKind
    done: int
    needed: int
    open: tuple[Station, ...] = ()

    @property
    def met(self) -> bool:
        return self.done >= self.needed


def explain(route: Route) -> tuple[Rule, ...]:
    """Return the rules of a certificate, met or not: all are met exactly when it is earned."""
    wanted = route.certification.electives_needed
    required = tuple(station for station in route.stations if not station.elective)
    electives = tuple(station for station in route.stations if station.elective)
    passed = sum(_done(station) for station in electives)
    to_do = _open(required) + (_open(electives) if passed < wanted else ())
    rules = [Rule(RuleKind.REQUIRED, sum(_done(station) for station in required), len(required), _open(required))]
    if wanted:
        rules.append(Rule(RuleKind.ELECTIVES, min(passed, wanted), wanted, _open(electives)))
    if missed := tuple(station for station in to_do if station.share is not None):
        rules.append(Rule(RuleKind.BELOW_MARK, 0, len(missed), missed))
    if route.capstone:
        rules.append(Rule(RuleKind.CAPSTONE, int(_done(route.capstone)), 1, _open((route.capstone,))))
    if route.live:
        rules.append(Rule(RuleKind.LIVE, route.live.attended, route.live.needed))
    if planned := tuple(station for station in to_do if station.state is StationState.PLANNED):
        rules.append(Rule(RuleKind.ANNOUNCED, 0, len(planned), planned))
    return tuple(rule for rule in rules if rule.needed)


def _done(station: Station) -> bool:
    return station.state is StationState.DONE


def _open(stations: tuple[Station, ...]) -> tuple[Station, ...]:
    return tuple(station for station in stations if not _done(station))
