"""What stands on the pages of figures, read as a person reads it: numbers as they are written there, in English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

NUMBER = r"[+−-]?[\d,]+(?:\.\d+)?"
SPANS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Value:
    """A number, and by how much it may have been rounded."""

    number: float
    within: float = 0.0

    def is_about(self, number: float) -> bool:
        return abs(self.number - number) <= self.within + 1e-6 * max(abs(number), 1)


@dataclass(frozen=True)
class Cell:
    """A figure where it stands: its value, and what stands below in small print."""

    value: Value | None
    n: int | None = None
    low: Value | None = None
    high: Value | None = None
    median: Value | None = None
    p90: Value | None = None
    p10: Value | None = None
    change: Value | None = None
    judged: str = ""


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: dict[str, list[Cell]]
    """By what the row's link chooses."""
    bars: dict[str, float]


@dataclass(frozen=True)
class Chart:
    title: str
    n: int
    value: Value | None
    """In all."""
    rows: list[list[str]]
    points: int
    """That are drawn of a line."""


class Page:
    def __init__(self, html: str) -> None:
        self.soup = BeautifulSoup(html, "html.parser")

    def cards(self) -> dict[str, Cell]:
        return {str(one["id"]).removeprefix("figure-"): _card(one) for one in self.soup.select("li.figure[id]")}

    def charts(self) -> dict[str, Chart]:
        return {_key(one): _chart(one) for one in self.soup.select("figure.chart")}

    def table(self, title: str, name: str) -> Table | None:
        """The one with this title, whose rows lead to the same page with the filter `name`."""
        found = self.soup.find("section", attrs={"aria-label": title})
        return _table(found, name) if isinstance(found, Tag) else None

    def rows(self, title: str) -> list[list[str]]:
        """The cells of a table as they are written."""
        found = self.soup.find("section", attrs={"aria-label": title})
        trs = found.select("tbody tr") if isinstance(found, Tag) else []
        return [[text_of(cell) for cell in tr.find_all(["th", "td"])] for tr in trs]

    def cell(self, written: str) -> Cell:
        """A figure of a table whose cells `rows` has given as they are written."""
        value, _, small = written.partition(" ")
        return _cell(value, small)

    def unanswered(self) -> list[tuple[str, int, str]]:
        """The questions without an answer: in which words, how often, and in which conversation last."""
        found = []
        for row in self.soup.select("section[aria-label='Questions without an answer'] li.row"):
            words, link = row.select_one("[lang]"), row.select_one("a")
            times = re.search(r"([\d,]+) times", text_of(row.select_one(".soft")))
            count = int(times[1].replace(",", "")) if times else 1
            found.append((words.get_text() if words else "", count, str(link["href"]).split("/")[-1] if link else ""))
        return found

    def count(self) -> int:
        """Of the conversations that are listed."""
        heading = self.soup.select_one("section.panel h2")
        found = re.match(r"([\d,]+) conversations?", text_of(heading)) if heading else None
        return int(found[1].replace(",", "")) if found else 0

    def figure(self, title: str) -> str:
        """The value of a figure that has no key."""
        for one in self.soup.select("li.figure"):
            if text_of(one.h2) == title:
                return text_of(one.select_one(".figure-value"))
        raise KeyError(title)


def read(text: str) -> Value | None:
    """`12.3%`, `5.43`, `2 h 10 min`, `+12`, `1,234` or `–`; how it was rounded shows in how it is written."""
    text = text.strip()
    if text in ("–", ""):
        return None
    if text.endswith("%"):
        return Value(_number(text[:-1]) / 100, 0.000501)
    if spans := re.findall(r"(\d+) (s|min|h|d)\b", text):
        seconds = sum(int(many) * SPANS[unit] for many, unit in spans)
        # The smallest unit that could have been said is rounded to.
        finest = {"s": 1, "min": 60, "h": 60, "d": 3600}[spans[0][1]]
        return Value(-seconds if text[0] in "−-" else seconds, finest / 2 + 0.5)
    text = text.removesuffix(" pts")
    digits = len(text.partition(".")[2])
    return Value(_number(text), 0.501 * 10**-digits if digits or text[0] in "+−" else 0.0)


def text_of(tag: object) -> str:
    return " ".join(tag.get_text(" ").replace("\u00a0", " ").split()) if isinstance(tag, Tag) else ""


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _card(one: Tag) -> Cell:
    value = text_of(one.select_one(".figure-value"))
    small = " · ".join(text_of(each) for each in one.select("p.soft.small"))
    change = text_of(one.select_one(".figure-change"))
    found = re.match(r"(.*?) on the period before", change)
    judged = "good" if "clearly better" in change else "bad" if "clearly worse" in change else ""
    return _cell(value, small, read(_change(found[1])) if found else None, judged)


def _change(text: str) -> str:
    return text.removesuffix(" pts") + "%" if text.endswith(" pts") else text


def _cell(value: str, small: str, change: Value | None = None, judged: str = "") -> Cell:
    n, low, high, median, p90, p10 = None, None, None, None, None, None
    for part in filter(None, small.split(" · ")):
        if found := re.fullmatch(r"([\d,]+) cases?", part):
            n = int(found[1].replace(",", ""))
        elif part.startswith("Median "):
            median = read(part.removeprefix("Median "))
        elif part.startswith("9 in 10 up to "):
            p90 = read(part.removeprefix("9 in 10 up to "))
        elif part.startswith("9 in 10 at least "):
            p10 = read(part.removeprefix("9 in 10 at least "))
        else:
            low, high = (read(one) for one in part.split(" – "))
    # Of what is counted, the value itself says how many cases there are.
    if n is None:
        n = int(_number(value)) if re.fullmatch(r"[\d,]+", value) else 0
    return Cell(read(value), n, low, high, median, p90, p10, change, judged)


def _table(section: Tag, name: str) -> Table:
    rows, bars = {}, {}
    for tr in section.select("tbody tr"):
        link, bar = tr.select_one("th a"), tr.select_one("th rect")
        assert link is not None
        assert bar is not None
        key = parse_qs(urlsplit(str(link["href"])).query)[name][0]
        bars[key] = float(str(bar["width"]))
        rows[key] = [
            _cell(text_of(td.select_one(".cell-value")) or "–", text_of(td.select_one(".cell-more")))
            for td in tr.select("td")
        ]
    return Table([text_of(th) for th in section.select("thead th")], rows, bars)


def _key(figure: Tag) -> str:
    heading = figure.select_one("h2")
    assert heading is not None
    return str(heading["id"]).removesuffix("-title")


def _chart(figure: Tag) -> Chart:
    summary = re.fullmatch(r"(.*) in all, ([\d,]+) cases?\.", text_of(figure.select_one("figcaption p")))
    assert summary is not None
    rows = [[text_of(cell) for cell in tr.find_all(["th", "td"])] for tr in figure.select("tbody tr")]
    points = len(figure.select("circle"))
    return Chart(text_of(figure.h2), int(_number(summary[2])), read(summary[1]), rows, points)


def figure(page: str, key: str) -> str:
    """What a page shows as a figure's value."""
    shown = page.partition(f'id="figure-{key}"')[2].partition("</li>")[0]
    value = re.search(r'class="figure-value[^"]*">(?:<a [^>]*>)?([^<]*)', shown)
    return value[1].replace("\u00a0", " ") if value else ""
