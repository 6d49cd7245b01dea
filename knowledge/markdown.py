"""Markdown as blocks of plain text: what a passage is made of and what a person reads aloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.callouts import callouts

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(callouts)


@dataclass(frozen=True)
class Block:
    """A heading, or a paragraph, list, table or piece of code."""

    pieces: tuple[str, ...]
    """The block as plain text, in the pieces it may be cut into: the items of a list, the rows of a table."""
    heading_level: int = 0
    """1 to 6; 0: not a heading."""

    @property
    def text(self) -> str:
        return "\n".join(self.pieces)


def blocks(markdown: str) -> list[Block]:
    return [block for block in _blocks(SyntaxTreeNode(PARSER.parse(markdown))) if block.text.strip()]


def plain_text(markdown: str) -> str:
    """Markdown without its marks, paragraphs apart by an empty line."""
    return "\n\n".join(block.text for block in blocks(markdown))


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for child in node.children:
        if child.type == "heading":
            yield Block((_inline(child),), heading_level=int(child.tag[1]))
        elif child.type == "blockquote":
            yield from _blocks(child)
        else:
            yield Block(tuple(piece for piece in _pieces(child) if piece.strip()))


def _pieces(node: SyntaxTreeNode) -> list[str]:
    if node.type in ("bullet_list", "ordered_list"):
        return _items(node)
    if node.type == "table":
        return _rows(node)
    if node.type in ("fence", "code_block"):
        return node.content.splitlines()
    if node.type == "html_block":
        return [without_tags(node.content)]
    if node.type in ("paragraph", "heading"):
        return [_inline(node)]
    return [piece for child in node.children for piece in _pieces(child)]


def _items(node: SyntaxTreeNode) -> list[str]:
    first = int(node.attrs.get("start", 1))
    items = []
    for number, item in enumerate(node.children, first):
        mark = f"{number}." if node.type == "ordered_list" else "-"
        text = "\n".join(piece for child in item.children for piece in _pieces(child))
        items.append(f"{mark} {text}" if text.strip() else "")
    return items


def _rows(table: SyntaxTreeNode) -> list[str]:
    """Each row as `heading: cell` pairs, so that a row found alone can be understood."""
    head, *bodies = table.children
    names = [_inline(cell) for cell in head.children[0].children]
    rows = [[_inline(cell) for cell in row.children] for body in bodies for row in body.children]
    if not rows:
        return [" | ".join(names)]
    return [named_cells(names, row) for row in rows]


def named_cells(names: list[str], cells: list[str]) -> str:
    """A row of a table in one line, each cell with the name of its column."""
    named = zip(names, cells, strict=True)  # the parser fills up and cuts off rows to the head's length
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "html_inline":
        return "\n" if node.content.lower().startswith("<br") else ""
    return "".join(_inline(child) for child in node.children)


def without_tags(html: str) -> str:
    """The text between the tags."""
    return unescape(nh3.clean(html, tags=set())).strip()
