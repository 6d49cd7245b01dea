"""The phone: SMS and WhatsApp, consent, attachments, one-time codes, merged customers."""

import sqlalchemy as sa
from alembic import op

import db.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sender_pace",
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("free_at", db.base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_sender_pace")),
    )
    op.create_table(
        "short_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_link")),
        sa.UniqueConstraint("path", name=op.f("uq_short_link_path")),
    )
    op.create_table(
        "whatsapp_content",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("shape", sa.String(length=32), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("account", "shape", name=op.f("pk_whatsapp_content")),
    )
    op.create_table(
        "customer_merge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kept_id", sa.String(length=36), nullable=False),
        sa.Column("gone_id", sa.String(length=36), nullable=False),
        sa.Column("proof", sa.String(length=16), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.Column("seen_from", db.base.UTCDateTime(), nullable=True),
        sa.Column("undone_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["customer.id"], name=op.f("fk_customer_merge_gone_id_customer")),
        sa.ForeignKeyConstraint(["kept_id"], ["customer.id"], name=op.f("fk_customer_merge_kept_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merge")),
    )
    with op.batch_alter_table("customer_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_consent_address_id_address")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_address_id"), ["address_id"], unique=False)

    op.create_table(
        "link_code",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("address_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=True),
        sa.Column("sent_to", sa.String(length=36), nullable=True),
        sa.Column("asked_id", sa.String(length=36), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("expires_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("used_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_link_code_address_id_address")),
        sa.ForeignKeyConstraint(["asked_id"], ["address.id"], name=op.f("fk_link_code_asked_id_address")),
        sa.ForeignKeyConstraint(["sent_to"], ["address.id"], name=op.f("fk_link_code_sent_to_address")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
    )
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_asked_id"), ["asked_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_sent_to"), ["sent_to"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attachment_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_attachment_state_due_at", ["state", "due_at"], unique=False)

    op.add_column("address", sa.Column("sender", sa.String(length=64), nullable=True))
    op.add_column("address", sa.Column("heard_at", db.base.UTCDateTime(), nullable=True))
    op.add_column("address", sa.Column("stopped_at", db.base.UTCDateTime(), nullable=True))
    op.add_column("conversation", sa.Column("last_at", db.base.UTCDateTime(), nullable=True))
    op.add_column("conversation", sa.Column("close_reason", sa.String(length=32), nullable=True))
    _add_reference("conversation", "previous_id", "conversation")
    op.add_column("customer", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("customer", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("delivery", sa.Column("confirms_stop", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("delivery", sa.Column("unknown_since", db.base.UTCDateTime(), nullable=True))
    op.add_column("delivery", sa.Column("provider_id", sa.String(length=64), nullable=True))
    op.add_column("delivery", sa.Column("status", sa.String(length=16), nullable=True))
    op.add_column("delivery", sa.Column("error_code", sa.Integer(), nullable=True))
    op.add_column("delivery", sa.Column("sender", sa.String(length=64), nullable=True))
    op.add_column("delivery", sa.Column("segments", sa.Integer(), nullable=True))
    op.add_column("delivery", sa.Column("parts", sa.JSON(), nullable=True))
    op.add_column("delivery", sa.Column("replaced_id", sa.String(length=64), nullable=True))
    op.add_column("delivery", sa.Column("sent_at", db.base.UTCDateTime(), nullable=True))
    op.create_index("ix_delivery_channel_address_state", "delivery", ["channel", "address", "state"])
    op.create_index("ix_delivery_provider_id", "delivery", ["provider_id"], unique=True)
    op.add_column("message", sa.Column("is_silent", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add_reference("message", "address_id", "address")
    op.create_index("ix_message_address_id", "message", ["address_id"])
    # Until now a customer had one address, and all was said to and from there. Of several, after a way back and forth,
    # nobody knows which one it was.
    op.execute(
        "UPDATE message SET address_id = (SELECT MIN(address.id) FROM address"
        " JOIN conversation ON conversation.customer_id = address.customer_id"
        " WHERE conversation.id = message.conversation_id AND address.channel = message.channel"
        " GROUP BY address.customer_id HAVING COUNT(*) = 1)"
    )
    # Otherwise a conversation that is being led would be closed as silent, because it was opened long ago.
    op.execute(
        "UPDATE conversation SET last_at ="
        " (SELECT MAX(message.created_at) FROM message WHERE message.conversation_id = conversation.id)"
    )


def _add_reference(table: str, column: str, to: str) -> None:
    name = f"fk_{table}_{column}_{to}"
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a constraint only with its column; copying the table instead would break what points at it.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(36) CONSTRAINT {name} REFERENCES {to} (id)")
    else:
        op.add_column(table, sa.Column(column, sa.String(length=36), nullable=True))
        op.create_foreign_key(name, table, to, [column], ["id"])


def downgrade() -> None:
    op.drop_index("ix_message_address_id", table_name="message")
    op.drop_index("ix_delivery_provider_id", table_name="delivery")
    op.drop_index("ix_delivery_channel_address_state", table_name="delivery")
    for table, columns in {
        "message": ["is_silent", "address_id"],
        "delivery": [
            "confirms_stop",
            "unknown_since",
            "provider_id",
            "status",
            "error_code",
            "sender",
            "segments",
            "parts",
            "replaced_id",
            "sent_at",
        ],
        "customer": ["name", "email"],
        "conversation": ["previous_id", "close_reason", "last_at"],
        "address": ["sender", "heard_at", "stopped_at"],
    }.items():
        for column in columns:
            op.drop_column(table, column)
    for table in (
        "attachment",
        "link_code",
        "consent",
        "customer_merge",
        "whatsapp_content",
        "short_link",
        "sender_pace",
    ):
        op.drop_table(table)
