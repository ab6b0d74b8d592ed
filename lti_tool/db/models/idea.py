"""Ideas that towns copy from each other: the card, its versions, what became of them, and what others may read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    event,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import (
    Base,
    Digest,
    Moment,
    PlatformText,
    RegistrationId,
    RowId,
    Slug,
    TenantRow,
    tenant_key,
    tenant_reference,
)
from lti_tool.domain.idea_tags import audience, tags_of
from lti_tool.domain.search_words import RULES, searched


def _published(table: str) -> ForeignKeyConstraint:
    """Return the one reference that leads into another town: to what is readable there."""
    there = ("published_idea.registration_id", "published_idea.id")
    name = f"fk_{table}_idea_id_published_idea"
    return ForeignKeyConstraint(("idea_registration_id", "idea_id"), there, name=name, ondelete="CASCADE")


class CardColumns:
    """What stands on a card (`domain.idea_cards.Card`), for a version and for what is readable of it."""

    title: Mapped[str] = mapped_column(String(120))
    problem: Mapped[str] = mapped_column(Text)
    solution: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    law: Mapped[str] = mapped_column(Text)
    needs: Mapped[str] = mapped_column(Text)
    effort: Mapped[str | None] = mapped_column(String(20))
    cost: Mapped[str | None] = mapped_column(String(20))
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """`{"address": …, "words": …}`; https only."""
    themes: Mapped[list[str]] = mapped_column(JSON)
    competences: Mapped[list[str]] = mapped_column(JSON)
    signed: Mapped[str] = mapped_column(String(20))
    """Whom it names: a value of `domain.idea_cards.Signed`."""
    author_line: Mapped[str] = mapped_column(String(120))
    """As the author typed it; "" if the town alone is named."""


class Idea(TenantRow, Base):
    """A card as its author sees it: where it was written, and where it stands (`domain.idea_states.Stand`)."""

    __tablename__ = "idea"
    __table_args__ = tenant_key(
        Index("ix_idea_author", "registration_id", "author_id"),
        Index("ix_idea_context", "registration_id", "context_id"),
        Index("ix_idea_asked", "asked", "asked_at"),
        tenant_reference("lti_user", "author_id"),
        tenant_reference("context", "context_id"),
    )

    author_id: Mapped[UUID | None]
    """None once the author has been erased and the card stayed."""
    context_id: Mapped[UUID]
    attempt_id: Mapped[UUID | None]
    """The Transferaufgabe it was made from; not a reference, as the idea outlives the attempt."""
    number: Mapped[int]
    """Its newest version."""
    released_number: Mapped[int | None]
    """The version that others read."""
    reach: Mapped[str | None] = mapped_column(String(20))
    """How far that version goes: a value of `domain.idea_states.Reach`."""
    asked: Mapped[str | None] = mapped_column(String(20))
    asked_at: Mapped[Moment | None]
    rejected_for: Mapped[str | None] = mapped_column(Text)
    """Why the latest request was turned down."""
    withdrawn_at: Mapped[Moment | None]
    hidden_at: Mapped[Moment | None]
    hidden_for: Mapped[str | None] = mapped_column(Text)
    stays: Mapped[bool] = mapped_column(server_default=true())
    """Whether it stays, without a name, when its author is erased."""
    created_at: Mapped[Moment]
    changed_at: Mapped[Moment]


class IdeaVersion(CardColumns, Base):
    """One wording of a card; changed until it is released, then never again."""

    __tablename__ = "idea_version"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "idea_id", "number"),
        tenant_reference("idea", "idea_id"),
    )

    registration_id: Mapped[RegistrationId]
    idea_id: Mapped[UUID]
    number: Mapped[int]
    revision: Mapped[int]
    """Grows with every save: who saves or releases says which one they saw."""
    licence_agreed_at: Mapped[Moment | None]
    saved_at: Mapped[Moment]
    released_at: Mapped[Moment | None]


class IdeaPicture(TenantRow, Base):
    """A picture on the versions `since_number` to `until_number` of a card; its bytes lie in the file store."""

    __tablename__ = "idea_picture"
    __table_args__ = tenant_key(
        Index("ix_idea_picture_idea", "registration_id", "idea_id"),
        tenant_reference("idea", "idea_id"),
    )

    idea_id: Mapped[UUID]
    since_number: Mapped[int]
    until_number: Mapped[int | None]
    """The last version that shows it; None while it stands on the newest."""
    alt: Mapped[str] = mapped_column(String(300))
    """What it shows, for those who do not see it."""
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    digest: Mapped[Digest]
    """SHA-256 of the bytes: always WebP, as `services.picture_files` makes it."""
    key: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[Moment]


class IdeaStep(Base):
    """What became of an idea, and who decided. Rows are only added: they are history."""

    __tablename__ = "idea_step"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "idea_id", "id"),
        Index("ix_idea_step_decider", "registration_id", "decided_by"),
        tenant_reference("idea", "idea_id"),
    )

    registration_id: Mapped[RegistrationId]
    idea_id: Mapped[UUID]
    id: Mapped[RowId]
    number: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    """A value of `domain.idea_states.Step`."""
    reach: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]
    decided_by: Mapped[UUID | None]
    """Instructor or administrator; None for the author's own steps, for the operator, and once erased."""


class PublishedIdea(CardColumns, Base):
    """The readable version of an idea: the one table that is read across towns, by `services.idea_shelf.visible_to`.

    It refers to nobody: no author's id, no course's name. A withdrawn or hidden idea leaves an empty row behind, so
    that whoever reads it is told.
    """

    __tablename__ = "published_idea"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "id"),
        UniqueConstraint("id"),
        Index("ix_published_idea_reach", "reach", "released_at"),
        Index("ix_published_idea_context", "registration_id", "context_id"),
        Index("ix_published_idea_search_number", "search_number"),
        Index("ix_published_idea_search_rules", "search_rules"),
        Index("ix_published_idea_newest", "reach", "search_number"),
        Index("ix_published_idea_newest_here", "registration_id", "reach", "search_number"),
        tenant_reference("idea", "id"),
    )

    registration_id: Mapped[RegistrationId]
    id: Mapped[UUID]
    """The idea's id."""
    context_id: Mapped[UUID]
    number: Mapped[int]
    reach: Mapped[str] = mapped_column(String(20))
    town: Mapped[PlatformText]
    """The municipality's name when it was released."""
    released_at: Mapped[Moment]
    """When this version became readable to these readers."""
    gone: Mapped[Slug | None]
    """Withdrawn or hidden (a value of `domain.idea_states.State`); the texts are empty then."""
    search_number: Mapped[int | None] = mapped_column(BigInteger)
    """Grows with the time of release: the order of the list, the key of its pages, the row in SQLite's full text."""
    search_title: Mapped[str | None] = mapped_column(Text)
    search_words: Mapped[str | None] = mapped_column(Text)
    search_tags: Mapped[str | None] = mapped_column(Text)
    """Texts and filters as they are searched, written with the row; the database keeps its full text over them."""
    search_rules: Mapped[int | None]
    """By which `domain.search_words.RULES` they were written; None for those of before there were any."""


class IdeaAdoption(TenantRow, Base):
    """A town that takes over an idea, and how it went there. The town says so, and no person: none is named or kept."""

    __tablename__ = "idea_adoption"
    __table_args__ = tenant_key(
        UniqueConstraint("registration_id", "idea_id"),
        Index("ix_idea_adoption_idea", "idea_registration_id", "idea_id"),
        _published("idea_adoption"),
    )

    idea_registration_id: Mapped[int]
    """Of the town that wrote it; `registration_id` is the one that takes it over."""
    idea_id: Mapped[UUID]
    town: Mapped[PlatformText]
    adopted_at: Mapped[Moment]
    experience: Mapped[str] = mapped_column(Text)
    """„So lief es bei uns“; "" while nobody has written it."""
    experience_at: Mapped[Moment | None]


class IdeaReport(TenantRow, Base):
    """Somebody says that a card must not stay. Who it was is not kept."""

    __tablename__ = "idea_report"
    __table_args__ = tenant_key(
        Index("ix_idea_report_idea", "idea_registration_id", "idea_id", "settled_at"),
        _published("idea_report"),
    )

    idea_registration_id: Mapped[int]
    idea_id: Mapped[UUID]
    ground: Mapped[str] = mapped_column(String(20))
    """A value of `domain.idea_reports.Ground`."""
    words: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]


@event.listens_for(PublishedIdea, "before_insert")
@event.listens_for(PublishedIdea, "before_update")
def _keep_searchable(_mapper: Any, _connection: Any, row: PublishedIdea) -> None:
    """Write what is searched with every change of the card, so that neither can be without the other."""
    make_searchable(row)


def make_searchable(row: PublishedIdea) -> None:
    """Write into a row what it is searched by."""
    milliseconds = int(row.released_at.timestamp() * 1000)
    row.search_number = milliseconds << 20 | row.id.int & 0xFFFFF
    row.search_rules = RULES
    row.search_title = searched(row.title)
    row.search_words = searched(row.problem, row.solution, row.effect, row.law, row.needs, row.town)
    tags = tags_of(row.themes, row.competences, row.effort, row.cost)
    row.search_tags = " ".join((*tags, audience(row.reach, row.registration_id, row.context_id)))
