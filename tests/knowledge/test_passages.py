"""How articles are cut into the passages that are found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.markdown import plain_text
from knowledge.passages import CHARACTERS, WORDS, cut, passages_of
from tests.knowledge.shop import article

SENTENCE = "The parcel service fetches large items from your door on any working day. "


def test_title_questions_short_answer_and_sections_are_passages() -> None:
    passages = [(passage.kind, passage.heading_path, passage.text) for passage in passages_of(article())]
    assert [
        ("title", (), "Return an item"),
        ("question", (), "How do I send something back?"),
        ("short", (), "You can send an item back within 30 days."),
        ("body", (), "Pack it well."),
        ("body", ("Label",), "Print the label from your order."),
    ] == passages


def test_a_passage_of_the_body_is_embedded_under_its_headings() -> None:
    assert "Label\nPrint the label from your order." == passages_of(article())[-1].embedded


def test_headings_are_a_path_that_a_higher_heading_shortens() -> None:
    body = "# Sofa\n\n## Legs\n\n### Screws\n\nSix.\n\n## Fabric\n\nLinen."
    assert [(("Sofa", "Legs", "Screws"), "Six."), (("Sofa", "Fabric"), "Linen.")] == list(cut(body))


def test_a_table_row_can_be_read_alone() -> None:
    [(_, text)] = cut("| Country | Days |\n|---|---|\n| Austria | 3 |\n| Norway | |\n")
    assert "Country: Austria; Days: 3\nCountry: Norway" == text


def test_lists_keep_their_numbers_and_what_is_inside_an_item() -> None:
    assert "3. Open\n4. Close\n- the lid" == plain_text("3. Open\n4. Close\n   - the *lid*\n")


def test_marks_links_pictures_and_html_are_read_as_their_words() -> None:
    text = plain_text(
        '**Go** to [your `account`](/x) ![lamp](l.png)<br>now\n\n<div class="x">Fish &amp; <b>chips</b></div>'
    )
    assert "Go to your account lamp\nnow\n\nFish & chips" == text


def test_a_long_section_becomes_passages_of_about_equal_size() -> None:
    sizes = [len(text.split()) for _, text in cut("\n\n".join([SENTENCE] * 6))]
    assert [39, 39] == sizes


def test_a_long_list_is_cut_between_its_items() -> None:
    body = "".join(f"{number}. {SENTENCE}\n" for number in range(1, 31))
    texts = [text for _, text in cut(body)]
    assert len(texts) > 1
    assert all(text.split(".")[0].isdigit() and text.endswith("day.") for text in texts)


def test_every_word_of_a_body_is_in_some_passage() -> None:
    body = "\n\n".join(f"Paragraph {number}. {SENTENCE * (number % 5)}" for number in range(40))
    assert plain_text(body).split() == [word for _, text in cut(body) for word in text.split()]


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("a# *-_`[]()|>\n\t1.<b&;!~\\:ß\u2028字")))
def test_any_text_is_cut_into_passages_that_are_neither_empty_nor_long(body: str) -> None:
    for path, text in cut(body):
        assert text.strip()
        assert len(text.split()) <= WORDS
        assert len(text) <= CHARACTERS
        assert all(path)


def test_text_without_spaces_is_cut_too() -> None:
    assert [CHARACTERS, CHARACTERS, 100] == [len(text) for _, text in cut("字" * (2 * CHARACTERS + 100))]


def test_the_mark_of_a_callout_is_not_read_aloud() -> None:
    assert ["Never use vinegar."] == [text for _, text in cut("> [!WARNING]\n> Never use **vinegar**.\n\n> [!TIP]\n")]
