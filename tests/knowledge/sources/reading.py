"""Opening a source as an import does."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from knowledge.sources.found import Found, Source
from knowledge.sources.opening import Format, Reading, open_path, open_urls
from tests.knowledge.sources.web import fetcher


def opened(source: Path | Sequence[str], folder: Path, format: Format = "") -> Source:
    (folder / "work").mkdir()
    reading = Reading(folder / "work", fetcher(), format=format)
    return open_path(source, reading) if isinstance(source, Path) else open_urls(source, reading)


def all_of(source: Source) -> list[Found]:
    found = list(source.read(0))
    assert source.total == len(found)
    assert [(one.where, one.text) for one in found[1:]] == [(one.where, one.text) for one in source.read(1)]
    return found


def picture(colour: str = "teal", kind: str = "PNG") -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 6), colour).save(content, kind)
    return content.getvalue()
