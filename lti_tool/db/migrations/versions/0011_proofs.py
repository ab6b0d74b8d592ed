"""proofs of learning, and the keys that sign them

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "proof_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_proof_key")),
    )
    op.create_table(
        "issued_proof",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("recipient", sa.String(length=45), nullable=False),
        sa.Column("name_mark", sa.String(length=64), nullable=False),
        sa.Column("holder_name", sa.String(length=300), nullable=True),
        sa.Column("name_public", sa.Boolean(), nullable=False),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.Column("valid_until", _MOMENT, nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("revoked_reason", sa.String(length=200), nullable=True),
        sa.Column("status_list", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["proof_key.kid"], name=op.f("fk_issued_proof_key_id_proof_key")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_issued_proof_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_issued_proof")),
        sa.UniqueConstraint(
            "registration_id",
            "user_id",
            "kind",
            "subject_id",
            "edition",
            name=op.f("uq_issued_proof_registration_id_user_id_kind_subject_id_edition"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_issued_proof_public_id")),
        sa.UniqueConstraint("status_list", "status_index", name=op.f("uq_issued_proof_status_list_status_index")),
    )
    op.create_index("ix_issued_proof_user", "issued_proof", ["registration_id", "user_id"])


def downgrade() -> None:
    op.drop_table("issued_proof")
    op.drop_table("proof_key")
