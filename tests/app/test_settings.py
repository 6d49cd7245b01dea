"""Settings: read once, refused with their name, and every one of them in README."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import SettingError, Settings, read_settings

README = Path(__file__).parents[2] / "README.md"


def test_nothing_has_to_be_set() -> None:
    assert Settings() == read_settings({})
    assert Settings() == read_settings({"PORT": "", "COMPANY": " "})


def test_what_is_set_is_read() -> None:
    settings = read_settings(
        {"PORT": "9000", "ALLOWED_ORIGINS": "https://a.example, https://b.example:8443/", "LOG_JSON": "yes"}
    )

    assert (9000, True) == (settings.port, settings.log_json)
    assert ("https://a.example", "https://b.example:8443") == settings.allowed_origins


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "support.shop.test"),
        ("PUBLIC_URL", "https://example.com/path"),
        ("PUBLIC_URL", "https://help.shop.test:https"),
        ("DEFAULT_LOCALE", "fr"),
        ("REDIS_URL", "cache.internal:6379"),
        ("REDIS_URL", "redis://:secret@"),
        ("VISITOR_RATE", "often"),
        ("NETWORK_RATE", "0/hour"),
        ("ALLOWED_ORIGINS", "shop.example"),
        ("LOG_JSON", "maybe"),
        ("ANSWER_CONFIDENCE", "1.5"),
        ("ANSWER_CONFIDENCE", "nan"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name_and_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} must be ") as refused:
        read_settings({name: value})

    assert value not in str(refused.value)


def test_every_setting_is_a_row_in_the_readme() -> None:
    rows = [line for line in README.read_text().splitlines() if line.startswith("| `")]
    documented = {row.split("`")[1]: row for row in rows}

    for one in fields(Settings):
        assert one.metadata["about"] in documented[one.name.upper()]
