"""All tables, one file per aggregate."""

from lti_tool.db.models.attendance import Attendance, AttendanceEntry, CalendarFeed
from lti_tool.db.models.audit import AuditEntry, AuditLink, RefusedLaunch
from lti_tool.db.models.course import Context, LineItem, LtiUser, Membership, ResourceLink
from lti_tool.db.models.credit import ModuleCredit
from lti_tool.db.models.deep_linking import DeepLinkingRequest
from lti_tool.db.models.idea import (
    Idea,
    IdeaAdoption,
    IdeaPicture,
    IdeaReport,
    IdeaStep,
    IdeaVersion,
    PublishedIdea,
)
from lti_tool.db.models.identity import IdentityMerge
from lti_tool.db.models.invitation import Invitation
from lti_tool.db.models.learning import Attempt, ExtraTime, ModuleProgress, PageVisit, QuizVersion, Response
from lti_tool.db.models.live_date import DateChange, LiveDate, SignUp
from lti_tool.db.models.marking import Review, UploadedFile
from lti_tool.db.models.notice import Notice, NoticeHandler
from lti_tool.db.models.operator import OperatorLink, OperatorSession
from lti_tool.db.models.outbox import ResultReading, ScoreDelivery
from lti_tool.db.models.platform_change import PlatformChange
from lti_tool.db.models.platform_sighting import PlatformSighting
from lti_tool.db.models.privacy import DoomedFile, KeptStatistic
from lti_tool.db.models.process import Restoration, WorkerBeat
from lti_tool.db.models.proof import IssuedProof, ProofKey
from lti_tool.db.models.registration import Deployment, Municipality, Registration
from lti_tool.db.models.regrade import Regrade, RegradedAttempt
from lti_tool.db.models.roster import Roster, RosterMember
from lti_tool.db.models.self_assessment import KeptSelfAssessment
from lti_tool.db.models.session import BurntState, Handover, LaunchSession
from lti_tool.db.models.tool_key import ToolKey
from lti_tool.db.models.transcript import IssuedTranscript, PresentedTranscript, TranscriptIssuer

__all__ = [
    "Attempt",
    "Attendance",
    "AttendanceEntry",
    "AuditEntry",
    "AuditLink",
    "BurntState",
    "CalendarFeed",
    "Context",
    "DateChange",
    "DeepLinkingRequest",
    "Deployment",
    "DoomedFile",
    "ExtraTime",
    "Handover",
    "Idea",
    "IdeaAdoption",
    "IdeaPicture",
    "IdeaReport",
    "IdeaStep",
    "IdeaVersion",
    "IdentityMerge",
    "Invitation",
    "IssuedProof",
    "IssuedTranscript",
    "KeptSelfAssessment",
    "KeptStatistic",
    "LaunchSession",
    "LineItem",
    "LiveDate",
    "LtiUser",
    "Membership",
    "ModuleCredit",
    "ModuleProgress",
    "Municipality",
    "Notice",
    "NoticeHandler",
    "OperatorLink",
    "OperatorSession",
    "PageVisit",
    "PlatformChange",
    "PlatformSighting",
    "PresentedTranscript",
    "ProofKey",
    "PublishedIdea",
    "QuizVersion",
    "RefusedLaunch",
    "Registration",
    "Regrade",
    "RegradedAttempt",
    "ResourceLink",
    "Response",
    "Restoration",
    "ResultReading",
    "Review",
    "Roster",
    "RosterMember",
    "ScoreDelivery",
    "SignUp",
    "ToolKey",
    "TranscriptIssuer",
    "UploadedFile",
    "WorkerBeat",
]
