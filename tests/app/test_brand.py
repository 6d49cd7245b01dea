from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand import DARK_PAPER, LIGHT_PAPER, Brand, _colour, contrast
from app.settings import SettingError, read_settings

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_any_brand_colour_can_be_read_on_light_and_on_dark(colour: str) -> None:
    css = Brand("Fennimor", colour=colour).css
    accent, ink = (re.findall(rf"--{name}: light-dark\((#\w+), (#\w+)\)", css)[0] for name in ("accent", "accent-ink"))
    assert contrast(_colour(accent[0]), LIGHT_PAPER) > 4.4  # hexadecimal digits round a little
    assert contrast(_colour(accent[1]), DARK_PAPER) > 4.4
    for fill, text in zip(accent, ink, strict=True):
        assert contrast(_colour(fill), _colour(text)) > 4.4


def test_without_a_colour_the_look_stays_as_it_is() -> None:
    assert "" == Brand("Fennimor").css


def test_links_are_read_from_one_setting() -> None:
    links = read_settings({"LINKS": "Shop=https://shop.example, Imprint = https://shop.example/imprint?a=b"}).links
    assert [("Shop", "https://shop.example"), ("Imprint", "https://shop.example/imprint?a=b")] == [
        (link.label, link.url) for link in links
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BRAND_COLOR", "green"),
        ("BRAND_COLOR", "#12345"),
        ("LINKS", "Shop"),
        ("LINKS", "Shop=javascript:alert(1)"),
        ("LOGO", "/nowhere/logo.svg"),
        ("LOGO", __file__),
        ("PRIVACY_URL", "privacy"),
        ("WIDGET_SIDE", "top"),
    ],
)
def test_a_brand_that_cant_be_shown_stops_the_start_with_a_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"{name} must be"):
        read_settings({name: value})
