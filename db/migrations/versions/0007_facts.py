"""What is counted: one row of facts for each conversation, derived from everything else."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_fact",
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(36), nullable=False),
        sa.Column("opened_at", sa.Float(), nullable=False),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("said_at", sa.Float(), nullable=False),
        sa.Column("close_reason", sa.String(32), nullable=True),
        sa.Column("resolved_at", sa.Float(), nullable=True),
        sa.Column("resolved_by", sa.String(12), nullable=True),
        sa.Column("next_at", sa.Float(), nullable=True),
        sa.Column("channels", sa.String(60), nullable=False),
        sa.Column("switches", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(8), nullable=True),
        sa.Column("team_id", sa.String(36), nullable=True),
        sa.Column("agent_id", sa.String(36), nullable=True),
        sa.Column("topic", sa.String(64), nullable=True),
        sa.Column("article_id", sa.String(64), nullable=True),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("by_us", sa.Integer(), nullable=False),
        sa.Column("people_said", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("not_helped", sa.Integer(), nullable=False),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.Column("handoffs", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("left_queue", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("unreplied", sa.Integer(), nullable=False),
        sa.Column("claim_seconds", sa.Float(), nullable=True),
        sa.Column("reply_seconds", sa.Float(), nullable=True),
        sa.Column("reply_open_seconds", sa.Float(), nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("survey", sa.String(12), nullable=True),
        sa.Column("ces", sa.Float(), nullable=True),
        sa.Column("csat", sa.Float(), nullable=True),
        sa.Column("nps", sa.Float(), nullable=True),
        sa.Column("again", sa.Float(), nullable=True),
        sa.Column("follow_up_at", sa.Float(), nullable=True),
        sa.Column("follow_up_due", sa.Float(), nullable=True),
        sa.Column("follow_up_reached", sa.Float(), nullable=True),
        sa.Column("follow_up_closed", sa.Float(), nullable=True),
        sa.Column("cause", sa.String(24), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_fact")),
    )
    op.create_table(
        "fact_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Float(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("swept", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_state")),
    )
    with op.batch_alter_table("conversation_fact", schema=None) as batch_op:
        batch_op.create_index("ix_conversation_fact_version", ["version"], unique=False)

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index("ix_survey_decided_at", ["decided_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_decided_at")

    op.drop_table("fact_state")
    op.drop_table("conversation_fact")
