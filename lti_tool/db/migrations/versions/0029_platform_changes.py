"""changes of platforms are numbered

Revision: 0029
Follows: 0028

Triggers see every change, whoever makes it: an older version of the tool, or somebody with SQL. On PostgreSQL they wait
until the transaction ends and lock the table then: numbers rise in the order in which changes can be seen by others.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_WATCHED = {
    "registration": ("id", "id", ("INSERT", "UPDATE")),
    "municipality": ("municipality_id", "id", ("UPDATE",)),
    "deployment": ("id", "registration_id", ("INSERT", "UPDATE", "DELETE")),
}
"""For each table: the column of `registration`, the column of its own that names the platforms, and what changes them."""

_NUMBER = "(SELECT coalesce(max(number), 0) + 1 FROM platform_change)"
_KEEP = "ON CONFLICT (registration_id) DO UPDATE SET number = excluded.number, issuer = excluded.issuer"
_INSERT = (
    f"INSERT INTO platform_change (registration_id, number, issuer) SELECT id, {_NUMBER}, issuer FROM registration WHERE"
)

_FUNCTION = f"""
CREATE FUNCTION note_platform_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
  LOCK TABLE platform_change IN SHARE ROW EXCLUSIVE MODE;
  EXECUTE format('{_INSERT} %I = ($1).%I {_KEEP}', TG_ARGV[0], TG_ARGV[1]) USING changed;
  RETURN NULL;
END $$
"""


def _on_postgresql() -> list[str]:
    return [
        f"CREATE CONSTRAINT TRIGGER platform_change_{table} AFTER {' OR '.join(events)} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_platform_change('{column}', '{own}')"
        for table, (column, own, events) in _WATCHED.items()
    ]


def _on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER platform_change_{table}_{event.lower()} AFTER {event} ON {table} "
        f"BEGIN {_INSERT} {column} = {'OLD' if event == 'DELETE' else 'NEW'}.{own} {_KEEP}; END"
        for table, (column, own, events) in _WATCHED.items()
        for event in events
    ]


def upgrade() -> None:
    op.create_table(
        "platform_change",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_platform_change_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_platform_change")),
    )
    op.create_index(op.f("ix_platform_change_number"), "platform_change", ["number"])
    if op.get_bind().dialect.name == "sqlite":
        statements = _on_sqlite()
    else:
        statements = [_FUNCTION, *_on_postgresql()]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (_, _, events) in _WATCHED.items():
        if on_sqlite:
            for event in events:
                op.execute(f"DROP TRIGGER platform_change_{table}_{event.lower()}")
        else:
            op.execute(f"DROP TRIGGER platform_change_{table} ON {table}")
    if not on_sqlite:
        op.execute("DROP FUNCTION note_platform_change()")
    op.drop_table("platform_change")
