"""How many SMS a reply takes, counted on what will be sent: without its marks, with short links and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from channels.inbound import InboundError, clean_text
from channels.saying import FILES, Saying, SentFile, lines_kept
from channels.short_links import likely_short_path
from channels.sms.form import sms_texts
from channels.sms.gsm import segments
from handoff.desk.house import House
from handoff.files import safe_name
from handoff.replying import LONGEST


@dataclass(frozen=True)
class Counted:
    encoding: str
    units: int
    count: int


def count_sms(house: House, text: str, names: Sequence[str], locale: str) -> Counted:
    """Of a reply in Markdown with files of these names. Nothing is stored."""

    def link(path: str) -> str:
        return f"{house.base_url}{path if path.startswith(FILES) else likely_short_path(house.database, path)}"

    files = tuple(SentFile(safe_name(name), house.files.path(str(uuid4()))) for name in names)
    saying = Saying(lines_kept(_cleaned(text)), locale=locale, files=files, is_whole=True)
    counted = [segments(body) for body in sms_texts(saying, link)]
    return Counted(
        encoding="UCS-2" if any(one.encoding == "UCS-2" for one in counted) else "GSM-7",
        units=sum(one.units for one in counted),
        count=sum(one.count for one in counted),
    )


def _cleaned(text: str) -> str:
    """As it is stored; empty if there is nothing to be said."""
    try:
        return clean_text(text[:LONGEST], LONGEST)
    except InboundError:
        return ""
