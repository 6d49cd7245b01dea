"""HTML to clean Markdown: sanitised first, then written as an author here would."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdownify import MarkdownConverter

from knowledge.article_text import CONTROL, ArticleError

MOST = 1_000_000
"""Characters."""
DEEPEST = 1_000
"""Elements within elements, as they are written: what cleans HTML takes time by the square of it."""
DEEPEST_CLEAN = 100
"""The same when clean: quotes within quotes put as many marks before every line."""
TAGS = {
    *("p", "div", "section", "article", "aside", "main", "header", "figure", "figcaption", "blockquote", "pre", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "br", "span"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "a", "img", "code", "kbd", "samp"),
    *("strong", "b", "em", "i", "del", "s", "u", "sub", "sup", "mark", "small", "abbr", "q", "cite"),
}
DROPPED = {
    *("script", "style", "template", "noscript", "svg", "math", "object", "embed", "form", "button", "select"),
    *("textarea", "canvas", "audio", "video", "head", "title", "iframe"),
}
"""With what stands in them."""
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    **{tag: {"class"} for tag in ("div", "p", "aside", "section", "blockquote", "code", "pre")},
}
CALLOUTS = {
    **dict.fromkeys(("note", "info", "information", "notice", "callout", "hint"), "NOTE"),
    **dict.fromkeys(("tip", "success"), "TIP"),
    "important": "IMPORTANT",
    **dict.fromkeys(("warning", "alert", "attention"), "WARNING"),
    **dict.fromkeys(("caution", "danger", "error"), "CAUTION"),
}
"""By a word of the class, as help centres' themes name such boxes. The most specific is last."""
LANGUAGE = re.compile(r"(?:language|lang)-([\w+#-]{1,30})")

MARKS = re.compile(
    r"[\\`]|\*(?=\S)|(?<=\S)\*|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~|\](?=[(:\[])|<(?=[a-zA-Z/!?])|&(?=#?\w+;)"
)
NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
MARKED = re.compile(r"^(\s*)(#(?=#*(?:\s|$))|[+-](?=\s|-|$)|>|=+$)", re.MULTILINE)
"""What would make a line of a paragraph a heading, a list or a quote."""
CALLOUT = re.compile(r"^(> )CALLOUT([A-Z]+)CALLOUT\n(?:>\n)*", re.MULTILINE)

Change = Callable[[str], str]
"""What becomes of an address; empty: the text remains without it."""


def markdown_of(html: str, link: Change, picture: Change) -> str:
    """A piece of HTML as Markdown. Raises ArticleError for what is too large, or nested like no text is."""
    if len(html) > MOST:
        raise ArticleError(f"Its HTML is longer than {MOST:,} characters.", f"Das HTML ist länger als {MOST} Zeichen.")
    whole = BeautifulSoup(html, "html.parser")
    check_depth(whole)
    _link_frames(whole)
    soup = BeautifulSoup(_clean(str(whole)), "html.parser")
    check_depth(soup, DEEPEST_CLEAN)
    _change_addresses(soup, link, picture)
    _mark_callouts(soup)
    try:
        written = _converter().convert_soup(soup)
    except RecursionError:
        raise too_deep() from None
    return _tidied(written)


def text_of_html(html: str) -> str:
    """Without any mark, in one line."""
    return " ".join(BeautifulSoup(html[:10_000], "html.parser").get_text(" ").split())


def check_depth(soup: BeautifulSoup, deepest: int = DEEPEST) -> None:
    """Raises ArticleError. It is counted without going into the elements, which an attack makes costly."""
    depths = {id(soup): 0}
    for element in soup.descendants:
        if isinstance(element, Tag):
            depths[id(element)] = depth = depths[id(element.parent)] + 1
            if depth > deepest:
                raise too_deep()


def too_deep() -> ArticleError:
    return ArticleError(
        "Its HTML is nested deeper than any text is.", "Das HTML ist tiefer verschachtelt, als ein Text es ist."
    )


def _clean(html: str) -> str:
    html = CONTROL.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel", "data"},
    )


def _link_frames(soup: BeautifulSoup) -> None:
    """A video that is shown in a frame of another site is a link here."""
    for frame in soup.find_all("iframe"):
        if source := str(frame.get("src") or ""):
            link = soup.new_tag("a", href=source)
            link.string = str(frame.get("title") or source)
            frame.replace_with(link)
            link.wrap(soup.new_tag("p"))


def _tidied(written: str) -> str:
    written = "\n".join(line.rstrip() for line in written.split("\n"))
    written = CALLOUT.sub(r"\1[!\2]\n", written)
    return re.sub(r"\n{3,}", "\n\n", written).strip()


def _change_addresses(soup: BeautifulSoup, link: Change, picture: Change) -> None:
    for anchor in soup.find_all("a"):
        href = str(anchor.get("href") or "")
        new = "" if href.lower().startswith("data:") else link(href) if href else ""
        if new:
            anchor["href"] = _plain(new)
        else:
            anchor.unwrap()
    for image in soup.find_all("img"):
        source = picture(str(image.get("src") or ""))
        if source:
            image["src"] = _plain(source)
            image["alt"] = " ".join(str(image.get("alt") or "").split())
        else:
            image.replace_with(NavigableString(str(image.get("alt") or "")))


def _plain(address: str) -> str:
    """As Markdown can hold it without angle brackets."""
    return re.sub(r"[\s<>()\\]", lambda found: f"%{ord(found[0]):02X}", address)


def _mark_callouts(soup: BeautifulSoup) -> None:
    for box in soup.find_all(["div", "aside", "section", "p", "blockquote"]):
        kind = _callout(box)
        if kind and box.get_text(strip=True) and not box.find_parent("blockquote"):
            mark = soup.new_tag("p")
            mark.string = f"CALLOUT{kind}CALLOUT"
            quote = box.wrap(soup.new_tag("blockquote")) if box.name == "p" else box
            quote.name = "blockquote"
            quote.insert(0, mark)


def _callout(box: Tag) -> str:
    classes: list[str] = list(box.get_attribute_list("class"))
    words = re.split(r"[^a-z]+", " ".join(filter(None, classes)).lower())
    kinds = [CALLOUTS[word] for word in words if word in CALLOUTS]
    return next((kind for kind in kinds if kind != "NOTE"), kinds[0] if kinds else "")


class _Writer(MarkdownConverter):
    """Markdown as an author here writes it: nothing is escaped that would not be read as a mark."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return MARKS.sub(r"\\\g<0>", text)

    def convert_p(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return str(
            super().convert_p(  # type: ignore[misc]
                element, MARKED.sub(r"\1\\\2", NUMBERED.sub(r"\1\\\2", text)), parent_tags
            )
        )

    def convert_td(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return str(
            super().convert_td(  # type: ignore[misc]
                element, text.replace("|", "\\|"), parent_tags
            )
        )

    def convert_dt(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    convert_summary = convert_dt

    def convert_dd(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    convert_details = convert_dd

    def convert_figcaption(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n*{text.strip()}*\n\n" if text.strip() else ""


def _converter() -> Any:
    return _Writer(
        heading_style="ATX",
        bullets="-",
        strip=["u", "mark", "small", "abbr", "span"],
        newline_style="backslash",
        table_infer_header=True,
        code_language_callback=_language,
    )


def _language(pre: Tag) -> str:
    classes = [name for tag in (pre, pre.find("code")) if isinstance(tag, Tag) for name in tag.get("class") or []]
    found = LANGUAGE.search(" ".join(classes))
    return found[1] if found else ""
