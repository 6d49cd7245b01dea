"""The words of the domain: complete, and in one tone."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.training import PROJECT

RESPONSES = yaml.safe_load((PROJECT / "domain" / "responses.yml").read_text())["responses"]


def variations(response: str, language: str, channel: str) -> list[dict[str, object]]:
    spoken = [each for each in RESPONSES[response] if each["condition"][0]["value"] == language]
    return [each for each in spoken if each.get("channel") == channel] or [e for e in spoken if "channel" not in e]


@pytest.mark.parametrize("response", RESPONSES)
def test_every_response_is_there_once_in_every_language_and_channel(response: str) -> None:
    for language in ("en", "de"):
        for channel in ("web", "sms", "whatsapp"):
            assert 1 == len(variations(response, language, channel))


@pytest.mark.parametrize("response", RESPONSES)
def test_every_response_is_calm_and_polite(response: str) -> None:
    for variation in RESPONSES[response]:
        assert "!" not in variation["text"]
        assert not re.search(r"\b(du|dir|dich|dein\w*)\b", variation["text"], re.IGNORECASE)


@pytest.mark.parametrize("response", RESPONSES)
def test_buttons_are_the_same_in_both_languages(response: str) -> None:
    english, german = (variations(response, language, "web")[0].get("buttons", []) for language in ("en", "de"))

    assert [button["payload"] for button in english] == [button["payload"] for button in german]
