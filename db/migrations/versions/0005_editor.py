"""The editor: drafts of their own, who published what and why, who looks after it, what an article must answer."""

import sqlalchemy as sa
from alembic import op

import db.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_draft",
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("short_answer", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("must_answer", sa.JSON(), nullable=False),
        sa.Column("must_not_answer", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_revision_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.String(length=36), nullable=True),
        sa.Column("saved_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("submitted_by", sa.String(length=36), nullable=True),
        sa.Column("approved_by", sa.String(length=36), nullable=True),
        sa.Column("publish_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("publish_by", sa.String(length=36), nullable=True),
        sa.Column("claimed_until", db.base.UTCDateTime(), nullable=True),
        sa.Column("stopped", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_draft_article_id_article")),
        sa.ForeignKeyConstraint(
            ["base_revision_id"],
            ["article_revision.id"],
            name=op.f("fk_article_draft_base_revision_id_article_revision"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["staff_user.id"], name=op.f(f"fk_article_draft_{name}_staff_user"))
            for name in ("saved_by", "submitted_by", "approved_by", "publish_by")
        ),
        sa.PrimaryKeyConstraint("article_id", "locale", name=op.f("pk_article_draft")),
    )
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_draft_stage"), ["stage"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_draft_publish_at"), ["publish_at"], unique=False)

    op.create_table(
        "article_use",
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("helped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_helped", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("article_id", "locale", "day", name=op.f("pk_article_use")),
    )
    op.create_table(
        "category_redirect",
        sa.Column("old_key", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("old_key", name=op.f("pk_category_redirect")),
    )
    op.create_index("ix_category_redirect_key", "category_redirect", ["key"])
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("must", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_waiver_article_id_article")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_waiver_user_id_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint(
            "article_id", "locale", "question", "must", name=op.f("uq_waiver_article_id_locale_question_must")
        ),
    )
    op.create_table(
        "article_visit",
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("seen_at", db.base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_article_visit_user_id_staff_user")),
        sa.PrimaryKeyConstraint("article_id", "locale", "user_id", name=op.f("pk_article_visit")),
    )
    _make_imports()
    with op.batch_alter_table("article_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("internal", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("must_answer", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("must_not_answer", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("author_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("approved_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        for name in ("author_id", "approved_by"):
            batch_op.create_foreign_key(
                batch_op.f(f"fk_article_revision_{name}_staff_user"), "staff_user", [name], ["id"]
            )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unused_since", db.base.UTCDateTime(), nullable=True))
        batch_op.alter_column("content", existing_type=sa.LargeBinary(), nullable=True)
    _move_drafts()
    with op.batch_alter_table("article_translation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_translation_draft_revision_id"))
        batch_op.drop_constraint(
            batch_op.f("fk_article_translation_draft_revision_id_article_revision"), type_="foreignkey"
        )
        batch_op.drop_column("draft_revision_id")
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("review_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("archived_at", db.base.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("imported", sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_article_translation_owner_id_staff_user"), "staff_user", ["owner_id"], ["id"]
        )
        batch_op.add_column(sa.Column("seen_revision_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_article_translation_seen_revision_id_article_revision"),
            "article_revision",
            ["seen_revision_id"],
            ["id"],
        )
        batch_op.create_index(batch_op.f("ix_article_translation_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_translation_review_on"), ["review_on"], unique=False)
    _believe_translations()
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.alter_column("subject", existing_type=sa.String(length=100), type_=sa.String(length=220))
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("at", db.base.UTCDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("resolved_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=36), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_review_comment_article_id_article")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name=op.f("fk_review_comment_revision_id_article_revision")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["staff_user.id"], name=op.f(f"fk_review_comment_{name}_staff_user"))
            for name in ("author_id", "resolved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index("ix_review_comment_article_id_locale", "review_comment", ["article_id", "locale"])


def downgrade() -> None:
    op.drop_table("review_comment")
    # What was longer is cut, so that it fits again.
    op.execute("UPDATE audit_entry SET subject = substr(subject, 1, 100)")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.alter_column("subject", existing_type=sa.String(length=220), type_=sa.String(length=100))
    with op.batch_alter_table("article_translation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_translation_review_on"))
        batch_op.drop_index(batch_op.f("ix_article_translation_owner_id"))
        batch_op.drop_constraint(batch_op.f("fk_article_translation_owner_id_staff_user"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_article_translation_seen_revision_id_article_revision"), type_="foreignkey"
        )
        for name in ("seen_revision_id", "imported", "archived_at", "review_on", "review_months", "owner_id"):
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column("draft_revision_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_article_translation_draft_revision_id_article_revision"),
            "article_revision",
            ["draft_revision_id"],
            ["id"],
        )
        batch_op.create_index(
            batch_op.f("ix_article_translation_draft_revision_id"), ["draft_revision_id"], unique=False
        )
    _move_drafts_back()
    with op.batch_alter_table("article_revision", schema=None) as batch_op:
        for name in ("author_id", "approved_by"):
            batch_op.drop_constraint(batch_op.f(f"fk_article_revision_{name}_staff_user"), type_="foreignkey")
        for name in ("note", "approved_by", "author_id", "must_not_answer", "must_answer", "internal"):
            batch_op.drop_column(name)
    op.drop_table("category_redirect")
    op.drop_table("import_item")
    op.drop_table("import_job")
    op.drop_table("waiver")
    op.drop_table("article_visit")
    op.execute("DELETE FROM picture WHERE content IS NULL")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.alter_column("content", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("unused_since")
    op.drop_table("article_use")
    op.drop_table("article_draft")


def _make_imports() -> None:
    op.create_table(
        "import_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("of_addresses", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("as_drafts", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("begun_by", sa.String(length=36), nullable=True),
        sa.Column("begun_at", db.base.UTCDateTime(), nullable=False),
        sa.Column("finished_at", db.base.UTCDateTime(), nullable=True),
        sa.Column("claimed_until", db.base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["begun_by"], ["staff_user.id"], name=op.f("fk_import_job_begun_by_staff_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_job_begun_at"), ["begun_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_job_stage"), ["stage"], unique=False)
    op.create_table(
        "import_item",
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("article_id", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["import_job.id"], name=op.f("fk_import_item_job_id_import_job")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_import_item")),
    )
    with op.batch_alter_table("import_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_item_outcome"), ["outcome"], unique=False)


def _believe_translations() -> None:
    """What is live in both languages today is taken to say the same."""
    op.execute(
        "UPDATE article_translation SET seen_revision_id = (SELECT min(other.live_revision_id)"
        " FROM article_translation other WHERE other.article_id = article_translation.article_id"
        " AND other.locale <> article_translation.locale) WHERE live_revision_id IS NOT NULL"
    )


def _move_drafts() -> None:
    """A draft was a revision nobody saw yet. Those that were never live are no publications."""
    op.execute(
        "INSERT INTO article_draft (article_id, locale, title, short_answer, body, questions, category, tags, aliases,"
        " internal, must_answer, must_not_answer, version, base_revision_id, note, saved_at, stage)"
        " SELECT t.article_id, t.locale, r.title, r.short_answer, r.body, r.questions, r.category, r.tags, r.aliases,"
        " r.internal, '[]', '[]', 1, t.live_revision_id, '', r.created_at, 'writing'"
        " FROM article_translation t JOIN article_revision r ON r.id = t.draft_revision_id"
    )


def _move_drafts_back() -> None:
    """Each draft becomes a revision of its own, after those that were published."""
    connection = op.get_bind()
    drafts = connection.execute(sa.text("SELECT * FROM article_draft")).mappings().all()
    for draft in drafts:
        connection.execute(
            sa.text(
                "INSERT INTO article_revision (article_id, locale, number, title, short_answer, body, questions,"
                " category, tags, aliases, created_at)"
                " SELECT article_id, locale, (SELECT coalesce(max(r.number), 0) + 1 FROM article_revision r"
                " WHERE r.article_id = d.article_id AND r.locale = d.locale), title, short_answer, body, questions,"
                " substr(category, 1, 64), tags, aliases, saved_at FROM article_draft d"
                " WHERE article_id = :article_id AND locale = :locale"
            ),
            {"article_id": draft["article_id"], "locale": draft["locale"]},
        )
        connection.execute(
            sa.text(
                "UPDATE article_translation SET draft_revision_id = (SELECT max(id) FROM article_revision"
                " WHERE article_id = :article_id AND locale = :locale)"
                " WHERE article_id = :article_id AND locale = :locale"
            ),
            {"article_id": draft["article_id"], "locale": draft["locale"]},
        )
