"""Who is in the course (Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.claims import personal_claims
from lti_tool.sandbox.errors import ServiceRefused
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.people import MEMBERSHIP, Person
from lti_tool.sandbox.service_calls import ANYTHING, MEMBERSHIPS, answer_as, caller, must_accept, one_page
from lti_tool.sandbox.tools import SCOPE_ROSTER

blueprint = Blueprint("roster", __name__)

PAGE = 50  # people per page unless the tool asks for fewer or more


@blueprint.get("/services/courses/<course_id>/memberships")
def members(course_id: str) -> ResponseReturnValue:
    """List the members, filtered by `role` (short or URI), paged by `limit` and `from`."""
    lms = current_lms()
    caller(lms, SCOPE_ROSTER)
    must_accept(MEMBERSHIPS, ANYTHING)
    course = lms.state.courses.get(course_id)
    if course is None or not _known_link(lms, course_id):
        raise ServiceRefused(404, "No such course or resource link")
    role = request.args.get("role", "").removeprefix(MEMBERSHIP)
    people = [person for person in lms.state.people.all() if not role or role in person.short_roles]
    page, link = one_page(lms, people, default_limit=PAGE)
    answer = answer_as(
        MEMBERSHIPS,
        {
            "id": lms.config.base_url + request.full_path.rstrip("?"),
            "context": {"id": course.id, "label": course.label, "title": course.title},
            "members": [_as_json(lms, person) for person in page],
        },
    )
    if link:
        answer.headers["Link"] = link
    return answer


def _known_link(lms: PracticeLms, course_id: str) -> bool:
    if "rlid" not in request.args:
        return True
    activity = lms.state.activities.get(request.args["rlid"])
    return activity is not None and activity.course_id == course_id


def _as_json(lms: PracticeLms, person: Person) -> dict[str, Any]:
    return {
        "user_id": person.id,
        "status": "Active",
        "roles": person.short_roles,
        "lis_person_sourcedid": "",
        **personal_claims(lms, person),
    }
