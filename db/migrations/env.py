"""Alembic's entry: migrates over the connection it is given, never over one of its own."""

from alembic import context

from db import Base
from db.migrating import is_of_a_model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite can't alter a column: tables are copied instead.
    render_as_batch=True,
    compare_type=True,
    include_name=is_of_a_model,
)
with context.begin_transaction():
    context.run_migrations()
