from __future__ import annotations

from dataclasses import dataclass

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"

LEARNER = (MEMBERSHIP + "Learner",)
INSTRUCTOR = (MEMBERSHIP + "Instructor",)
ADMINISTRATOR = (INSTITUTION + "Administrator", MEMBERSHIP + "Instructor", SYSTEM + "Administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with an account here, enrolled in every course.

    Attributes:
        roles: the URIs sent in a launch, as Moodle sends them.
        label: what the practice LMS itself calls the person.
    """

    id: str
    label: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    roles: tuple[str, ...] = LEARNER

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_learner(self) -> bool:
        """Only people with this role have a place in the gradebook."""
        return LEARNER[0] in self.roles

    @property
    def teaches(self) -> bool:
        return INSTRUCTOR[0] in self.roles

    @property
    def administers(self) -> bool:
        return SYSTEM + "Administrator" in self.roles

    @property
    def short_roles(self) -> list[str]:
        """The roles as Moodle's roster names them: without the vocabulary's URI, context roles only."""
        return [role.removeprefix(MEMBERSHIP) for role in self.roles if role.startswith(MEMBERSHIP)]

    @property
    def role_name(self) -> str:
        if self.administers:
            return "Administration"
        return "Lehrkraft" if self.teaches else "lernt"


def _person(given: str, family: str, roles: tuple[str, ...]) -> Person:
    return Person(
        id=given.lower(),
        label=f"{given} {family}",
        given_name=given,
        family_name=family,
        email=f"{given}.{family}@uebung.example".lower(),
        roles=roles,
    )


SEEDED = (
    _person("Lea", "Lernfeld", LEARNER),
    _person("Tom", "Teilhabe", LEARNER),
    _person("Ines", "Lehrkamp", INSTRUCTOR),
    _person("Adem", "Amtmann", ADMINISTRATOR),
    Person(id="ohne-namen", label="Person ohne Namen"),
)
DEFAULT = SEEDED[0]


def numbered_learner(number: int) -> Person:
    """Make one of the many learners a load test needs."""
    return Person(
        id=f"extra-{number:05d}",
        label=f"Übungsperson {number}",
        given_name="Übungsperson",
        family_name=str(number),
        email=f"extra-{number:05d}@uebung.example",
    )
