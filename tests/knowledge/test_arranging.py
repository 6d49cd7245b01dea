"""Categories are arranged: nothing that led to them leads nowhere, and what was published stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from db import Database
from knowledge.arranging import Arranger, add, all_categories, articles_by_category, change, delete, merge, order, shift
from knowledge.article_text import ArticleError
from knowledge.articles import Revision
from knowledge.categories import (
    Category,
    CategoryText,
    parse_categories,
    render_categories,
    store_categories,
    stored_categories,
)
from knowledge.drafts import draft_of, fields_of, save_draft
from knowledge.exporting import export_articles
from knowledge.help.catalogue import Catalogue
from knowledge.importing import import_articles
from knowledge.library import Knowledge
from knowledge.publishing import By, live_of
from knowledge.redirects import redirects
from staff.audit import AuditEntry
from staff.people import User
from tests.knowledge.many import publish_many
from tests.knowledge.shop import BENCH, RETURNS_DE, article
from tests.staff import edda

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
RETURNED = Category("returns", "undo-2", {"en": CategoryText("Returns"), "de": CategoryText("Rückgabe")})
PRODUCTS = Category("products", "box", {"en": CategoryText("Products"), "de": CategoryText("Produkte")})


@pytest.fixture
def stocked(knowledge: Knowledge) -> Knowledge:
    """Three articles in two categories, and a draft in one of them."""
    with knowledge.database.transaction() as session:
        store_categories(session, [RETURNED, PRODUCTS])
    knowledge.publish(article(), article(RETURNS_DE), article(BENCH))
    with knowledge.database.transaction() as session:
        save_draft(session, "lamps", "en", {"title": "Lamps", "category": "returns"})
    return knowledge


@pytest.fixture
def editor(stocked: Knowledge) -> User:
    return edda(stocked.database)


@pytest.fixture
def do(stocked: Knowledge, editor: User) -> Callable[..., None]:
    """An editor does something with categories."""

    def deed(verb: Callable[..., None], *given: Any) -> None:
        with stocked.database.transaction() as session:
            verb(Arranger(session, editor.id, NOW), *given)
        stocked.refresh()

    return deed


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.key for one in stored_categories(session)]


def moved(category: Category, key: str) -> Category:
    return Category(key, category.icon, category.texts)


def catalogue(knowledge: Knowledge) -> Catalogue:
    with knowledge.database.reading() as session:
        return Catalogue(knowledge.snapshot, stored_categories(session), redirects(session))


def test_a_category_with_another_key_takes_its_articles_and_drafts_along(
    stocked: Knowledge, do: Callable[..., None]
) -> None:
    do(change, "returns", moved(RETURNED, "send-back"))

    assert ["send-back", "products"] == keys(stocked.database)
    shelf = catalogue(stocked).shelf("en", "send-back")
    assert shelf is not None
    assert ["return-an-item"] == [one.id for one in shelf.articles]
    assert catalogue(stocked).shelf("en", "returns") is None
    with stocked.database.reading() as session:
        assert "send-back" == draft_of(session, "lamps", "en").category


def test_what_was_published_is_not_written_again(stocked: Knowledge, do: Callable[..., None]) -> None:
    before = stocked.snapshot.articles["return-an-item", "en"]
    do(change, "returns", moved(RETURNED, "send-back"))

    after = stocked.snapshot.articles["return-an-item", "en"]
    assert (before.revision_id, before.updated) == (after.revision_id, after.updated)
    with stocked.database.reading() as session:
        [revision] = session.scalars(select(Revision).filter_by(article_id="return-an-item", locale="en"))
        assert ("returns", "send-back", 1) == (revision.category_then, revision.category, revision.number)


def test_an_address_leads_to_the_key_of_today_after_any_number_of_changes(
    stocked: Knowledge, do: Callable[..., None]
) -> None:
    for before, after in (("returns", "second"), ("second", "third"), ("third", "returns"), ("returns", "second")):
        do(change, before, moved(RETURNED, after))

    with stocked.database.reading() as session:
        assert {"returns": "second", "third": "second"} == redirects(session)
    assert "second" == stocked.snapshot.articles["return-an-item", "en"].category


def test_merged_categories_are_one_and_both_their_addresses_lead_there(
    stocked: Knowledge, do: Callable[..., None]
) -> None:
    do(change, "returns", moved(RETURNED, "send-back"))
    do(merge, "send-back", "products")

    assert ["products"] == keys(stocked.database)
    assert [("returns", "products"), ("send-back", "products")] == [
        (old, catalogue(stocked).moved(old)) for old in ("returns", "send-back")
    ]
    assert {"products"} == {one.category for one in stocked.snapshot.articles.values()}


def test_only_an_empty_category_is_deleted(stocked: Knowledge, do: Callable[..., None]) -> None:
    with pytest.raises(ArticleError, match="There are 2 articles in it"):
        do(delete, "returns")
    do(add, moved(PRODUCTS, "gifts"))
    do(delete, "gifts")
    assert ["returns", "products"] == keys(stocked.database)


def test_a_key_that_leads_elsewhere_cant_be_taken(stocked: Knowledge, do: Callable[..., None]) -> None:
    do(change, "returns", moved(RETURNED, "send-back"))
    for verb, given in ((add, [moved(PRODUCTS, "returns")]), (change, ["products", moved(PRODUCTS, "returns")])):
        with pytest.raises(ArticleError, match="'returns' leads to the category 'send-back'"):
            do(verb, *given)
    with pytest.raises(ArticleError, match="There is a category with the address 'send-back' already"):
        do(change, "products", moved(PRODUCTS, "send-back"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "Send back"}, "The address must be of small letters"),
        ({"key": "x" * 65}, "The address must be of small letters"),
        ({"key": ""}, "The address must be of small letters"),
        ({"icon": "skull"}, "Please choose one of the icons."),
        ({"texts": {}}, "Please give the category a name"),
        ({"texts": {"en": CategoryText("x" * 61)}}, "en: the name must be one line of at most 60"),
        ({"texts": {"en": CategoryText("", "Only this")}}, "en: the name in en is missing."),
    ],
)
def test_what_cant_be_a_category_changes_nothing(
    stocked: Knowledge, do: Callable[..., None], changes: dict[str, Any], said: str
) -> None:
    given = {"key": "returns", "icon": "undo-2", "texts": RETURNED.texts} | changes
    with pytest.raises(ArticleError) as raised:
        do(change, "returns", Category(**given))
    assert str(raised.value).startswith(said)
    assert raised.value.german
    with stocked.database.reading() as session:
        assert [RETURNED, PRODUCTS] == stored_categories(session)


def test_categories_are_put_in_order_by_steps_or_at_once(stocked: Knowledge, do: Callable[..., None]) -> None:
    do(shift, "products", -1)
    assert ["products", "returns"] == keys(stocked.database)
    do(shift, "products", -1)
    assert ["products", "returns"] == keys(stocked.database)
    do(order, ["returns", "unknown", "returns"])
    assert ["returns", "products"] == keys(stocked.database)


def test_a_category_that_only_articles_name_is_given_an_entry(stocked: Knowledge, do: Callable[..., None]) -> None:
    stocked.publish(article(id="lamp", category="lamps"))
    with stocked.database.reading() as session:
        assert "lamps" == all_categories(session)[-1].key
    do(change, "lamps", Category("lights", "sparkles", {"en": CategoryText("Lights")}))
    assert ["returns", "products", "lights"] == keys(stocked.database)
    assert "lights" == stocked.snapshot.articles["lamp", "en"].category


def test_whatever_names_an_old_key_ends_in_the_new_one(
    stocked: Knowledge, do: Callable[..., None], tmp_path: Path
) -> None:
    export_articles(stocked.database, tmp_path / "before")
    do(change, "returns", moved(RETURNED, "send-back"))
    version = stocked.snapshot.version

    again = import_articles(stocked, tmp_path / "before")
    assert (0, 3, []) == (again.published, again.unchanged, again.problems)
    assert ["send-back", "products"] == keys(stocked.database)
    assert version == stocked.refresh().version
    stocked.publish(article(title="Send it back"))
    with stocked.database.transaction() as session:
        assert "send-back" == live_of(session, "return-an-item", "en").category  # type: ignore[union-attr]
        old = fields_of(article())
        assert "send-back" == save_draft(session, "return-an-item", "en", old).category


def test_what_was_changed_here_is_not_brought_again_because_its_category_moved(
    stocked: Knowledge, do: Callable[..., None], editor: User, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    export_articles(stocked.database, source)
    page = source / "en" / "returns" / "return-an-item.md"
    page.write_text(page.read_text().replace("Pack it well.", "Pack it in paper."))
    assert 1 == import_articles(stocked, source).published
    stocked.publish(article(title="Send it back"), by=By(editor.id))
    do(change, "returns", moved(RETURNED, "send-back"))

    report = import_articles(stocked, source)
    assert (0, 0, 0) == (report.published, report.drafts, report.kept)


def test_the_exported_categories_are_the_same_bytes_after_an_import(
    stocked: Knowledge, do: Callable[..., None], tmp_path: Path
) -> None:
    do(change, "returns", moved(RETURNED, "send-back"))
    export_articles(stocked.database, tmp_path / "one")
    import_articles(stocked, tmp_path / "one")
    export_articles(stocked.database, tmp_path / "two")
    file = (tmp_path / "one" / "categories.yml").read_bytes()
    assert file == (tmp_path / "two" / "categories.yml").read_bytes()
    assert file.decode() == render_categories(parse_categories(file.decode()))


def test_each_change_stands_in_the_audit_log(stocked: Knowledge, do: Callable[..., None]) -> None:
    do(add, moved(PRODUCTS, "gifts"))
    do(change, "gifts", moved(PRODUCTS, "gifts"))  # nothing
    do(change, "gifts", Category("presents", "gift", PRODUCTS.texts))
    do(shift, "presents", -1)
    do(delete, "presents")
    do(merge, "returns", "products")
    with stocked.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [
        ("category_added", "gifts"),
        ("category_changed", "presents"),
        ("category_key_changed", "presents"),
        ("categories_ordered", ""),
        ("category_deleted", "presents"),
        ("categories_merged", "products"),
    ] == [(one.action, one.subject) for one in entries]
    assert {"before": "gifts"} == entries[2].details


def test_five_thousand_articles_move_in_a_few_statements(database: Database) -> None:
    user = edda(database)
    with database.transaction() as session:
        store_categories(session, [RETURNED])
        publish_many(session, range(1, 5_001), NOW)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _one, _cursor, statement, *_: said.append(statement))
    with database.transaction() as session:
        change(Arranger(session, user.id, NOW), "returns", moved(RETURNED, "send-back"))
    assert 0 < len(said) < 50
    with database.reading() as session:
        assert 5_000 == len(articles_by_category(session)["send-back"])
