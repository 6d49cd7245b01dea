"""Markdown as a phone shows it: as plain text, or in WhatsApp's own formatting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin

from markdown_it.tree import SyntaxTreeNode

from channels.saying import Link
from knowledge.addresses import article_path, picture_path
from knowledge.linking import SCHEME as ARTICLE_SCHEME
from knowledge.linking import linked, with_heading
from knowledge.markdown import PARSER, named_cells, without_tags
from knowledge.pictures import SCHEME as PICTURE_SCHEME
from knowledge.rendering import WORDS as CALLOUTS

BOLD, ITALIC, STRIKE = "\ufdd0", "\ufdd1", "\ufdd2"
"""Stand around what is marked until the whole text is known: no text has these, Unicode made no characters of them."""
MARKED = {"strong": BOLD, "em": ITALIC, "s": STRIKE}
NO_TEXT = str.maketrans("", "", BOLD + ITALIC + STRIKE)

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ADDRESS = re.compile(r"((?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
# A mark works where a word begins or ends, not within one and not between spaces.
_MARK = re.compile(r"(?<![^\W_])[*_~](?=\S)|(?<=\S)[*_~](?![^\W_])|`")
_LOOKS_LIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}


@dataclass(frozen=True)
class Look:
    """How a channel shows what Markdown can say."""

    signs: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    quote: str = ""
    indent: str = ""
    between_blocks: str = "\n"
    literal: Callable[[str], str] = str


def whatsapp_literal(text: str) -> str:
    """The text with nothing in it that WhatsApp takes for formatting; it knows no way to escape a mark.

    A mark that would work becomes a character that looks like it; addresses are left as they are, to be copied.
    """
    pieces = _ADDRESS.split(text)
    pieces[::2] = [_MARK.sub(lambda mark: _LOOKS_LIKE[mark[0]], piece) for piece in pieces[::2]]
    return re.sub(r"^>\s+", ">", "".join(pieces))


PLAIN = Look()
# https://faq.whatsapp.com/539178204879377 (How to format your messages)
WHATSAPP = Look({BOLD: "*", ITALIC: "_", STRIKE: "~"}, "```", "> ", "  ", "\n\n", whatsapp_literal)


def as_plain(markdown: str, link: Link, locale: str) -> str:
    """Without any marks; what is linked, with the address behind it in brackets."""
    return _written(markdown, PLAIN, link, locale)


def as_whatsapp(markdown: str, link: Link, locale: str) -> str:
    return _written(markdown, WHATSAPP, link, locale)


def _written(markdown: str, look: Look, link: Link, locale: str) -> str:
    tree = SyntaxTreeNode(PARSER.parse(markdown.translate(NO_TEXT)))
    return _signed(_Writer(look, link, locale).blocks(tree.children, look.between_blocks), look)


def _signed(text: str, look: Look) -> str:
    for mark, sign in look.signs.items():
        # Within a word WhatsApp would show the sign itself.
        text = re.sub(rf"(?<![^\W_]){mark}([^{mark}\n]+){mark}(?![^\W_])", rf"{sign}\1{sign}", text)
    return text.translate(NO_TEXT).strip()


@dataclass(frozen=True)
class _Writer:
    look: Look
    link: Link
    locale: str

    def blocks(self, nodes: Iterable[SyntaxTreeNode], between: str) -> str:
        written = [(self._block(node), node.type) for node in nodes]
        # A heading stands right above what it is about, so that no message is cut between them.
        ended = [text + ("\n" if kind == "heading" else between) for text, kind in written if text.strip()]
        return "".join(ended).rstrip("\n")

    def _block(self, node: SyntaxTreeNode) -> str:
        if node.type == "paragraph":
            return self._inline(node)
        if node.type == "heading":
            return _marked(self._inline(node), BOLD)
        if node.type in ("bullet_list", "ordered_list"):
            return self._list(node)
        if node.type == "blockquote":
            return self._quote(node)
        if node.type == "table":
            return self._table(node)
        if node.type in ("fence", "code_block"):
            return self._code(node.content.rstrip("\n"))
        return self.look.literal(without_tags(node.content)) if node.type == "html_block" else ""

    def _list(self, node: SyntaxTreeNode) -> str:
        first = int(node.attrs.get("start", 1))
        items = []
        for number, item in enumerate(node.children, first):
            mark = f"{number}." if node.type == "ordered_list" else "-"
            text = self.blocks(item.children, "\n")
            items.append(f"{mark} {text}".replace("\n", f"\n{self.look.indent}") if text else "")
        return "\n".join(filter(None, items))

    def _quote(self, node: SyntaxTreeNode) -> str:
        text = self.blocks(node.children, self.look.between_blocks)
        kind = node.meta.get("callout")
        if kind:
            return f"{_marked(CALLOUTS[self.locale][kind] + ':', BOLD)} {text}"
        return "\n".join(self.look.quote + line for line in text.split("\n"))

    def _table(self, node: SyntaxTreeNode) -> str:
        head, *rows = [[self._inline(cell) for cell in row.children] for part in node.children for row in part.children]
        return "\n".join(named_cells(head, row) for row in rows) if rows else " | ".join(head)

    def _code(self, code: str) -> str:
        sign = self.look.code
        return f"{sign}{code.replace(sign, 3 * chr(39)) if sign else code}{sign}" if code.strip() else ""

    def _inline(self, node: SyntaxTreeNode) -> str:
        return "".join(map(self._piece, node.children))

    def _piece(self, node: SyntaxTreeNode) -> str:
        if node.type == "text":
            return self.look.literal(node.content)
        if node.type == "code_inline":
            return self._code(node.content)
        if node.type == "softbreak":
            return " "
        if node.type == "hardbreak":
            return "\n"
        if node.type == "html_inline":
            return "\n" if node.content.lower().startswith("<br") else ""
        if node.type == "link":
            return self._link(node)
        inner = self._inline(node)
        return _marked(inner, MARKED[node.type]) if node.type in MARKED else inner

    def _link(self, node: SyntaxTreeNode) -> str:
        text, address = self._inline(node).strip(), self._address(str(node.attrs["href"]))
        if not address or text == address:
            return text
        return f"{text} ({address})" if text else address

    def _address(self, href: str) -> str:
        """Where a link leads, for whoever is not on the page; empty if only the page knows."""
        if href.startswith(ARTICLE_SCHEME):
            named = linked(href)
            return self.link(with_heading(article_path(self.locale, named[0]), named[1])) if named else ""
        if href.startswith(PICTURE_SCHEME):
            return self.link(picture_path(href.removeprefix(PICTURE_SCHEME)))
        if href.startswith(("https://", "http://")):
            return href
        if href.startswith(("mailto:", "tel:")):
            return unquote(href.partition(":")[2].partition("?")[0])
        if href.startswith("#") or _SCHEME.match(href):
            return ""
        return f"https:{href}" if href.startswith("//") else self.link(urljoin("/", href))


def _marked(text: str, mark: str) -> str:
    """Each line between marks, which stand at its words, not at spaces; what is marked already is marked once."""
    lines = (re.fullmatch(r"(\s*)(.*?)(\s*)", line) for line in text.replace(mark, "").split("\n"))
    return "\n".join(f"{line[1]}{mark}{line[2]}{mark}{line[3]}" if line and line[2] else "" for line in lines)
