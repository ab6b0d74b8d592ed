"""Who learns in a course: whoever came through a launch, and whoever the list of participants names besides.

Whoever the list calls suspended is left out (row G29). Each comes with two numbers: modules begun, modules passed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    null,
    select,
    type_coerce,
    union_all,
)

from lti_tool.db.models import LtiUser, Membership, ModuleProgress, RosterMember
from lti_tool.domain.roles import Role

LEARNERS_PARTS = (Role.LEARNER.value, "")
"""What `Membership.parts` says of people who keep progress; instructors who also learn preview only."""


BEGUN = 1000
"""Modules begun and passed come as one number, so that they are counted at once: 3002 is three begun, two passed."""


def everybody() -> CompoundSelect[Any]:
    """Return the query of a course's people: subject, name, user_id (None for who has never come).

    Its parameters are `registration_id` and `context_id`.
    """
    registration: BindParameter[int] = bindparam("registration_id")
    context: BindParameter[Any] = bindparam("context_id", type_=Uuid())
    user, membership, listed = (model.__table__ for model in (LtiUser, Membership, RosterMember))
    in_list = and_(
        listed.c.registration_id == registration, listed.c.context_id == context, listed.c.subject == user.c.subject
    )
    came = (
        select(user.c.subject, func.coalesce(user.c.name, listed.c.name).label("name"), user.c.id.label("user_id"))
        .select_from(membership)
        .join(user, and_(user.c.registration_id == registration, user.c.id == membership.c.user_id))
        .outerjoin(listed, in_list)
        .where(
            membership.c.registration_id == registration,
            membership.c.context_id == context,
            membership.c.parts.in_(LEARNERS_PARTS),
            func.coalesce(listed.c.active, True),
        )
    )
    has_come = (
        select(membership.c.user_id)
        .join(user, and_(user.c.registration_id == registration, user.c.id == membership.c.user_id))
        .where(
            membership.c.registration_id == registration,
            membership.c.context_id == context,
            user.c.subject == listed.c.subject,
        )
        .exists()
    )
    only_listed = select(listed.c.subject, listed.c.name, type_coerce(null(), Uuid()).label("user_id")).where(
        listed.c.registration_id == registration, listed.c.context_id == context, listed.c.active, ~has_come
    )
    return union_all(came, only_listed)


def _people_query() -> Any:
    registration: BindParameter[int] = bindparam("registration_id")
    people, progress = everybody().subquery(), ModuleProgress.__table__
    walked = progress.c.module_id.concat("")  # a person's dozen rows are walked quicker than each module is looked up
    counts = select(func.count() * BEGUN + func.count(progress.c.passed_at)).where(
        progress.c.registration_id == registration,
        progress.c.user_id == people.c.user_id,
        walked.in_(bindparam("module_ids", expanding=True)),
    )
    return select(
        people.c.subject,
        people.c.name,
        type_coerce(people.c.user_id, String),
        counts.correlate(people).scalar_subquery(),
    )


PEOPLE = _people_query()
