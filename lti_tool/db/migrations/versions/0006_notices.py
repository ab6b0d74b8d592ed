"""notices from platforms, and a proof beside the code of a parked launch

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("handover", sa.Column("storage_proof", sa.String(length=64), nullable=True))
    op.create_table(
        "notice_handler",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("next_try_at", _MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_notice_handler_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "deployment_id", "kind", name=op.f("pk_notice_handler")),
    )
    op.create_index(op.f("ix_notice_handler_next_try_at"), "notice_handler", ["next_try_at"])
    op.create_table(
        "notice",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("context_id", sa.String(length=255), nullable=True),
        sa.Column("origin_context_ids", sa.JSON(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_notice_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "notice_id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_received_at"), "notice", ["received_at"])


def downgrade() -> None:
    op.drop_table("notice")
    op.drop_table("notice_handler")
    op.drop_column("handover", "storage_proof")
