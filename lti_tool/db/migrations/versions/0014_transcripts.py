"""transcripts to take along, and modules that count because of one

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_transcript",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.String(length=45), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("town_name", sa.String(length=255), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("code_salt", sa.String(length=32), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_list", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["proof_key.kid"], name=op.f("fk_issued_transcript_key_id_proof_key")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_issued_transcript_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_issued_transcript")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issued_transcript_public_id")),
        sa.UniqueConstraint("status_list", "status_index", name=op.f("uq_issued_transcript_status_list_status_index")),
    )
    op.create_index("ix_issued_transcript_user", "issued_transcript", ["registration_id", "user_id"])
    op.create_table(
        "presented_transcript",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("public_id", sa.String(length=45), nullable=False),
        sa.Column("town_id", sa.String(length=64), nullable=False),
        sa.Column("town_name", sa.String(length=255), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("presented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("claim", sa.String(length=350), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recognised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id", "user_id"],
            ["lti_user.registration_id", "lti_user.id"],
            name=op.f("fk_presented_transcript_registration_id_user_id_lti_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_presented_transcript_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_presented_transcript")),
        sa.UniqueConstraint("claim", name=op.f("uq_presented_transcript_claim")),
    )
    op.create_index("ix_presented_transcript_user", "presented_transcript", ["registration_id", "user_id"])
    op.create_index(
        "ix_presented_transcript_issuer", "presented_transcript", ["registration_id", "issuer", "town_id"]
    )
    op.create_index("ix_presented_transcript_due", "presented_transcript", ["next_try_at"])
    op.create_table(
        "transcript_issuer",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("town_id", sa.String(length=64), nullable=False),
        sa.Column("town_name", sa.String(length=255), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_transcript_issuer_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "issuer", "town_id", name=op.f("pk_transcript_issuer")),
    )
    op.add_column("module_credit", sa.Column("origin", sa.String(length=255), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("module_credit") as table:
        table.drop_column("origin")
    op.drop_table("transcript_issuer")
    op.drop_index("ix_presented_transcript_due", "presented_transcript")
    op.drop_index("ix_presented_transcript_issuer", "presented_transcript")
    op.drop_index("ix_presented_transcript_user", "presented_transcript")
    op.drop_table("presented_transcript")
    op.drop_index("ix_issued_transcript_user", "issued_transcript")
    op.drop_table("issued_transcript")
