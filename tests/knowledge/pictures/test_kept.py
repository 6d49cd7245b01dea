"""Pictures in the database and in a folder, who may see them, and when they go."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from limits.storage import MemoryStorage
from sqlalchemy import select
from structlog.testing import capture_logs

from db import Database
from knowledge.drafts import save_draft
from knowledge.embedding import Embedder
from knowledge.exporting import export_articles
from knowledge.help.centre import HelpCentre
from knowledge.importing import Report, import_articles
from knowledge.library import Knowledge
from knowledge.pictures import Picture, PictureStore, Size
from knowledge.pictures.unused import KEPT_UNUSED, remove_unused
from tests.knowledge.help.roof import client_of
from tests.knowledge.pictures.test_beside_files import contents, picture, write
from tests.knowledge.shop import RETURNS, RETURNS_DE, article

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@pytest.fixture(params=["database", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures" if request.param == "folder" else None)


def keep(database: Database, store: PictureStore, content: bytes = b"x", now: datetime = NOW) -> str:
    with database.transaction() as session:
        return store.keep(session, content, "png", Size(30, 20), "basket", now)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.stored_name for one in session.scalars(select(Picture))]


def content(database: Database, store: PictureStore, name: str) -> bytes | None:
    with database.reading() as session:
        return store.content(session, *name.split("."))


def test_what_is_kept_is_there_once_however_often_it_is_brought(database: Database, store: PictureStore) -> None:
    assert (name := keep(database, store)) == keep(database, store)

    assert [name] == names(database)
    assert b"x" == content(database, store, name)
    assert content(database, store, f"{name[:-4]}.gif") is None
    assert content(database, store, f"{64 * '0'}.png") is None


def test_what_lay_in_the_database_before_a_folder_was_set_is_still_there(database: Database, tmp_path: Path) -> None:
    name = keep(database, PictureStore())

    assert b"x" == content(database, PictureStore(tmp_path), name)
    assert name == keep(database, PictureStore(tmp_path))
    assert [] == list(tmp_path.rglob("*.png"))


def test_a_file_that_is_gone_is_said_in_the_log(sqlite_database: Database, tmp_path: Path) -> None:
    store = PictureStore(tmp_path)
    name = keep(sqlite_database, store)
    (tmp_path / name[:2] / name).unlink()

    with capture_logs() as logs:
        assert content(sqlite_database, store, name) is None
    assert [name] == [log["picture"] for log in logs if log["event"] == "picture_file_unreadable"]
    keep(sqlite_database, store)
    assert b"x" == content(sqlite_database, store, name)


def test_nothing_half_written_is_ever_found_in_the_folder(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(sqlite_database, PictureStore(tmp_path / "pictures"))
    assert [] == [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]
    assert [] == names(sqlite_database)


def test_a_picture_that_nothing_shows_goes_after_a_week(database: Database, store: PictureStore) -> None:
    name = keep(database, store)

    assert 0 == remove_unused(database, store, NOW + KEPT_UNUSED - timedelta(seconds=1))
    assert 1 == remove_unused(database, store, NOW + KEPT_UNUSED)
    assert ([], None) == (names(database), content(database, store, name))
    assert not store.folder or not list(store.folder.rglob("*.png"))


def test_a_picture_that_is_brought_again_stays_another_week(database: Database, store: PictureStore) -> None:
    keep(database, store)
    keep(database, store, now=NOW + 6 * DAY)

    assert 0 == remove_unused(database, store, NOW + 8 * DAY)
    assert 1 == remove_unused(database, store, NOW + 13 * DAY)


def test_what_a_draft_shows_stays(database: Database, store: PictureStore) -> None:
    name = keep(database, store)
    with database.transaction() as session:
        save_draft(session, "returns", "en", {"body": f"See ![a label](picture:{name})."}, now=NOW)
    assert 0 == remove_unused(database, store, NOW + 100 * DAY)

    with database.transaction() as session:
        save_draft(session, "returns", "en", {"body": "No more."}, now=NOW)
    assert 0 == remove_unused(database, store, NOW + 101 * DAY)
    assert 0 == remove_unused(database, store, NOW + 107 * DAY)
    assert 1 == remove_unused(database, store, NOW + 108 * DAY)


def test_what_any_revision_showed_stays(knowledge: Knowledge) -> None:
    store, database = knowledge.pictures, knowledge.database
    name = keep(database, store)
    knowledge.publish(article(RETURNS, body=f"![a label](picture:{name})"))
    knowledge.publish(article(RETURNS, body="Without."))
    knowledge.withdraw("return-an-item", "en")

    assert 0 == remove_unused(database, store, NOW + 100 * DAY)
    assert [name] == names(database)


def test_a_picture_that_is_removed_while_it_is_brought_again_is_whole_or_gone(
    database: Database, store: PictureStore
) -> None:
    for number in range(5):
        name = keep(database, store, b"%d" % number)
        bringing = threading.Thread(target=keep, args=(database, store, b"%d" % number, NOW + 8 * DAY))
        removing = threading.Thread(target=remove_unused, args=(database, store, NOW + 8 * DAY))
        for thread in (bringing, removing):
            thread.start()
        for thread in (bringing, removing):
            thread.join()
        assert b"%d" % number == content(database, store, name)


def test_an_import_and_an_export_use_the_folder(database: Database, embedder: Embedder, tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "pictures")
    knowledge = Knowledge(database, embedder, pictures=store)
    import_articles(knowledge, write(tmp_path / "in", "![x](images/x.png)", x__png=picture()))
    export_articles(database, tmp_path / "one", store)

    assert [picture()] == [path.read_bytes() for path in store.folder.rglob("*.png")]  # type: ignore[union-attr]
    assert picture() in contents(tmp_path / "one").values()
    assert Report(unchanged=1) == import_articles(knowledge, tmp_path / "one")


def test_a_customer_cant_see_a_picture_that_no_live_article_shows(sqlite_knowledge: Knowledge) -> None:
    knowledge, client = sqlite_knowledge, client_of(HelpCentre(sqlite_knowledge, MemoryStorage()))
    name = keep(knowledge.database, knowledge.pictures)
    body = f"![a label](picture:{name})"

    def status() -> int:
        return client.get(f"/help/pictures/{name}").status_code

    assert 404 == status()
    with knowledge.database.transaction() as session:
        save_draft(session, "return-an-item", "en", {"body": body}, now=NOW)
    assert 404 == status()
    knowledge.publish(article(RETURNS, body=body, internal=True))
    assert 404 == status()
    knowledge.publish(article(RETURNS, body=body))
    assert 200 == status()
    knowledge.publish(article(RETURNS, body="Without."), article(RETURNS_DE, body=f"[large](picture:{name})"))
    assert 200 == status()
    knowledge.publish(article(RETURNS_DE, internal=True, body=body))
    assert 404 == status()


@pytest.mark.parametrize(
    "path", ["..%2f..%2fhandrail.db", "%2e%2e/secret.png", f"{64 * 'A'}.png", f"{64 * '0'}.png/..", f"{64 * '0'}.svg"]
)
def test_a_picture_cant_be_asked_for_by_another_name(
    sqlite_database: Database, embedder: Embedder, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    store = PictureStore(tmp_path / "pictures")
    centre = HelpCentre(Knowledge(sqlite_database, embedder, pictures=store), MemoryStorage())

    assert 404 == client_of(centre).get(f"/help/pictures/{path}").status_code


def test_a_picture_that_is_opened_by_itself_runs_nothing(sqlite_knowledge: Knowledge) -> None:
    name = keep(sqlite_knowledge.database, sqlite_knowledge.pictures)
    sqlite_knowledge.publish(article(RETURNS, body=f"![a label](picture:{name})"))
    served = client_of(HelpCentre(sqlite_knowledge, MemoryStorage())).get(f"/help/pictures/{name}")

    assert "default-src 'none'; sandbox" == served.headers["Content-Security-Policy"]
    assert ("nosniff", "image/png") == (served.headers["X-Content-Type-Options"], served.headers["Content-Type"])
