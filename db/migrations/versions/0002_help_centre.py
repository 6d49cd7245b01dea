"""The help centre: categories, pictures, aliases, and what its pages count."""

import sqlalchemy as sa
from alembic import op

import db.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "help_category",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(length=64), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_help_category")),
    )
    op.create_table(
        "help_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_search")),
    )
    with op.batch_alter_table("help_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_search_at"), ["at"], unique=False)

    op.create_table(
        "picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture")),
    )
    op.create_table(
        "article_read",
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_read_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", "locale", "day", name=op.f("pk_article_read")),
    )
    with op.batch_alter_table("article_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_read_day"), ["day"], unique=False)

    op.create_table(
        "article_feedback",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_feedback_article_id_article")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name=op.f("fk_article_feedback_revision_id_article_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_feedback")),
    )
    with op.batch_alter_table("article_feedback", schema=None) as batch_op:
        batch_op.create_index("ix_article_feedback_article_id_locale", ["article_id", "locale"], unique=False)

    op.add_column("article_revision", sa.Column("aliases", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("article_revision", "aliases")

    with op.batch_alter_table("article_feedback", schema=None) as batch_op:
        batch_op.drop_index("ix_article_feedback_article_id_locale")

    op.drop_table("article_feedback")
    with op.batch_alter_table("article_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_read_day"))

    op.drop_table("article_read")
    op.drop_table("picture")
    with op.batch_alter_table("help_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_search_at"))

    op.drop_table("help_search")
    op.drop_table("help_category")
