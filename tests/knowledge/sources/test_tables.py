"""Tables as spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.article_text import ArticleError
from tests.knowledge.sources.reading import all_of, opened

EXCEL = (
    "sep=;\r\nid;locale;Title;Body;Category;Tags;questions;internal\r\n"
    'a;de;Rückgabe;"Zeile 1\nZeile ""2""; Ende";Häufige Fragen;x|y;"Wie?\nWo?";ja\r\n;;=2+3;Text;;;;\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_excel_is_read_in_whatever_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(EXCEL.encode(encoding))
    source = opened(path, tmp_path)
    first, second = (one.text for one in all_of(source))
    assert first is not None
    assert ("a", "de", "Rückgabe", 'Zeile 1\nZeile "2"; Ende') == (first.id, first.locale, first.title, first.body)
    assert (("x", "y"), ("Wie?", "Wo?"), True) == (first.tags, first.questions, first.internal)
    assert "haeufige-fragen" == first.category
    assert ["Häufige Fragen"] == [one.name("en") for one in source.categories]
    assert second is not None
    assert ("2-3", "en", "=2+3", "general") == (second.id, second.locale, second.title, second.category)


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(delimiter.join(["title", "body_html"]) + "\n" + delimiter.join(["A", "<b>x</b>"]) + "\n")
    [found] = all_of(opened(path, tmp_path))
    assert found.text is not None
    assert "**x**" == found.text.body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "must name the columns"),
        (b"title,body,titel\n", "The column 'titel' is not known"),
        (b"title\nA\n", "must name the columns"),
        (b"title,title,body\n", "must name the columns"),
        (b'title,body\nA,"never closed\n', "breaks off in line 2"),
        (b"title,body\nA," + b"x" * 1_000_001 + b"\n", "breaks off in line 2"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither UTF-8 nor UTF-16 nor Windows-1252|something else"),
        (b"title,body\nA,\x00\n", "something else"),
        (b"title,body\nA,\x81\x8d\n", "neither UTF-8 nor UTF-16 nor Windows-1252"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(ArticleError, match=reason):
        opened(tmp_path / "table.csv", tmp_path)


def test_a_bad_row_is_named_with_its_line_and_the_rest_is_taken(tmp_path: Path) -> None:
    rows = ["id,locale,title,body,internal", "a,fr,A,x,", "b,en,B", "c,en,C,x,maybe", "d,en,,x,", "", "e,en,E,x,no"]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    found = all_of(opened(tmp_path / "t.csv", tmp_path))
    assert [
        ("t.csv:2", "The locale 'fr' is not one of en, de."),
        ("t.csv:3", "The row has 3 cells, the first line 5."),
        ("t.csv:4", "internal must be yes or no."),
        ("t.csv:5", "The title is missing."),
    ] == [(one.where, str(one.problem)) for one in found if one.problem]
    assert ["e"] == [one.text.id for one in found if one.text]
