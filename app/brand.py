"""The company's face on every page: its name, logo, links, and its colour made readable in light and in dark."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

READABLE = 4.5
"""The least contrast of text with what is behind it (WCAG 2.2, 1.4.3)."""
LIGHT_PAPER = (0.957, 0.949, 0.925)
"""The darkest light surface and the lightest dark one of `look/tokens.css`, as red, green, blue from 0 to 1."""
DARK_PAPER = (0.137, 0.176, 0.169)
WHITE = (1.0, 1.0, 1.0)
BLACK = (0.04, 0.06, 0.055)

LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
"""What a logo may be: a file's ending and its type."""

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Brand:
    name: str
    links: tuple[Link, ...] = ()
    colour: str = ""
    """`#rrggbb`; empty: the colours of `look/tokens.css`."""
    logo: str = ""
    """The address of the logo, on this installation; empty: only the name."""

    @property
    def css(self) -> str:
        """The brand's custom properties, for a page and for a shadow root."""
        if not self.colour:
            return ""
        brand = _colour(self.colour)
        light, dark = _readable(brand, LIGHT_PAPER, -1), _readable(brand, DARK_PAPER, 1)
        values = {
            "brand": self.colour,
            "brand-ink": _hex(_ink_on(brand)),
            "accent": f"light-dark({_hex(light)}, {_hex(dark)})",
            "accent-ink": f"light-dark({_hex(_ink_on(light))}, {_hex(_ink_on(dark))})",
        }
        return ":root, :host { " + " ".join(f"--{name}: {value};" for name, value in values.items()) + " }\n"


def logo_address(logo: Path | None) -> str:
    """Where a logo is shown: an address that changes with the file; empty without one."""
    return f"/brand/{sha256(logo.read_bytes()).hexdigest()[:12]}/logo" if logo else ""


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_colour(text: str) -> bool:
    """Whether a text is `#rrggbb` or `#rgb`."""
    return re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", text) is not None


def _colour(text: str) -> Colour:
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def _luminance(colour: Colour) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ink_on(colour: Colour) -> Colour:
    return max((WHITE, BLACK), key=lambda ink: contrast(colour, ink))


def _readable(colour: Colour, paper: Colour, direction: int) -> Colour:
    """The nearest lighter (1) or darker (-1) shade that can be read on the paper."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    return next(shade for shade in _shades(hue, lightness, saturation, direction) if contrast(shade, paper) >= READABLE)


def _shades(hue: float, lightness: float, saturation: float, direction: int) -> Iterable[Colour]:
    for step in range(101):
        yield colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness + direction * step / 100)), saturation)
