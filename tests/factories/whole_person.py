"""One person with something in every table that can hold one, and others beside them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from lti_tool.db.models import (
    Attempt,
    Attendance,
    AttendanceEntry,
    CalendarFeed,
    Context,
    DateChange,
    ExtraTime,
    Handover,
    Idea,
    IdeaPicture,
    IdeaStep,
    IdeaVersion,
    IdentityMerge,
    IssuedProof,
    IssuedTranscript,
    KeptSelfAssessment,
    LaunchSession,
    LineItem,
    LiveDate,
    LtiUser,
    ModuleCredit,
    ModuleProgress,
    PageVisit,
    PresentedTranscript,
    ProofKey,
    PublishedIdea,
    QuizVersion,
    Regrade,
    RegradedAttempt,
    ResourceLink,
    Response,
    Review,
    Roster,
    RosterMember,
    ScoreDelivery,
    SignUp,
    UploadedFile,
)
from lti_tool.domain.ids import new_id
from lti_tool.domain.scores import Delivery

MODULE = "datenrecht"


class Registry:
    """Writes rows of one registration straight into the tables; person and others must have launched once."""

    def __init__(self, session, registration_id, now):
        self.session, self.registration_id, self.now = session, registration_id, now
        self.link = session.scalars(select(ResourceLink.id)).first()
        self.context = session.scalars(select(Context.id)).first()
        self.line_item = session.scalars(select(LineItem.id)).first()

    def user(self, subject):
        return self.session.scalars(
            select(LtiUser.id).where(LtiUser.registration_id == self.registration_id, LtiUser.subject == subject)
        ).one()

    def put(self, model, **values):
        row = {"registration_id": self.registration_id, **values}
        self.session.execute(insert(model).values(row))
        return values.get("id")

    def surroundings(self):
        self.session.add(QuizVersion(module_id=MODULE, version="1", body="{}"))
        self.session.add(ProofKey(kid="k", private_key=b"x", created_at=self.now))
        self.session.flush()
        self.put(Roster, context_id=self.context, url="https://lms.example/r", wanted=False, next_read_at=self.now)
        self.regrade = self.put(
            Regrade, id=new_id(), context_id=self.context, module_id=MODULE, part="quiz", question_id="q", change={},
            stage="done", figures={}, asked_at=self.now, total=1, done=1, next_try_at=self.now,
        )  # fmt: skip

    def attempt(self, user_id, number=1, **values):
        return self.put(
            Attempt, id=new_id(), user_id=user_id, resource_link_id=self.link, module_id=MODULE, quiz_version="1",
            number=number, started_at=self.now, **values,
        )  # fmt: skip

    def person(self, subject, name, *, marked_by, file_key):
        """Give somebody a row in every table; return the user id."""
        me, other = self.user(subject), self.user(marked_by)
        attempt = self.attempt(me, submitted_at=self.now, passed=True)
        self.attempt(me, 2)
        self.put(Response, attempt_id=attempt, question_id="q", answer=[f"I, {name}, wrote this"], saved_at=self.now)
        self.put(
            UploadedFile, id=new_id(), attempt_id=attempt, question_id="q", name=f"{name}.pdf", media_type="x", size=1,
            digest="d", key=file_key, uploaded_at=self.now,
        )  # fmt: skip
        self.review(attempt, other, f"Well done, {name}")
        zero = Decimal(0)
        self.put(
            RegradedAttempt, regrade_id=self.regrade, attempt_id=attempt, points_before=zero, points_after=zero,
            passed_before=True, passed_after=True,
        )  # fmt: skip
        self.put(ExtraTime, resource_link_id=self.link, user_id=me, minutes=5, granted_at=self.now)
        self.put(PageVisit, user_id=me, module_id=MODULE, page="a")
        self.put(ModuleProgress, user_id=me, module_id=MODULE, passed_at=self.now, updated_at=self.now)
        self.credit(me, other, f"{name} did this elsewhere")
        self.attendance(me, other, f"{name} left early")
        self.put(CalendarFeed, user_id=me, token_hash="c" * 64, made_at=self.now)
        self.put(KeptSelfAssessment, user_id=me, role_id="r", answers={"s": 1}, kept_at=self.now)
        self.put(
            ScoreDelivery, line_item_id=self.line_item, user_id=me, given=1, maximum=2, comment=f"Good, {name}",
            revision=1, queued_at=self.now, state=Delivery.WAITING, next_try_at=self.now, tries=0,
        )  # fmt: skip
        self.proof(me, name)
        self.transcripts(me)
        self.put(RosterMember, context_id=self.context, subject=subject, name=name, active=True)
        self.date(me)
        self.idea(me, name, decided_by=other)
        launch = self.session.scalars(select(LaunchSession.id).where(LaunchSession.user_id == me)).first()
        self.put(Handover, code_hash="h", launch_id=launch, expires_at=self.now + timedelta(hours=1))
        looking = self.session.scalars(select(LaunchSession).where(LaunchSession.user_id == other)).first()
        looking.for_user = subject
        # They have marked and credited others as well.
        theirs = self.attempt(other, submitted_at=self.now)
        self.review(theirs, me, "a remark about somebody else")
        self.credit(other, me, "credited to somebody else")
        self.attendance(other, me, "noted about somebody else")
        self.idea(other, "Grünflächenamt", decided_by=me)
        return me

    def review(self, attempt, marker, comment):
        self.put(
            Review, id=new_id(), attempt_id=attempt, question_id="q", marker_id=marker, points={}, comment=comment,
            at=self.now,
        )  # fmt: skip

    def credit(self, user_id, decided_by, reason):
        self.put(
            ModuleCredit, id=new_id(), user_id=user_id, module_id="x", counts=True, reason=reason,
            decided_at=self.now, decided_by=decided_by,
        )  # fmt: skip

    def attendance(self, user_id, decided_by, reason):
        date_id = new_id()
        self.put(
            Attendance, user_id=user_id, date_id=date_id, about="x", title="T", minutes=90, changed_at=self.now
        )  # fmt: skip
        self.put(
            AttendanceEntry, id=new_id(), user_id=user_id, date_id=date_id, minutes=90, how="instructor",
            reason=reason, decided_at=self.now, decided_by=decided_by,
        )  # fmt: skip

    def idea(self, author, name, *, decided_by, stays=True):
        """A card in the town, and a newer draft of it."""
        card = {
            "title": "Trees", "problem": "p", "solution": "s", "effect": "e", "law": "", "needs": "", "links": [],
            "themes": [], "competences": [], "signed": "person", "author_line": name,
        }  # fmt: skip
        idea = self.put(
            Idea, id=new_id(), author_id=author, context_id=self.context, number=2, released_number=1, reach="town",
            created_at=self.now, changed_at=self.now, stays=stays,
        )  # fmt: skip
        for number, released_at in ((1, self.now), (2, None)):
            self.put(
                IdeaVersion, idea_id=idea, number=number, revision=1, saved_at=self.now, released_at=released_at, **card
            )
        self.put(
            IdeaPicture, id=new_id(), idea_id=idea, since_number=1, alt="A tree", width=1, height=1, size=1, digest="d",
            key=f"{self.registration_id}/{new_id().hex}", added_at=self.now,
        )  # fmt: skip
        self.put(
            IdeaStep, id=new_id(), idea_id=idea, number=1, step="released", reach="town", reason="", at=self.now,
            decided_by=decided_by,
        )  # fmt: skip
        self.put(
            PublishedIdea, id=idea, context_id=self.context, number=1, reach="town", town="Olpe", released_at=self.now,
            **card,
        )  # fmt: skip
        return idea

    def proof(self, user_id, name):
        self.put(
            IssuedProof, id=new_id(), public_id="p" * 22, user_id=user_id, kind="participation", subject_id=MODULE,
            edition=1, facts=_FACTS, recipient="urn:uuid:1", name_mark="m" * 64, holder_name=name, name_public=True,
            issued_at=self.now, status_list=1, status_index=1, key_id="k",
        )  # fmt: skip

    def date(self, user_id):
        date_id = self.put(
            LiveDate, id=new_id(), context_id=self.context, whole_town=False, module_id=MODULE, title="T", trainer="",
            starts_at=self.now, ends_at=self.now, sign_up_until=self.now, join_url="", seats=1, arrivals=1, sequence=0,
            cancelled_because="", made_at=self.now, changed_at=self.now,
        )  # fmt: skip
        self.put(
            SignUp, date_id=date_id, user_id=user_id, state="seat", number=1, signed_up_at=self.now,
            changed_at=self.now,
        )  # fmt: skip
        self.put(
            DateChange, id=new_id(), date_id=date_id, user_id=user_id, at=self.now, action="made", changes={}, reason="",
        )  # fmt: skip

    def transcripts(self, user_id):
        self.put(
            IssuedTranscript, id=new_id(), public_id="t" * 22, user_id=user_id, town_name="Olpe", contents=[],
            code_salt="s", code_digest="d" * 64, issued_at=self.now, valid_until=self.now, status_list=1, status_index=1,
            key_id="k",
        )  # fmt: skip
        self.put(
            PresentedTranscript, id=new_id(), user_id=user_id, issuer="did:web:there.example", public_id="u" * 22,
            town_id="urn:uuid:2", town_name="Werne", contents=[], valid_until=self.now, presented_at=self.now, tries=0,
            complete=False,
        )  # fmt: skip

    def merge(self, gone, stayed):
        self.put(
            IdentityMerge, id=new_id(), from_user_id=self.user(gone), to_user_id=self.user(stayed), merged_at=self.now,
            moved={"attempts": [[str(self.user(gone)), 1]]},
        )  # fmt: skip


_FACTS = {
    "kind": "participation", "subject_id": MODULE, "title": "T", "issuer": "I", "language": "de", "criteria": "C",
    "minutes": 1, "competences": [], "validity_months": None,
}  # fmt: skip
