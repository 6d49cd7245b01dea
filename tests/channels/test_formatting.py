"""Markdown on a phone: nothing of it is left to see, and nothing of what it says is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.formatting import as_plain, as_whatsapp
from tests.channels.sayings import link

CASES = [
    # Markdown, SMS, WhatsApp
    ("**Send** it *back* ~~soon~~.", "Send it back soon.", "*Send* it _back_ ~soon~."),
    ("***both***", "both", "_*both*_"),
    ("un**believ**able", "unbelievable", "unbelievable"),
    ("**two\\\nlines**", "two\nlines", "*two*\n*lines*"),
    ("wrapped\nby the author", "wrapped by the author", "wrapped by the author"),
    ("one\n\ntwo", "one\ntwo", "one\n\ntwo"),
    ("# Return **now**\n\ntext", "Return now\ntext", "*Return now*\ntext"),
    ("- a\n- b\n  1. c\n  2. d", "- a\n- b\n1. c\n2. d", "- a\n- b\n  1. c\n  2. d"),
    ("3. c\n4. d", "3. c\n4. d", "3. c\n4. d"),
    ("> said\\\nso", "said\nso", "> said\n> so"),
    ("> [!NOTE]\n> Keep the receipt.", "Note: Keep the receipt.", "*Note:* Keep the receipt."),
    ("Press `E05`.", "Press E05.", "Press ```E05```."),
    ("```\na = *b*\n```", "a = *b*", "```a = *b*```"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a: 1; b: 2", "a: 1; b: 2"),
    ("above\n\n---\n\nbelow", "above\nbelow", "above\n\nbelow"),
    ("![A label](picture:x.png) first", "A label first", "A label first"),
    ("[Print](/label) it", *2 * ("Print (https://books.example/label) it",)),
    ("[that](article:two%20words)", *2 * ("that (https://books.example/help/en/articles/two%20words)",)),
    ("[ours](https://a.example/_x_)", *2 * ("ours (https://a.example/_x_)",)),
    ("<https://a.example/_x_>", *2 * ("https://a.example/_x_",)),
    ("[write](mailto:us@a.example?subject=x)", *2 * ("write (us@a.example)",)),
    ("<us@a.example>", *2 * ("us@a.example",)),
    ("[below](#there) and [run](foo:bar)", *2 * ("below and run",)),
    ("[page](other?x=1)", *2 * ("page (https://books.example/other?x=1)",)),
    ("[![](picture:x)](//b.example/c)", *2 * ("https://b.example/c",)),
    ("a<br>b <b>c</b>\n\n<div>d &amp; e</div>", "a\nb c\nd & e", "a\nb c\n\nd & e"),
    ("", "", ""),
]


@pytest.mark.parametrize(("markdown", "sms", "whatsapp"), CASES)
def test_markdown_is_said_as_the_channel_says_it(markdown: str, sms: str, whatsapp: str) -> None:
    assert (sms, whatsapp) == (as_plain(markdown, link, "en"), as_whatsapp(markdown, link, "en"))


def test_callouts_are_named_in_the_language_of_the_text() -> None:
    assert "*Achtung:* heiß" == as_whatsapp("> [!WARNING]\n> heiß", link, "de")


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        (r"\*required\*", "∗required∗"),
        (r"\_x\_ and \~y\~", "ˍxˍ and ∼y∼"),
        ("2 * 3 * 4, order_no_5 and ~ 5", "2 * 3 * 4, order_no_5 and ~ 5"),
        (r"write to \_a\_b@c.example or https://c.example/\_a\_", "write to _a_b@c.example or https://c.example/_a_"),
        (r"\`x\`", "ˋxˋ"),
        (r"\> 5 kg", ">5 kg"),
        (r"**a \*b\***", "*a ∗b∗*"),
    ],
)
def test_what_is_no_formatting_does_not_become_some_in_whatsapp(markdown: str, said: str) -> None:
    assert said == as_whatsapp(markdown, link, "en")
    assert not re.search(r"[∗ˍ∼ˋ]", as_plain(markdown, link, "en"))


@given(st.text(alphabet="ab *_~`\\\n#>-1.[]()<!|\ufdd0\ufdd1/", max_size=80))
def test_any_markdown_can_be_said_and_shows_no_mark_of_ours(markdown: str) -> None:
    for said in (as_plain(markdown, link, "en"), as_whatsapp(markdown, link, "de")):
        assert not re.search("[\ufdd0-\ufdd2]", said)
        assert said == said.strip()


@given(st.text(alphabet="ab *_~ .", max_size=40))
def test_no_text_can_be_bold_italic_or_struck_in_whatsapp_by_itself(text: str) -> None:
    said = as_whatsapp("".join(f"\\{char}" if char in "*_~" else char for char in text), link, "en")

    assert not re.search(r"(?<![^\W_])([*_~])(?=\S)(.*\S)?\1(?![^\W_])", said)
