"""What an author may write, and what is said when it can't be taken."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.article_text import ArticleError
from tests.knowledge.shop import article


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "The title is missing."),
        ({"short_answer": "x" * 321}, "The short answer has 321 characters; at most 320 are allowed."),
        ({"locale": "fr"}, "The locale 'fr' is not one of en, de."),
        ({"id": ""}, "The id is missing."),
        ({"id": "x" * 201}, "The id is longer than 200 characters."),
        ({"id": "a\nb"}, "The id contains a character that can't be printed."),
        ({"body": "x" * 200_001}, "The body has 200001 characters; at most 200000 are allowed."),
        ({"body": "a\x00b"}, "The body contains a control character (U+0000)."),
        ({"title": "a\ud800"}, "The title contains a control character (U+D800)."),
        ({"questions": ["x"] * 2 + [""]}, "The question is missing."),
        ({"questions": [str(number) for number in range(201)]}, "There are 201 questions; at most 200 are allowed."),
        ({"category": ""}, "The category is missing."),
    ],
)
def test_a_text_that_cant_be_taken_is_answered_with_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ArticleError) as error:
        article(**changes)
    assert sentence == str(error.value)


@pytest.mark.parametrize("article_id", ["../../etc/passwd", "a/../b", "/a", "a/", "a//b", "..", " a", "."])
def test_an_id_cant_lead_out_of_the_help_centres_addresses(article_id: str) -> None:
    with pytest.raises(ArticleError, match="The id must not"):
        article(id=article_id)


@pytest.mark.parametrize("category", ["Returns", "a b", "../x", "-", "a--b", "x" * 65])
def test_a_category_is_a_word_for_addresses_and_folders(category: str) -> None:
    with pytest.raises(ArticleError, match="The category must be"):
        article(category=category)


def test_ids_of_other_help_centres_are_taken_as_they_are() -> None:
    assert "About us/Why? (50 %).md" == article(id="About us/Why? (50 %).md").id


def test_white_space_that_nobody_sees_is_tidied() -> None:
    text = article(title="  Return \n an item ", body="\n \n    code\r\nmore  \n\n", questions=["a  b", "a b"])
    assert ("Return an item", "    code\nmore", ("a b",)) == (text.title, text.body, text.questions)


@pytest.mark.parametrize(
    "alias", ["hc/x", "https://a.example/x", "//a.example", "/", "/x?id=5", "/x#y", "/a b", "/\\x", ""]
)
def test_an_alias_must_be_a_path(alias: str) -> None:
    with pytest.raises(ArticleError, match=r"alias"):
        article(aliases=[alias])
    assert ("/hc/en-us/articles/360012-returns",) == article(aliases=["/hc/en-us/articles/360012-returns"]).aliases


def test_an_author_who_works_in_german_is_told_in_german() -> None:
    wrong: list[dict[str, Any]] = [
        {"id": ""}, {"id": "a" * 201}, {"id": "a\u200b"}, {"id": "/a"}, {"id": "a.json"},
        {"locale": ""}, {"locale": "fr"}, {"category": ""}, {"category": "A B"},
        {"title": ""}, {"title": "x" * 321}, {"title": "\x07"}, {"short_answer": ""}, {"body": "x" * 200_001},
        {"tags": ["x" * 65]}, {"tags": [str(n) for n in range(51)]}, {"questions": [""]}, {"aliases": ["//elsewhere"]},
        {"must_answer": ["Same?"], "must_not_answer": ["Same?"]}, {"must_not_answer": [str(n) for n in range(51)]},
    ]  # fmt: skip
    for changes in wrong:
        with pytest.raises(ArticleError) as refused:
            article(**changes)
        assert refused.value.said("de") != refused.value.said("en"), changes
