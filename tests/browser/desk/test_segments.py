"""What an agent writes is counted in the page as it will be sent: characters, links and segments."""

from __future__ import annotations

import random

from playwright.sync_api import expect

from channels.saying import Saying, lines_kept
from channels.sms import gsm
from channels.sms.form import sms_texts
from tests.browser.at_desks import Enter, House


def test_segments_are_counted_as_the_server_does(house: House, enter: Enter) -> None:
    page = enter(house.scene.mira)
    dice = random.Random(5)
    signs = "abc äöüß€{}[]~^|\\\n\f ẞ“”„–—…•→≤™®² \u00a0\u2003ﬁ①½Ａ中文😀🇩🇪Ω∆çÇéÉ№℡ŀſ\u0301\u200d\ufe0f"
    texts = ["".join(dice.choices(signs, k=dice.randrange(1, 12))) for _ in range(300)]
    texts += [dice.choice("aä€😀中") * dice.randrange(60, 330) for _ in range(80)]
    module = page.evaluate("document.querySelector('script[src*=\"desk/page.js\"]').src.replace('page.js', 'gsm.js')")
    counted = page.evaluate(
        """async ([module, texts]) => {
          const { asSent, segments } = await import(module);
          return texts.map((text) => [asSent(text), ...Object.values(segments(text))]);
        }""",
        [module, texts],
    )
    expected = [[gsm.as_sent(text), *vars(gsm.segments(text)).values()] for text in texts]
    assert expected == counted


def test_what_is_counted_in_the_page_is_sent_as_it_stands(house: House, enter: Enter) -> None:
    page = enter(house.scene.mira)
    dice = random.Random(7)
    pieces = [
        "Anna",
        " ",
        "  ",
        "\n",
        "\n\n",
        ".",
        ",",
        "1.",
        "2)",
        "-",
        "+",
        "#",
        "=",
        "*",
        "**",
        "_",
        "`",
        "~",
        "<b>",
        "&amp;",
    ]
    pieces += [
        "[x](/y)",
        "https://x.example",
        "www.x.example",
        "x.example",
        "a@b.example",
        "ß",
        "“ja”",
        "😀",
        "!",
        "|",
        "\\",
        "\t",
    ]
    texts = ["".join(dice.choices(pieces, k=dice.randrange(1, 6))).strip() for _ in range(3000)]
    module = page.evaluate("document.querySelector('script[src*=\"desk/page.js\"]').src.replace('page.js', 'gsm.js')")
    standing = page.evaluate(
        "async ([module, texts]) => texts.filter((await import(module)).isSentAsItStands)",
        [module, texts],
    )

    assert 500 < len(standing) < 2500
    for text in filter(None, standing):
        assert (gsm.as_sent(text),) == sms_texts(Saying(lines_kept(text), is_whole=True), lambda path: path)


def test_the_box_counts_links_as_they_will_be_sent(house: House, enter: Enter) -> None:
    one = house.customer_says("+4915112345678", "A person please", channel="sms")
    page = enter(house.scene.mira, f"waiting/{one}")
    page.keyboard.press("r")
    page.keyboard.type("Hello")
    expect(page.locator(".limits")).to_have_text("1 SMS · 5 GSM-7")
    page.locator(".write").fill("[Spare parts](/help/en/articles/" + "a" * 200 + ")")
    sent = f"Spare parts ({house.url}/a/3)"
    expect(page.locator(".limits")).to_have_text(f"1 SMS · {len(sent)} GSM-7")
    page.locator('.modes [data-mode="note"]').click()
    expect(page.locator(".limits")).to_have_text("")
