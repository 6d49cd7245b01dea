"""How long somebody waited in opening hours is kept as it was: those may change later."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# As it was last counted. The fact is about the first hand-off that was replied to; of others it is told as before.
COUNTED = """
UPDATE handoff SET reply_open_seconds = (
  SELECT fact.reply_open_seconds FROM conversation_fact AS fact WHERE fact.conversation_id = handoff.conversation_id
)
WHERE id IN (
  SELECT min(id) FROM handoff WHERE replied_at IS NOT NULL AND reason NOT IN ('agent', 'reopened')
  GROUP BY conversation_id
)
"""


def upgrade() -> None:
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply_open_seconds", sa.Float(), nullable=True))
    op.execute(COUNTED)


def downgrade() -> None:
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.drop_column("reply_open_seconds")
