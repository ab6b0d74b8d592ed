"""class page: what instructors see and what is sent, results read back, modules begun with their quiz

Revision: 0009
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_POINTS = sa.Numeric(precision=9, scale=2)
_SWITCHES = {"shows_results": sa.false(), "sends_points": sa.true(), "marks_anonymously": sa.true()}
_VALUES = ("sent_given", "sent_maximum", "tried_given", "tried_maximum")
_HELD = ("held_given", "held_maximum")


def upgrade() -> None:
    for name, default in _SWITCHES.items():
        op.add_column("registration", sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
    op.add_column("score_delivery", sa.Column("comment", sa.Text(), nullable=False, server_default=""))
    for name in _VALUES:
        op.add_column("score_delivery", sa.Column(name, _POINTS, nullable=True))
    for name in _HELD:
        op.add_column("score_delivery", sa.Column(name, sa.Numeric(precision=12, scale=5), nullable=True))
    op.add_column("score_delivery", sa.Column("held_at", _MOMENT, nullable=True))
    op.add_column("score_delivery", sa.Column("overwrites", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE score_delivery SET sent_given = given, sent_maximum = maximum WHERE state = 'sent'")
    op.execute('UPDATE score_delivery SET tried_given = given, tried_maximum = maximum WHERE "timestamp" IS NOT NULL')
    op.create_index(
        "ix_score_delivery_failed",
        "score_delivery",
        ["registration_id", "line_item_id"],
        postgresql_where=sa.text("state = 'failed'"),
        sqlite_where=sa.text("state = 'failed'"),
    )
    op.create_table(
        "result_reading",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("line_item_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("next_read_at", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_result_reading_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "line_item_id"],
            ["line_item.registration_id", "line_item.id"],
            name=op.f("fk_result_reading_registration_id_line_item_id_line_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "line_item_id", name=op.f("pk_result_reading")),
    )
    op.create_index(
        "ix_result_reading_wanted",
        "result_reading",
        ["next_read_at"],
        postgresql_where=sa.text("wanted"),
        sqlite_where=sa.text("wanted"),
    )
    op.execute(
        "INSERT INTO module_progress (registration_id, user_id, module_id, updated_at) "
        "SELECT a.registration_id, a.user_id, a.module_id, min(a.started_at) FROM attempt a "
        "WHERE NOT EXISTS (SELECT 1 FROM module_progress p WHERE p.registration_id = a.registration_id "
        "AND p.user_id = a.user_id AND p.module_id = a.module_id) "
        "GROUP BY a.registration_id, a.user_id, a.module_id"
    )


def downgrade() -> None:
    op.drop_table("result_reading")
    op.drop_index("ix_score_delivery_failed", "score_delivery")
    for name in ("overwrites", "held_at", *_HELD, *_VALUES, "comment"):
        op.drop_column("score_delivery", name)
    for name in reversed(_SWITCHES):
        op.drop_column("registration", name)
