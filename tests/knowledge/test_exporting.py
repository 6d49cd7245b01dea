"""What is exported can be imported again, byte for byte, and stays in its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article_files import parse, path_of, render
from knowledge.article_text import ArticleError, ArticleText, checked
from knowledge.exporting import export_articles
from knowledge.importing import Report, import_articles
from knowledge.library import Knowledge
from tests.knowledge.shop import BENCH, RETURNS, RETURNS_DE, article

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


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=300, deadline=None)
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
