"""One person under two ids: merging loses nothing, and undoing it brings back exactly what was."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from lti_tool.db.base import Base
from lti_tool.db.models import (
    Attempt,
    AuditEntry,
    Context,
    Idea,
    IdeaStep,
    IdentityMerge,
    IssuedTranscript,
    LaunchSession,
    LineItem,
    LtiUser,
    ModuleProgress,
    PageVisit,
    QuizVersion,
    ResourceLink,
    Response,
    Review,
    ScoreDelivery,
    SignUp,
)
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.roles import Role
from lti_tool.domain.scores import Delivery
from lti_tool.services.audit import Who
from lti_tool.services.identities import Identities
from lti_tool.services.identity_moves import JOINED
from lti_tool.services.sign_ups import SignUps
from tests.factories.dates import offer, places
from tests.factories.visit import Visit
from tests.factories.whole_person import Registry

MODULES = ("datenrecht", "smart-city")
PAGES = ("a", "b", "c")
OF_PEOPLE = {Attempt, LaunchSession, *JOINED}


@pytest.fixture
def house(tool):
    """Two people who launched the same activity, and nothing else."""
    extension = tool.app.extensions["smartcity"]
    for subject in ("old", "new"):
        tool.launch_as(tool.browser(), sub=subject)
    with extension.sessions.begin() as session:
        session.add_all(QuizVersion(module_id=module, version="1", body="{}") for module in MODULES)
    return tool, extension


def everything(session):
    """All rows of all tables that hold what people did, in a form to compare."""
    kinds = (*OF_PEOPLE, Response, LtiUser)
    return {
        kind.__tablename__: sorted(
            (tuple(sorted((name, str(value)) for name, value in row._mapping.items())))
            for row in session.execute(select(*kind.__table__.c))
        )
        for kind in kinds
    }


def merge(house, first="old", second="new"):
    tool, extension = house
    with extension.sessions.begin() as session:
        return Identities(session, tool.clock, Who.OPERATOR).merge(tool.platform.registration_id, first, second)


def undo(house, merge_id):
    tool, extension = house
    with extension.sessions.begin() as session:
        Identities(session, tool.clock, Who.OPERATOR).undo(tool.platform.registration_id, merge_id)


def ids(session):
    return dict(session.execute(select(LtiUser.subject, LtiUser.id)).all())


ONE = st.fixed_dictionaries(
    {
        "attempts": st.lists(st.tuples(st.sampled_from(MODULES), st.integers(0, 50), st.booleans()), max_size=4),
        "visits": st.sets(st.tuples(st.sampled_from(MODULES), st.sampled_from(PAGES))),
        "progress": st.dictionaries(st.sampled_from(MODULES), st.tuples(st.booleans(), st.integers(0, 50)), max_size=2),
        "score": st.none() | st.tuples(st.integers(0, 10), st.sampled_from(list(Delivery)), st.integers(0, 9)),
    }
)


def live(session, at, registration_id, user_id, life):
    """Write what a person did straight into the tables."""
    link = session.scalars(select(ResourceLink.id)).one()
    line_item = session.scalars(select(LineItem.id)).one()
    own = {"registration_id": registration_id, "user_id": user_id}
    numbers = {}
    for module, minute, submitted in life["attempts"]:
        numbers[module] = numbers.get(module, 0) + 1
        attempt = Attempt(
            **own, id=new_id(), resource_link_id=link, module_id=module, quiz_version="1", number=numbers[module],
            started_at=at + timedelta(minutes=minute), submitted_at=at if submitted else None,
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        session.add(
            Response(registration_id=registration_id, attempt_id=attempt.id, question_id="q", answer=["a"], saved_at=at)
        )
    session.add_all(PageVisit(**own, module_id=module, page=page) for module, page in life["visits"])
    for module, (passed, minute) in life["progress"].items():
        then = at + timedelta(minutes=minute)
        session.add(
            ModuleProgress(**own, module_id=module, last_page="a", passed_at=then if passed else None, updated_at=then)
        )
    if life["score"]:
        given_, state, tries = life["score"]
        session.add(
            ScoreDelivery(
                **own, line_item_id=line_item, given=Decimal(given_), maximum=Decimal(10), revision=1, queued_at=at,
                state=state, next_try_at=at, tries=tries, timestamp=at.replace(microsecond=0),
            )
        )  # fmt: skip


def clean(session):
    for kind in (Response, Attempt, PageVisit, ModuleProgress, ScoreDelivery, IdentityMerge):
        session.execute(kind.__table__.delete())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=ONE, new=ONE)
def test_merging_loses_nothing_and_undoing_it_brings_back_exactly_what_was(house, old, new):
    tool, extension = house
    with extension.sessions.begin() as session:
        clean(session)
        people = ids(session)
        for subject, life in (("old", old), ("new", new)):
            live(session, tool.clock(), tool.platform.registration_id, people[subject], life)
    with extension.sessions() as session:
        before = everything(session)
    tool.clock.turn(minutes=1)
    merge_id = merge(house)
    with extension.sessions() as session:
        assert_joined(session, people, old, new)
    undo(house, merge_id)
    with extension.sessions() as session:
        assert everything(session) == before


def assert_joined(session, people, old, new):
    assert not [kind for kind in OF_PEOPLE if session.scalars(select(kind).where(kind.user_id == people["old"])).all()]
    attempts = session.scalars(select(Attempt).order_by(Attempt.started_at)).all()
    assert len(attempts) == len(old["attempts"]) + len(new["attempts"])
    for module in MODULES:
        numbers = [attempt.number for attempt in attempts if attempt.module_id == module]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert {(row.module_id, row.page) for row in session.scalars(select(PageVisit))} == old["visits"] | new["visits"]
    passed = {row.module_id for row in session.scalars(select(ModuleProgress)) if row.passed_at}
    assert passed == {module for life in (old, new) for module, (done, _) in life["progress"].items() if done}
    scores = [life["score"][0] for life in (old, new) if life["score"]]
    rows = session.scalars(select(ScoreDelivery)).all()
    assert [row.given for row in rows] == ([Decimal(max(scores))] if scores else [])
    if old["score"] and (not new["score"] or old["score"][0] > new["score"][0]):
        assert rows[0].state == Delivery.WAITING


def test_every_table_that_names_a_person_moves(house):
    naming = {
        mapper.class_
        for mapper in Base.registry.mappers
        for key in mapper.local_table.foreign_key_constraints
        if key.referred_table.name == "lti_user"
    }
    outlives = {IssuedTranscript}  # its revocation does; it moves all the same
    assert naming - {IdentityMerge, Review, Idea, SignUp} == OF_PEOPLE - outlives, (
        "marks, ideas and sign-ups move by themselves, see below"
    )


def test_ideas_and_what_was_decided_about_them_move_along_and_back(house):
    tool, extension = house
    with extension.sessions.begin() as session:
        people = ids(session)
        registry = Registry(session, tool.platform.registration_id, tool.clock())
        registry.idea(people["old"], "Old", decided_by=people["new"])
        registry.idea(people["new"], "New", decided_by=people["old"])
    merge_id = merge(house)
    with extension.sessions() as session:
        assert set(session.scalars(select(Idea.author_id))) == {people["new"]}
        assert set(session.scalars(select(IdeaStep.decided_by))) == {people["new"]}
    with extension.sessions.begin() as session:
        Identities(session, tool.clock, Who.OPERATOR).undo(tool.platform.registration_id, merge_id)
    with extension.sessions() as session:
        rows = session.execute(
            select(Idea.author_id, IdeaStep.decided_by).join(IdeaStep, IdeaStep.idea_id == Idea.id)
        ).all()
    assert set(map(tuple, rows)) == {(people["old"], people["new"]), (people["new"], people["old"])}


def learner(session, user_id):
    """Somebody in the one course."""
    context = session.scalars(select(Context)).one()
    return Actor(
        registration_id=context.registration_id, launch_id=new_id(), parts=frozenset({Role.LEARNER}), user_id=user_id,
        context_id=context.id, context_title="", resource_link_id=None, module_id=None, kind="dates", line_item_id=None,
        locale="de", return_url=None, person_name=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("order", "joined", "parted"),
    [
        (["old"], ["new seat"], ["old seat"]),
        (["old", "new"], ["new seat"], ["old seat", "new seat"]),
        (["new", "old"], ["new seat"], ["new seat", "old seat"]),
        (["old", "other", "new"], ["new seat", "other seat"], ["old seat", "other seat", "new waiting"]),
        (
            ["other", "third", "new", "old"],
            ["other seat", "third seat", "new waiting"],
            ["other seat", "third seat", "new waiting", "old waiting"],
        ),
        (["new", "old", "other"], ["new seat", "other seat"], ["new seat", "old waiting", "other seat"]),
    ],
)
def test_the_better_place_at_a_date_stays_and_the_other_goes_to_who_waits(house, order, joined, parted):
    tool, extension = house
    date_id = offer(tool, seats=2)
    for subject in {*order} - {"old", "new"}:
        tool.launch_as(tool.browser(), sub=subject)
    with extension.sessions() as session:
        people = ids(session)
    for subject in order:
        with extension.sessions.begin() as session:
            SignUps(session, tool.clock).sign_up(learner(session, people[subject]), date_id)
    merge_id = merge(house)
    assert [" ".join(place) for place in places(tool, date_id)] == joined
    undo(house, merge_id)
    assert [" ".join(place) for place in places(tool, date_id)] == parted


def test_what_somebody_marked_moves_along_and_back(house):
    tool, extension = house
    one = {"attempts": [("datenrecht", 0, True)], "visits": set(), "progress": {}, "score": None}
    with extension.sessions.begin() as session:
        people = ids(session)
        live(session, tool.clock(), tool.platform.registration_id, people["new"], one)
        attempt = session.scalars(select(Attempt.id)).one()
        session.add(
            Review(
                registration_id=tool.platform.registration_id, id=new_id(), attempt_id=attempt, question_id="q",
                marker_id=people["old"], points={}, comment="", at=tool.clock(),
            )
        )  # fmt: skip
    merge_id = merge(house)
    with extension.sessions() as session:
        assert session.scalars(select(Review.marker_id)).one() == people["new"]
    undo(house, merge_id)
    with extension.sessions() as session:
        assert session.scalars(select(Review.marker_id)).one() == people["old"]


def test_a_learner_goes_on_in_an_open_tab_with_what_both_have_done(tool):
    client = tool.browser()
    lea = Visit(client, tool.launch_as(client, sub="old"))
    lea.go("modules/datenrecht/grundsaetze")
    client = tool.browser()
    changed = Visit(client, tool.launch_as(client, sub="new"))
    assert "von 6 Seiten" not in changed.text
    merge((tool, tool.app.extensions["smartcity"]))
    for tab in (changed, lea):
        tab.go(tab.landing)
        assert "1 von 6 Seiten" in tab.text


def queue(house, subject, given_, state=Delivery.SENT):
    tool, extension = house
    with extension.sessions.begin() as session:
        life = {"attempts": [], "visits": set(), "progress": {}, "score": (given_, state, 0)}
        live(session, tool.clock(), tool.platform.registration_id, ids(session)[subject], life)


def score(house):
    with house[1].sessions() as session:
        return session.scalars(select(ScoreDelivery)).one()


def test_the_better_grade_is_sent_under_the_new_id_later_than_any_before(house):
    queue(house, "old", 9)
    house[0].clock.turn(minutes=5)
    queue(house, "new", 4)
    merge(house)
    row = score(house)
    assert (row.given, row.state, row.revision) == (Decimal(9), Delivery.WAITING, 2)
    assert row.timestamp == house[0].clock().replace(microsecond=0)


def test_a_grade_that_was_the_better_one_already_is_not_sent_again(house):
    queue(house, "old", 4)
    queue(house, "new", 9)
    merge(house)
    assert (score(house).state, score(house).revision) == (Delivery.SENT, 1)


def test_undoing_after_the_better_grade_was_sent_sends_the_former_one_again(house):
    queue(house, "old", 9)
    queue(house, "new", 4)
    merge_id = merge(house)
    with house[1].sessions.begin() as session:
        session.execute(update(ScoreDelivery).values(state=Delivery.SENT, sent_at=house[0].clock()))
    undo(house, merge_id)
    with house[1].sessions() as session:
        rows = {row.user_id: row for row in session.scalars(select(ScoreDelivery))}
        people = ids(session)
    assert (rows[people["new"]].given, rows[people["new"]].state) == (Decimal(4), Delivery.WAITING)
    assert (rows[people["old"]].given, rows[people["old"]].state) == (Decimal(9), Delivery.SENT)


def test_what_was_done_after_the_merge_stays_when_it_is_undone(house):
    tool, extension = house
    one = {"attempts": [("datenrecht", 0, True)], "visits": {("datenrecht", "a")}, "progress": {}, "score": None}
    with extension.sessions.begin() as session:
        live(session, tool.clock(), tool.platform.registration_id, ids(session)["old"], one)
    merge_id = merge(house)
    with extension.sessions.begin() as session:
        people = ids(session)
        link = session.scalars(select(ResourceLink.id)).one()
        later = tool.clock() + timedelta(hours=1)
        session.add(
            Attempt(
                registration_id=tool.platform.registration_id, id=new_id(), user_id=people["new"], resource_link_id=link,
                module_id="datenrecht", quiz_version="1", number=2, started_at=later,
            )
        )  # fmt: skip
    undo(house, merge_id)
    with extension.sessions() as session:
        assert {(row.user_id, row.number) for row in session.scalars(select(Attempt))} == {
            (people["old"], 1),
            (people["new"], 1),
        }


def test_a_merge_on_which_another_one_builds_waits_with_its_undoing(house):
    house[0].launch_as(house[0].browser(), sub="newest")
    first = merge(house)
    house[0].clock.turn(minutes=1)
    second = merge(house, "new", "newest")
    with pytest.raises(Refusal) as refused:
        undo(house, first)
    assert refused.value.code is Code.IDENTITY_CONFLICT
    undo(house, second)
    undo(house, first)
    with pytest.raises(Refusal):
        undo(house, first)


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (("old", "nobody"), Code.IDENTITY_UNKNOWN),
        (("nobody", "new"), Code.IDENTITY_UNKNOWN),
        (("old", "old"), Code.IDENTITY_CONFLICT),
    ],
)
def test_unknown_and_equal_ids_are_refused(house, pair, code):
    with pytest.raises(Refusal) as refused:
        merge(house, *pair)
    assert refused.value.code is code


def test_the_audit_log_names_nobody(house):
    undo(house, merge(house))
    with house[1].sessions() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert [entry.action for entry in entries] == ["identity.merged", "identity.merge_undone"]
    assert not any(word in f"{entry.subject} {entry.detail}" for entry in entries for word in ("old", "new", "Lea"))
