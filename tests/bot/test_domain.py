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


def buttons(response: str, language: str, channel: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = variations(response, language, channel)[0].get("buttons", [])  # type: ignore[assignment]
    return found


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
    for channel in ("web", "sms", "whatsapp"):
        english, german = (buttons(response, language, channel) for language in ("en", "de"))

        assert [button["payload"] for button in english] == [button["payload"] for button in german]


@pytest.mark.parametrize("response", RESPONSES)
def test_buttons_in_whatsapp_are_short_enough_to_be_buttons(response: str) -> None:
    for language in ("en", "de"):
        assert all(len(button["title"]) <= 20 for button in buttons(response, language, "whatsapp"))


@pytest.mark.parametrize("response", RESPONSES)
def test_by_sms_buttons_are_only_options_of_a_choice(response: str) -> None:
    for language in ("en", "de"):
        assert {button["payload"] for button in buttons(response, language, "sms")} <= {"/none_of_these"}
