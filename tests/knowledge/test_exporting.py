"""What is exported can be imported again, byte for byte, and stays in its folder."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article_files import parse, path_of, render
from knowledge.article_text import ArticleError, ArticleText, checked
from knowledge.articles import Translation
from knowledge.drafts import discard_draft, draft_of, save_draft
from knowledge.exporting import archive_of, export_archive, export_articles
from knowledge.importing import Report, import_articles
from knowledge.library import Knowledge
from knowledge.pictures import PictureStore
from tests.knowledge.shop import BENCH, RETURNS, RETURNS_DE, article
from tests.knowledge.sources.reading import picture

WORDS = st.text(min_size=1, max_size=60)
IDS = st.text(min_size=1, max_size=60)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.md")}


def test_an_export_imported_and_exported_again_has_the_same_bytes(knowledge: Knowledge, tmp_path: Path) -> None:
    odd = article(
        id="Über uns/Wer? (50 %)", title="'Who': # are & we?", body="    code\n\n---\n\nid: x\n---\n", tags=[]
    )
    knowledge.publish(article(), article(RETURNS_DE), article(BENCH), odd)
    knowledge.save_draft(article(title="Not yet"))
    assert 4 == export_articles(knowledge.database, tmp_path / "one")
    assert Report(unchanged=4) == import_articles(knowledge, tmp_path / "one")
    for view in list(knowledge.snapshot.articles.values()):
        knowledge.withdraw(view.id, view.locale)
    assert Report(published=4) == import_articles(knowledge, tmp_path / "one")
    export_articles(knowledge.database, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_files_lie_by_language_and_category(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    sqlite_knowledge.publish(article(), article(RETURNS_DE))
    export_articles(sqlite_knowledge.database, tmp_path / "out")
    assert {"en/returns/return-an-item.md", "de/returns/return-an-item.md"} == set(contents(tmp_path / "out"))


def test_a_folder_with_something_in_it_is_left_alone(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / ".git").mkdir(parents=True)
    assert 0 == export_articles(sqlite_knowledge.database, folder)
    (folder / "mine.txt").touch()
    with pytest.raises(ArticleError, match="is not empty"):
        export_articles(sqlite_knowledge.database, folder)
    with pytest.raises(ArticleError, match="can't be used"):
        export_articles(sqlite_knowledge.database, folder / "mine.txt")


def test_an_export_under_a_link_cant_leave_its_folder(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "en").symlink_to(tmp_path)
    sqlite_knowledge.publish(article())
    with pytest.raises(ArticleError, match="is not empty"):
        export_articles(sqlite_knowledge.database, tmp_path / "out")


def test_ids_that_differ_only_in_case_have_files_of_their_own() -> None:
    names = {path_of(article(id=name)).name.lower() for name in ("faq", "FAQ", "Faq", "f/aq", "f-aq", "ü", "ö", "?")}
    assert 8 == len(names)


@settings(max_examples=300)
@given(
    id=IDS,
    title=WORDS,
    short_answer=WORDS,
    body=st.text() | st.text(alphabet="-\n: ab#'\"|>\t"),
    tags=st.lists(WORDS, max_size=3),
    questions=st.lists(WORDS, max_size=3),
)
def test_any_article_comes_back_from_its_file_as_it_was(
    id: str, title: str, short_answer: str, body: str, tags: list[str], questions: list[str]
) -> None:
    text = taken(
        id=id, title=title, short_answer=short_answer, body=body, category="faq", tags=tags, questions=questions
    )
    if text is None:
        return
    assert text == parse(render(text).encode().decode("utf-8-sig"))
    assert render(text) == render(parse(render(text)))


@settings(max_examples=300)
@given(id=IDS | st.text(alphabet="./\\a~", min_size=1))
def test_no_id_can_make_a_file_outside_its_folder(id: str) -> None:
    text = taken(**{**RETURNS, "id": id})
    if text is not None:
        path = Path("/export") / path_of(text)
        assert Path("/export/en/returns") == path.parent
        assert len(path.name.encode()) < 120
        assert ".." not in path.parts


def taken(**fields: object) -> ArticleText | None:
    """None: the text is refused, with a sentence."""
    try:
        return checked(**{"locale": "en", **fields})  # type: ignore[arg-type]
    except ArticleError:
        return None


def test_a_demo_article_survives_the_way_round(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    demo = sorted((Path(__file__).parents[2] / "knowledge" / "demo").rglob("*.md"))[:3]
    for number, path in enumerate(demo):
        shutil.copy(path, tmp_path / f"{number}.md")
    assert Report(published=3) == import_articles(sqlite_knowledge, tmp_path)
    assert 3 == export_articles(sqlite_knowledge.database, tmp_path / "out")
    assert Report(unchanged=3) == import_articles(sqlite_knowledge, tmp_path / "out")


def filled(knowledge: Knowledge, tmp_path: Path) -> None:
    """Articles with everything an article can have, and drafts."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(picture())
    everything = article(
        id="a/b", internal=True, must_answer=["Can I?"], must_not_answer=["Wie geht das?"], aliases=["/old"], tags=["x"]
    )
    shown = article(id="c", body="![A](a.png)\n\n[Other](article:a/b)")
    for name, text in {"a": everything, "c": shown}.items():
        (tmp_path / "in" / f"{name}.md").write_text(render(text))
    (tmp_path / "in" / "categories.yml").write_text("- key: returns\n  icon: undo-2\n  en:\n    name: Returns\n")
    import_articles(knowledge, tmp_path / "in")
    with knowledge.database.transaction() as session:
        save_draft(session, "c", "en", {"title": "Better"})
        save_draft(session, "new", "en", {"title": "Unfinished"})


def archived(knowledge: Knowledge, *, drafts: bool = False) -> bytes:
    return b"".join(archive_of(knowledge.database, PictureStore(), drafts=drafts))


def test_an_archive_has_the_same_bytes_as_long_as_nothing_changed(knowledge: Knowledge, tmp_path: Path) -> None:
    filled(knowledge, tmp_path)
    first = archived(knowledge)
    assert first == archived(knowledge)
    (tmp_path / "all.zip").write_bytes(first)
    assert Report(unchanged=2) == import_articles(knowledge, tmp_path / "all.zip")
    for view in (*knowledge.snapshot.articles.values(), *knowledge.internal.articles.values()):
        with knowledge.database.transaction() as session:
            session.get(Translation, (view.id, view.locale)).imported = None  # type: ignore[union-attr]
        if (view.id, view.locale) in knowledge.snapshot.articles or view.id == "a/b":
            knowledge.withdraw(view.id, view.locale)
    assert 0 == len(knowledge.snapshot.articles)
    import_articles(knowledge, tmp_path / "all.zip")
    assert first == archived(knowledge)


def test_drafts_are_in_it_only_if_asked_for_and_come_back_as_drafts(knowledge: Knowledge, tmp_path: Path) -> None:
    filled(knowledge, tmp_path)
    count = export_archive(knowledge.database, tmp_path / "all.zip", PictureStore(), drafts=True)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = archive.namelist()
    assert (4, 2) == (count, sum(name.endswith(".draft.md") for name in names))
    assert not any(".draft" in name for name in zipfile.ZipFile(BytesIO(archived(knowledge))).namelist())
    with knowledge.database.transaction() as session:
        for id in ("c", "new"):
            discard_draft(session, id, "en")
    report = import_articles(knowledge, tmp_path / "all.zip")
    assert (0, 1, 2) == (report.published, report.drafts, report.unchanged)
    assert ["The category is missing."] == [problem.reason for problem in report.problems]
    with knowledge.database.reading() as session:
        assert "Better" == draft_of(session, "c", "en").title
    assert "Better" != knowledge.snapshot.articles["c", "en"].title


def test_an_archive_that_is_there_isnt_written_over(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("mine")
    with pytest.raises(ArticleError, match="is there already"):
        export_archive(sqlite_knowledge.database, tmp_path / "a.zip", PictureStore())
    with pytest.raises(ArticleError, match="can't be written"):
        export_archive(sqlite_knowledge.database, tmp_path / "no" / "a.zip", PictureStore())
    assert "mine" == (tmp_path / "a.zip").read_text()


def test_a_draft_cant_make_a_file_outside_its_folder(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    with sqlite_knowledge.database.transaction() as session:
        save_draft(session, "a", "en", {"category": "../../../etc", "title": "A"})
    export_articles(sqlite_knowledge.database, tmp_path / "out", drafts=True)
    assert ["out"] == [path.name for path in tmp_path.iterdir() if path.is_dir()]
    assert ["en/general"] == [str(path.parent.relative_to(tmp_path / "out")) for path in tmp_path.rglob("*.draft.md")]
