"""How it went: the question at the end, and who looks after a low score."""

import sqlalchemy as sa
from alembic import op

import db.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_survey_setting")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("touchpoint", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("skipped", sa.String(length=24), nullable=True),
        sa.Column("decided_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("asked_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("awaiting", sa.String(length=8), nullable=True),
        sa.Column("expires_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answered_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("answered_in", sa.String(length=16), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("commented_at", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_survey_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_survey_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("conversation_id", "touchpoint", name=op.f("uq_survey_conversation_id_touchpoint")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index("ix_survey_answered_at", ["answered_at"], unique=False)
        batch_op.create_index("ix_survey_state_expires_at", ["state", "expires_at"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("team_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("opened_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("due_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("remind_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("reminded_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("escalated_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("reached_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("reached_in", sa.String(length=36), nullable=True),
        sa.Column("cause", sa.String(length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("asks_again", sa.Boolean(), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=True),
        sa.Column("asked_again_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["asked_again_id"], ["survey.id"], name=op.f("fk_follow_up_asked_again_id_survey")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff_user.id"], name=op.f("fk_follow_up_closed_by_staff_user")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_follow_up_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["reached_in"], ["conversation.id"], name=op.f("fk_follow_up_reached_in_conversation")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_follow_up_survey_id_survey")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_follow_up_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_follow_up_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("survey_id", name=op.f("uq_follow_up_survey_id")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_closed_at_due_at", ["closed_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index("ix_follow_up_team_id_closed_at", ["team_id", "closed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_team_id_closed_at")
        batch_op.drop_index(batch_op.f("ix_follow_up_conversation_id"))
        batch_op.drop_index("ix_follow_up_closed_at_due_at")

    op.drop_table("follow_up")
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_state_expires_at")
        batch_op.drop_index("ix_survey_answered_at")

    op.drop_table("survey")
    op.drop_table("survey_setting")
