from __future__ import annotations

from flask import Response, g, request

from lti_tool.sandbox.errors import PageRefused
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.people import DEFAULT, Person

COOKIE = "uebung_person"
_CHOICES = 30


def signed_in() -> Person | None:
    """Return the person whose cookie came with this request, None without one."""
    return current_lms().state.people.get(request.cookies.get(COOKIE))


def viewer() -> Person:
    """Return the person who is looking; whoever comes first is Lea, and gets her cookie."""
    chosen = g.get("viewer") or signed_in()
    return chosen if isinstance(chosen, Person) else view_as(DEFAULT)


def view_as(person: Person) -> Person:
    """Look through another person's eyes from now on."""
    g.viewer = g.new_viewer = person
    return person


def choices() -> list[Person]:
    """Return the people to choose from; of a thousand the first ones will do."""
    me = viewer()
    people = current_lms().state.people.all()[:_CHOICES]
    return people if me in people else [*people, me]


def instructor() -> Person:
    """Return the viewer if they teach.

    Raises:
        PageRefused: 403 with the people who may.
    """
    person = viewer()
    if not person.teaches:
        raise PageRefused(403, "Das darf nur die Lehrkraft. Wechseln Sie oben zu Ines Lehrkamp.")
    return person


def administrator() -> Person:
    """Return the viewer if they administer.

    Raises:
        PageRefused: 403 with the people who may.
    """
    person = viewer()
    if not person.administers:
        raise PageRefused(403, "Das darf nur die Administration. Wechseln Sie oben zu Adem Amtmann.")
    return person


def person_or_refuse(lms: PracticeLms, person_id: str | None) -> Person:
    person = lms.state.people.get(person_id)
    if person is None:
        raise PageRefused(404, "Diese Person gibt es hier nicht.")
    return person


def remember_viewer(answer: Response) -> Response:
    person = g.get("new_viewer")
    if isinstance(person, Person):
        answer.set_cookie(COOKIE, person.id, httponly=True, samesite="Lax")
    return answer
