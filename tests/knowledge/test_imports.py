"""Imports that are looked at first: what would happen, what happened, and the same end after whatever breaks off."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db import Database
from knowledge.article_text import ArticleError, ArticleText
from knowledge.articles import Passage, Revision, Translation
from knowledge.categories import stored_categories
from knowledge.drafts import Seen, draft_of, find_draft, save_draft
from knowledge.embedding import Embedder
from knowledge.importing import Report, Rules, import_articles
from knowledge.imports import claiming
from knowledge.imports.beginning import KEPT, KEPT_UNRUN, Brought, begin, cancel, find_job, forget_imports, run
from knowledge.imports.jobs import ImportItem, ImportJob
from knowledge.imports.working import work_on_imports
from knowledge.library import Knowledge
from knowledge.publishing import By, live_of
from staff.people import User
from tests.conftest import MODELS
from tests.knowledge.dying import dies
from tests.knowledge.shop import RETURNS, article
from tests.knowledge.sources.packing import packed
from tests.knowledge.sources.reading import picture
from tests.knowledge.sources.web import Site, fetcher
from tests.staff import edda

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
MARKDOWN = "---\nid: {id}\nlocale: en\ntitle: {title}\ncategory: returns\n---\n{body}\n"

WORKER = """
import sys
from pathlib import Path
from db import Database, utc_now
from knowledge.embedding import load_embedder
from knowledge.imports import reading, working
from knowledge.imports.working import work_on_imports
from knowledge.library import Knowledge
from tests.knowledge.dying import dies_with
working.PIECE = reading.PIECE = 5
# What a piece becomes is done then, and is written down nowhere.
working.take = reading.take = dies_with(int(sys.argv[3]), working.take)
knowledge = Knowledge(Database(sys.argv[1]), load_embedder("all-MiniLM-L6-v2", Path(sys.argv[2])))
while work_on_imports(knowledge, utc_now()):
    pass
"""


def markdown(id: str, body: str = "Pack it well.", title: str = "Return an item") -> str:
    return MARKDOWN.format(id=id, body=body, title=title)


def archive(**bodies: str) -> Brought:
    return Brought("articles.zip", packed({f"en/{id}.md": markdown(id, body) for id, body in bodies.items()}))


def lines(*articles: dict[str, object]) -> Brought:
    return Brought("articles.jsonl", "\n".join(map(json.dumps, articles)).encode())


def begun(knowledge: Knowledge, user: User, brought: Brought) -> str:
    with knowledge.database.transaction() as session:
        return begin(session, brought, user.id, NOW).id


def read(knowledge: Knowledge, user: User, brought: Brought) -> str:
    """The id of an import that was read."""
    job_id = begun(knowledge, user, brought)
    work(knowledge)
    return job_id


def imported(knowledge: Knowledge, user: User, brought: Brought, *, as_drafts: bool = False) -> str:
    job_id = read(knowledge, user, brought)
    with knowledge.database.transaction() as session:
        run(session, job_id, user.id, NOW, as_drafts=as_drafts)
    work(knowledge)
    return job_id


def work(knowledge: Knowledge) -> None:
    while work_on_imports(knowledge, NOW, fetcher):
        pass


def outcomes(database: Database, job_id: str) -> list[tuple[str, str]]:
    with database.reading() as session:
        items = session.scalars(select(ImportItem).filter_by(job_id=job_id).order_by(ImportItem.number))
        return [(item.article_id or item.place, item.outcome) for item in items]


def job_of(database: Database, job_id: str) -> ImportJob:
    with database.reading() as session:
        return find_job(session, job_id)


def body_of(database: Database, id: str) -> str | None:
    with database.reading() as session:
        live = live_of(session, id, "en")
    return live.body if live else None


def edited(knowledge: Knowledge, user: User, text: ArticleText) -> None:
    """As somebody publishes in the editor."""
    knowledge.publish(text, by=By(author_id=user.id))


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_would_happen_is_seen_before_anything_does(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One.", b="Two."))
    job_id = read(
        knowledge,
        user,
        Brought(
            "again.zip",
            packed(
                {
                    "a.md": markdown("a", "One."),
                    "b.md": markdown("b", "Changed."),
                    "c.md": markdown("c"),
                    "d.md": "nonsense",
                    "e.md": markdown("c"),
                }
            ),
        ),
    )
    assert [
        ("a", "unchanged"),
        ("b", "changed"),
        ("c", "new"),
        ("d.md", "refused"),
        ("e.md", "refused"),
    ] == outcomes(knowledge.database, job_id)
    job = job_of(knowledge.database, job_id)
    assert ("ready", 5, None) == (job.stage, job.total, job.claimed_until)
    assert ("Two.", None) == (body_of(knowledge.database, "b"), body_of(knowledge.database, "c"))


def test_what_was_looked_at_is_done_and_reported(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    job_id = imported(knowledge, user, Brought("x.zip", packed({"a.md": markdown("a"), "bad.md": "x"})))
    job = job_of(knowledge.database, job_id)
    assert ("done", NOW) == (job.stage, job.finished_at)
    assert [("a", "new"), ("bad.md", "refused")] == outcomes(knowledge.database, job_id)
    assert "Pack it well." == body_of(knowledge.database, "a")
    assert ("a", "en") in knowledge.snapshot.articles
    with knowledge.database.reading() as session:
        live = live_of(session, "a", "en")
        kept = session.scalar(select(ImportJob.content)), session.scalar(select(ImportItem.fields))
    assert live is not None
    assert (None, "Import: x.zip") == (live.author_id, live.note)
    assert (None, None) == kept


def test_importing_again_changes_nothing_but_what_changed(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One.", b="Two."))
    version = knowledge.snapshot.version
    job_id = imported(knowledge, user, archive(a="One.", b="Two."))
    assert [("a", "unchanged"), ("b", "unchanged")] == outcomes(knowledge.database, job_id)
    assert (version, 2) == (knowledge.refresh().version, count(knowledge.database, Revision))
    imported(knowledge, user, archive(a="One.", b="Three."))
    assert 3 == count(knowledge.database, Revision)


def test_what_was_changed_here_since_is_kept_and_the_imports_text_is_its_draft(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One."))
    edited(knowledge, user, article(id="a", body="Hers."))
    job_id = imported(knowledge, user, archive(a="Two."))
    assert [("a", "kept")] == outcomes(knowledge.database, job_id)
    assert "Hers." == body_of(knowledge.database, "a")
    with knowledge.database.reading() as session:
        assert ("Two.", None) == (draft_of(session, "a", "en").body, draft_of(session, "a", "en").saved_by)
        item = session.scalars(select(ImportItem).filter_by(job_id=job_id)).one()
    assert "It was changed here, too: what the import brings is a draft beside it." == (item.reason or {})["en"]


def test_what_was_changed_here_alone_stays_without_a_word(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One."))
    edited(knowledge, user, article(id="a", body="Hers."))
    job_id = imported(knowledge, user, archive(a="One."))
    assert [("a", "unchanged")] == outcomes(knowledge.database, job_id)
    with knowledge.database.reading() as session:
        assert find_draft(session, "a", "en") is None


def test_a_draft_that_somebody_writes_isnt_replaced(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One."))
    edited(knowledge, user, article(id="a", body="Hers."))
    with knowledge.database.transaction() as session:
        save_draft(session, "a", "en", {"body": "Half a sen"}, now=NOW, user_id=user.id)
    imported(knowledge, user, archive(a="Two."))
    with knowledge.database.reading() as session:
        assert "Half a sen" == draft_of(session, "a", "en").body
    assert "Hers." == body_of(knowledge.database, "a")


def test_what_was_withdrawn_here_doesnt_come_back_by_itself(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One."))
    knowledge.withdraw("a", "en")
    again, changed = imported(knowledge, user, archive(a="One.")), imported(knowledge, user, archive(a="Two."))
    assert [[("a", "unchanged")], [("a", "kept")]] == [
        outcomes(knowledge.database, job_id) for job_id in (again, changed)
    ]
    assert body_of(knowledge.database, "a") is None


def test_who_publishes_between_the_look_and_the_import_isnt_overwritten(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One."))
    job_id = read(knowledge, user, archive(a="Two."))
    edited(knowledge, user, article(id="a", body="Hers."))
    with knowledge.database.transaction() as session:
        run(session, job_id, user.id, NOW)
    work(knowledge)
    assert ([("a", "kept")], "Hers.") == (outcomes(knowledge.database, job_id), body_of(knowledge.database, "a"))


def test_an_import_can_leave_drafts(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    job_id = imported(knowledge, user, archive(a="One."), as_drafts=True)
    assert ([("a", "new")], None) == (outcomes(knowledge.database, job_id), body_of(knowledge.database, "a"))
    imported(knowledge, user, archive(a="One."))
    assert "One." == body_of(knowledge.database, "a")
    with knowledge.database.reading() as session:
        assert find_draft(session, "a", "en") is None
        assert Seen(1, 0).revision_id == live_of(session, "a", "en").id  # type: ignore[union-attr]


def test_unknown_categories_are_made_with_readable_names(sqlite_knowledge: Knowledge) -> None:
    user = edda(sqlite_knowledge.database)
    table = "title;body;category\nA;x;Häufige Fragen\nB;y;Rückgabe & Umtausch\n".encode("cp1252")
    imported(sqlite_knowledge, user, Brought("t.csv", table, locale="de"))
    with sqlite_knowledge.database.reading() as session:
        names = [(one.key, one.name("de")) for one in stored_categories(session)]
    assert [("haeufige-fragen", "Häufige Fragen"), ("rueckgabe-umtausch", "Rückgabe & Umtausch")] == names


def test_pages_are_imported_with_their_pictures(sqlite_knowledge: Knowledge, site: Site) -> None:
    user = edda(sqlite_knowledge.database)
    site.put("/a.png", picture(), "image/png")
    url = site.put(
        "/en/returns", "<main><h1>Returns</h1><p>Within thirty days at most.</p><img src='/a.png' alt='A'></main>"
    )
    sitemap = site.put("/s.xml", f"<urlset><url><loc>{url}</loc></url></urlset>", "text/xml")
    addresses = f"{sitemap}\n{site.address}/gone".encode()
    job_id = imported(sqlite_knowledge, user, Brought(sitemap, addresses, of_addresses=True))
    assert [("returns", "new"), (f"{site.address}/gone", "refused")] == outcomes(sqlite_knowledge.database, job_id)
    body = body_of(sqlite_knowledge.database, "returns") or ""
    assert body.startswith("Within thirty days at most.\n\n![A](picture:")
    assert ["/s.xml", "/en/returns", "/a.png", "/gone"] == site.asked


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        (Brought("x.exe", b"MZ"), "is neither a folder nor a .jsonl file"),
        (Brought("x.zip", b"no zip"), "is not a ZIP"),
        (Brought("../../etc/x.zip", packed({"../a.md": "x"})), "would lie outside"),
        (Brought("http://10.0.0.1/s.xml", b"http://10.0.0.1/s.xml", of_addresses=True), "of the public web"),
    ],
)
def test_what_cant_be_read_fails_with_a_sentence(sqlite_knowledge: Knowledge, brought: Brought, reason: str) -> None:
    job_id = read(sqlite_knowledge, edda(sqlite_knowledge.database), brought)
    job = job_of(sqlite_knowledge.database, job_id)
    assert "failed" == job.stage
    assert reason in (job.problem or {})["en"]
    with sqlite_knowledge.database.reading() as session:
        assert session.scalar(select(ImportJob.content)) is None


@pytest.mark.parametrize(
    "brought",
    [
        Brought("x", b" \n"),
        Brought("x", b"a\n" * 2_001, of_addresses=True),
        Brought("x", b"a", locale="fr"),
        Brought("x", b"a", format="pdf"),
    ],
)
def test_what_cant_be_an_import_isnt_begun(sqlite_database: Database, brought: Brought) -> None:
    user = edda(sqlite_database)
    with sqlite_database.transaction() as session, pytest.raises(ArticleError):
        begin(session, brought, user.id, NOW)


def test_nobody_can_fill_the_database_with_imports(sqlite_database: Database) -> None:
    user = edda(sqlite_database)
    with sqlite_database.transaction() as session:
        for _ in range(3):
            begin(session, archive(a="x"), user.id, NOW)
        with pytest.raises(ArticleError, match="please wait until one is done"):
            begin(session, archive(a="x"), user.id, NOW)


def test_a_cancelled_import_does_nothing_more(sqlite_knowledge: Knowledge) -> None:
    user = edda(sqlite_knowledge.database)
    job_id = read(sqlite_knowledge, user, archive(a="One."))
    with sqlite_knowledge.database.transaction() as session:
        cancel(session, job_id, user.id, NOW)
    work(sqlite_knowledge)
    assert "cancelled" == job_of(sqlite_knowledge.database, job_id).stage
    with sqlite_knowledge.database.transaction() as session, pytest.raises(ArticleError):
        run(session, job_id, user.id, NOW)


def test_one_process_at_a_time_is_at_an_import(knowledge: Knowledge) -> None:
    job_id = begun(knowledge, edda(knowledge.database), archive(a="One."))
    assert claiming.claimed(knowledge.database, NOW) is not None
    assert claiming.claimed(knowledge.database, NOW + timedelta(seconds=20)) is None
    later = claiming.claimed(knowledge.database, NOW + timedelta(seconds=31))
    assert later is not None
    assert job_id == later.id


def test_old_imports_are_forgotten(knowledge: Knowledge) -> None:
    user = edda(knowledge.database)
    imported(knowledge, user, archive(a="One."))
    read(knowledge, user, archive(b="One."))
    forget_imports(knowledge.database, NOW + KEPT_UNRUN)
    assert 2 == count(knowledge.database, ImportJob)
    forget_imports(knowledge.database, NOW + KEPT_UNRUN + timedelta(minutes=1))
    assert (1, 1) == (count(knowledge.database, ImportJob), count(knowledge.database, ImportItem))
    forget_imports(knowledge.database, NOW + KEPT + timedelta(minutes=1))
    assert (0, 0) == (count(knowledge.database, ImportJob), count(knowledge.database, ImportItem))
    assert "One." == body_of(knowledge.database, "a")


HELP_CENTRE = [{**RETURNS, "id": f"a{number}"} for number in range(404)]
BROKEN: list[dict[str, object]] = [
    {"id": f"bad{number}"} | extra
    for number, extra in enumerate(
        [
            {},
            {"locale": "en"},
            {"locale": "xx", "title": "A", "body": "B"},
            {"locale": "en", "title": "", "body": "B"},
            {"locale": "en", "title": "A" * 400, "body": "B"},
            {"locale": "en", "title": "A", "body": "\x00"},
            {"locale": "en", "title": "A", "body": 5},
            {"locale": "en", "title": "A", "body": "B", "category": "Not A Key"},
            {"locale": "en", "title": "A", "body": "B", "aliases": ["no path"]},
            {"locale": "en", "title": "A", "body": "B", "unknown": "x"},
        ]
    )
]


def test_an_import_that_is_killed_again_and_again_ends_as_if_it_hadnt_been(
    sqlite_database: Database, embedder: Embedder
) -> None:
    knowledge, user = Knowledge(sqlite_database, embedder), edda(sqlite_database)
    mixed = [*HELP_CENTRE[:60], *BROKEN, *HELP_CENTRE[60:120]]
    job_id = begun(knowledge, user, lines(*mixed))
    killed_with_piece(5, sqlite_database)
    assert ("reading", 20) == at(sqlite_database, job_id)
    while "ready" != job_of(sqlite_database, job_id).stage:
        work_on_imports(knowledge, datetime.now(timezone.utc) + timedelta(minutes=1))
    with sqlite_database.transaction() as session:
        run(session, job_id, user.id, NOW)
    killed_with_piece(3, sqlite_database)
    assert ("running", 10) == at(sqlite_database, job_id)
    assert 15 == count(sqlite_database, Translation)
    while "done" != job_of(sqlite_database, job_id).stage:
        work_on_imports(knowledge, datetime.now(timezone.utc) + timedelta(minutes=1))
    tables = (Translation, Revision, Passage)
    assert (120, 120, 120 * 5) == tuple(count(sqlite_database, table) for table in tables)
    kinds = [outcome for _, outcome in outcomes(sqlite_database, job_id)]
    assert (120, 10) == (kinds.count("new"), kinds.count("refused"))


def killed_with_piece(number: int, database: Database) -> None:
    """A process works on imports until then."""
    dies(WORKER, str(database.engine.url), str(MODELS), str(number))


def at(database: Database, job_id: str) -> tuple[str, int]:
    job = job_of(database, job_id)
    return job.stage, job.done


def test_of_a_whole_help_centre_with_ten_broken_articles_the_rest_is_in(
    sqlite_knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "all.jsonl"
    path.write_bytes(lines(*HELP_CENTRE, *BROKEN, *({**RETURNS, "id": f"z{n}"} for n in range(10))).content)
    first = import_articles(sqlite_knowledge, path)
    assert (414, 10) == (first.published, len(first.problems))
    version = sqlite_knowledge.snapshot.version
    second = import_articles(sqlite_knowledge, path)
    assert (0, 414, 10) == (second.published, second.unchanged, len(second.problems))
    assert (version, 414) == (sqlite_knowledge.refresh().version, count(sqlite_knowledge.database, Revision))


def test_on_the_command_line_it_can_be_looked_at_first_too(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(markdown("a"))
    preview = import_articles(sqlite_knowledge, tmp_path, rules=Rules(preview=True))
    assert (1, "new") == (preview.published, preview.items[0].verdict.outcome)
    assert 0 == count(sqlite_knowledge.database, Translation)
    assert Report(drafts=1) == import_articles(sqlite_knowledge, tmp_path, rules=Rules(as_drafts=True))
    assert Report(unchanged=1) == import_articles(sqlite_knowledge, tmp_path, rules=Rules(as_drafts=True))
    assert Report(published=1) == import_articles(sqlite_knowledge, tmp_path)


def test_what_was_changed_here_is_overwritten_only_if_it_is_said(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    user = edda(sqlite_knowledge.database)
    (tmp_path / "a.md").write_text(markdown("a"))
    import_articles(sqlite_knowledge, tmp_path)
    edited(sqlite_knowledge, user, article(id="a", body="Hers."))
    (tmp_path / "a.md").write_text(markdown("a", "Theirs."))
    assert Report(drafts=1, kept=1) == import_articles(sqlite_knowledge, tmp_path)
    assert Report(published=1) == import_articles(sqlite_knowledge, tmp_path, rules=Rules(overwrite=True))
    assert "Theirs." == body_of(sqlite_knowledge.database, "a")


def test_yaml_cant_unpack_to_more_than_it_says(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}" for n in range(1, 12))
    (tmp_path / "a.md").write_text(f"---\nl0: &l0 {{a: 1}}\n{levels}\n---\nx\n")
    [problem] = import_articles(sqlite_knowledge, tmp_path).problems
    assert "The YAML must not use a part twice by its anchor (&, *): write it out." == problem.reason
