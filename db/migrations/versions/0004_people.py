"""People: staff, teams and sign-in; hand-offs, the desk, routing, opening hours and targets."""

import json

import sqlalchemy as sa
from alembic import op

import db.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DATES = ("queued_at", "owed_since", "snoozed_until", "reply_due_at", "resolve_due_at")
FIRST_TEAM = "00000000-0000-4000-8000-000000000001"

ADDRESS = (
    # A phone's number is found by its end, too: without the country code, which has one to three digits.
    "CASE {0}channel WHEN 'web' THEN '' WHEN 'site' THEN {0}value ELSE {0}value || ' ' ||"
    " substr({0}value, 3) || ' ' || substr({0}value, 4) || ' ' || substr({0}value, 5) END"
)
CUSTOMER = "trim(coalesce({0}name, '') || ' ' || coalesce({0}email, ''))"
SOURCES = {
    "message": ("text, conversation_id", "{0}conversation_id", "NULL", "{0}text", "''", "created_at"),
    "note": ("text, conversation_id", "{0}conversation_id", "NULL", "{0}text", "''", "at"),
    "customer": ("name, email", "NULL", "{0}id", "''", CUSTOMER, "created_at"),
    "address": ("value, customer_id", "NULL", "{0}customer_id", "''", ADDRESS, "id"),
}
"""All that is searched in the desk: the columns that matter, then what is kept of a row: the conversation, the customer,
what was said and what somebody is called; and the order in which it began. A table that is copied
(`batch_alter_table`) loses its triggers on SQLite."""


def _kept(table: str, row: str, origin: str) -> str:
    _, conversation, customer, said, called, _ = (each.format(row) for each in SOURCES[table])
    return (
        "INSERT INTO said (source, conversation_id, customer_id, text, called)"
        f" SELECT '{table}:' || {row}id, {conversation}, {customer}, {said}, {called}{origin}"
        f" WHERE {said} <> '' OR {called} <> ''"
    )


def _until_now(table: str) -> str:
    return f"{_kept(table, '', f' FROM {table}')} ORDER BY {SOURCES[table][-1]}"


def _on_sqlite(table: str) -> list[str]:
    forget = f"DELETE FROM said WHERE source = '{table}:' || old.id"  # noqa: S608  the names are ours
    changed, keep = SOURCES[table][0], _kept(table, "new.", "")
    return [
        f"CREATE TRIGGER {table}_said_on_insert AFTER INSERT ON {table} BEGIN {keep}; END",
        f"CREATE TRIGGER {table}_said_on_update AFTER UPDATE OF {changed} ON {table} BEGIN {forget}; {keep}; END",
        f"CREATE TRIGGER {table}_said_on_delete AFTER DELETE ON {table} BEGIN {forget}; END",
    ]


def _on_postgresql(table: str) -> list[str]:
    changed, keep = SOURCES[table][0], _kept(table, "new.", "")
    return [
        f"CREATE FUNCTION {table}_said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"  # noqa: S608
        f" IF TG_OP <> 'INSERT' THEN DELETE FROM said WHERE source = '{table}:' || old.id; END IF;"
        f" IF TG_OP <> 'DELETE' THEN {keep}; END IF; RETURN NULL; END $$",
        f"CREATE TRIGGER {table}_said AFTER INSERT OR DELETE OR UPDATE OF {changed} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_said()",
    ]


FOUND_ON_SQLITE = [
    "CREATE TABLE said (id INTEGER PRIMARY KEY, source VARCHAR(50) NOT NULL UNIQUE, conversation_id VARCHAR(36),"
    " customer_id VARCHAR(36), text TEXT NOT NULL, called TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE said_words USING fts5(text, called, content='said', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER said_on_insert AFTER INSERT ON said BEGIN"
    " INSERT INTO said_words (rowid, text, called) VALUES (new.id, new.text, new.called); END",
    "CREATE TRIGGER said_on_delete AFTER DELETE ON said BEGIN"
    " INSERT INTO said_words (said_words, rowid, text, called) VALUES ('delete', old.id, old.text, old.called); END",
    "CREATE TRIGGER said_on_update AFTER UPDATE ON said BEGIN"
    " INSERT INTO said_words (said_words, rowid, text, called) VALUES ('delete', old.id, old.text, old.called);"
    " INSERT INTO said_words (rowid, text, called) VALUES (new.id, new.text, new.called); END",
    *(statement for table in SOURCES for statement in _on_sqlite(table)),
]
FOUND_ON_POSTGRESQL = [
    # Punctuation parts words, and accents don't count: as with SQLite's unicode61.
    "CREATE FUNCTION said_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$ SELECT to_tsvector('simple',"
    " regexp_replace(translate(lower($1), 'ÄÖÜÉÈÊÀÁÂÇÑäöüéèêëàáâãåçñíìîïóòôõúùû', 'aoueeeaaacnaoueeeeaaaaacniiiioooouuu'),"
    " '[!-/:-@[-`{-~]+', ' ', 'g')) $$",
    "CREATE TABLE said (id BIGSERIAL PRIMARY KEY, source VARCHAR(50) NOT NULL UNIQUE, conversation_id VARCHAR(36),"
    " customer_id VARCHAR(36), text TEXT NOT NULL, called TEXT NOT NULL,"
    " words TSVECTOR GENERATED ALWAYS AS (said_words(text || ' ' || called)) STORED)",
    "CREATE INDEX ix_said_words ON said USING gin (words)",
    "CREATE INDEX ix_said_words_of_customers ON said USING gin (words) WHERE customer_id IS NOT NULL",
    *(statement for table in SOURCES for statement in _on_postgresql(table)),
]


def upgrade() -> None:
    op.create_table(
        "failed_attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("locked_until", db.base.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_failed_attempts")),
    )
    op.create_table(
        "staff_user",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("totp_pending", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_user_email")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("assigns", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_audit_entry_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=36), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("subdivision", sa.String(length=10), nullable=True),
        sa.Column("closed_on", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_calendar_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("team_id", name=op.f("uq_calendar_team_id")),
    )
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("team_id", sa.String(length=36), nullable=True),
        sa.Column("updated_at", db.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_canned_reply_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
        sa.UniqueConstraint("shortcut", "locale", name=op.f("uq_canned_reply_shortcut_locale")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("expires_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("used_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_one_time_link_user_id_staff_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_link")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("chosen", sa.String(length=8), nullable=False),
        sa.Column("seen_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("assigned_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_presence_user_id_staff_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("used_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_recovery_code_user_id_staff_user")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sla_target",
        sa.Column("team_id", sa.String(length=36), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("first_reply_minutes", sa.Integer(), nullable=True),
        sa.Column("next_reply_minutes", sa.Integer(), nullable=True),
        sa.Column("resolve_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_sla_target_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "priority", name=op.f("pk_sla_target")),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("seen_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("needs_code", sa.Boolean(), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_session_user_id_staff_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_team_member_user_id_staff_user")),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "topic_rule",
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=36), nullable=True),
        sa.Column("skill", sa.String(length=40), nullable=True),
        sa.Column("people_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_topic_rule_team_id_team")),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_topic_rule")),
    )
    op.create_table(
        "conversation_tag",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_tag_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name=op.f("pk_conversation_tag")),
    )
    with op.batch_alter_table("conversation_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "desk_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_desk_setting")),
    )
    op.create_table(
        "draft",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("is_note", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", db.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_draft_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_draft_user_id_staff_user")),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", "is_note", name=op.f("pk_draft")),
    )
    op.create_table(
        "handoff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("team_id", sa.String(length=36), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("skill", sa.String(length=40), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.Column("claimed_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(length=36), nullable=True),
        sa.Column("replied_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("ended_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("ended_as", sa.String(length=16), nullable=True),
        sa.Column("told_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("told_minutes", sa.Integer(), nullable=True),
        sa.Column("told_until", db.base.UTCDateTime(), nullable=True),
        sa.Column("told_times", sa.Integer(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff_user.id"], name=op.f("fk_handoff_claimed_by_staff_user")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_handoff_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_handoff_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
    )
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.create_index("ix_handoff_conversation_id_ended_at", ["conversation_id", "ended_at"], unique=False)
        batch_op.create_index("ix_handoff_ended_at", ["ended_at"], unique=False)
        batch_op.create_index("ix_handoff_team_id_claimed_at", ["team_id", "claimed_at"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_note_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_note_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "mention",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("seen_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_mention_note_id_note")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_mention_user_id_staff_user")),
        sa.PrimaryKeyConstraint("note_id", "user_id", name=op.f("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mention_user_id"), ["user_id"], unique=False)

    _add_reference("conversation", "team_id", "team")
    _add_reference("conversation", "agent_id", "staff_user")
    op.add_column("conversation", sa.Column("priority", sa.Integer(), server_default="1", nullable=False))
    for name in DATES:
        op.add_column("conversation", sa.Column(name, db.base.UTCDateTime(), nullable=True))
    op.create_index("ix_conversation_last_at", "conversation", ["last_at"])
    op.create_index("ix_conversation_owner_queued_at", "conversation", ["owner", "queued_at"])
    op.create_index("ix_conversation_reply_due_at", "conversation", ["reply_due_at"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_conversation_open_last_at",
        "conversation",
        ["last_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_conversation_closed_at_team_id", "conversation", ["closed_at", "team_id"])
    op.add_column("customer", sa.Column("blocked_at", db.base.UTCDateTime(), nullable=True))
    # Until now the owner of a closed conversation was whoever had it last. What still waits for its turn keeps it.
    op.execute("UPDATE conversation SET owner = 'closed' WHERE closed_at IS NOT NULL AND waiting_since IS NULL")
    # There is always a team that takes what no other does, and always a calendar.
    team = sa.table("team", *(sa.column(name) for name in ("id", "name", "is_default", "assigns")))
    op.execute(team.insert().values(id=FIRST_TEAM, name="Support", is_default=True, assigns=False))
    open_days = [[["09:00", "17:00"]]] * 5 + [[], []]
    week = json.dumps(open_days)
    op.execute(
        sa.text("INSERT INTO calendar (time_zone, week, closed_on) VALUES ('UTC', :week, '[]')").bindparams(week=week)
    )
    for statement in FOUND_ON_SQLITE if op.get_bind().dialect.name == "sqlite" else FOUND_ON_POSTGRESQL:
        op.execute(statement)
    for table in SOURCES:
        op.execute(_until_now(table))


def _add_reference(table: str, column: str, to: str) -> None:
    name = f"fk_{table}_{column}_{to}"
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a constraint only with its column; copying the table instead would break what points at it.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(36) CONSTRAINT {name} REFERENCES {to} (id)")
    else:
        op.add_column(table, sa.Column(column, sa.String(length=36), nullable=True))
        op.create_foreign_key(name, table, to, [column], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SOURCES:
            for moment in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_said_on_{moment}")
        op.execute("DROP TABLE said_words")
        op.execute("DROP TABLE said")
    else:
        for table in SOURCES:
            op.execute(f"DROP TRIGGER {table}_said ON {table}")
            op.execute(f"DROP FUNCTION {table}_said()")
        op.execute("DROP TABLE said")
        op.execute("DROP FUNCTION said_words(text)")
    # Nobody but the bot and the queue is known any more.
    op.execute("UPDATE conversation SET owner = 'bot' WHERE owner <> 'queue'")
    op.drop_column("customer", "blocked_at")
    for index in ("reply_due_at", "owner_queued_at", "last_at", "open_last_at", "closed_at_team_id"):
        op.drop_index(f"ix_conversation_{index}", table_name="conversation")
    for name in ("team_id", "agent_id", "priority", *DATES):
        op.drop_column("conversation", name)
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mention_user_id"))

    op.drop_table("mention")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_conversation_id"))

    op.drop_table("note")
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.drop_index("ix_handoff_team_id_claimed_at")
        batch_op.drop_index("ix_handoff_ended_at")
        batch_op.drop_index("ix_handoff_conversation_id_ended_at")

    op.drop_table("handoff")
    op.drop_table("draft")
    op.drop_table("desk_setting")
    with op.batch_alter_table("conversation_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_tag_tag"))

    op.drop_table("conversation_tag")
    op.drop_table("topic_rule")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_user_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_user_id"))

    op.drop_table("staff_session")
    op.drop_table("sla_target")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    op.drop_table("presence")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_user_id"))

    op.drop_table("one_time_link")
    op.drop_table("canned_reply")
    op.drop_table("calendar")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_user_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))

    op.drop_table("audit_entry")
    op.drop_table("team")
    op.drop_table("staff_user")
    op.drop_table("failed_attempts")
