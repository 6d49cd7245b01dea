"""WhatsApp's own rules and forms: one test or more for each fact of a correct integration, by its number."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.reply import Button, Said
from channels.phone.phones import Phone
from channels.twilio.errors import SENTENCES
from db import Database
from tests.channels.twilio.conftest import House, a_house
from tests.channels.twilio.facing import late, sms_of, whatsapp_of
from tests.phone import SMS_NUMBER, WHATSAPP_NUMBER
from tests.waiting import until

# 13. WhatsApp's 24 hours.


def test_fact_13_after_a_day_the_template_is_sent(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, template="Your answer from Fennimor: {{1}}") as house:
        late(house, house.phone())

        assert ["Your answer from Fennimor: I heard: Hello"] == whatsapp_of(house.phone())


def test_fact_13_without_a_template_it_goes_by_sms_to_whom_writes_by_sms(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "First by SMS")
    sms_of(anna)
    late(house, anna)

    assert "I heard: Hello" == sms_of(anna, 2)[-1]


def test_fact_13_otherwise_it_is_given_up_with_a_reason(house: House, anna: Phone) -> None:
    late(house, anna)
    until(lambda: house.deliveries()[0].state == "failed")

    assert (63016, SENTENCES[63016][0]) == (house.deliveries()[0].error_code, house.deliveries()[0].error)


def test_fact_13_a_window_that_closes_on_the_way_is_noticed_by_the_report(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_house(sqlite_database, tmp_path, {}, template="Your answer: {{1}}") as house:
        house.bot.may_answer.clear()
        house.phone().send(WHATSAPP_NUMBER, "Hello", "whatsapp")
        until(lambda: house.messages("customer"))
        house.simulator.forward(timedelta(hours=25))  # Their clock, not ours.
        house.bot.may_answer.set()

        assert (
            "Your answer: I heard: Hello"
            == until(
                lambda: [one.body for one in house.phone().messages if not one.is_inbound and one.status == "delivered"]
            )[-1]
        )


# 14. Buttons and lists.


def test_fact_14_up_to_three_options_are_buttons_and_a_pressed_one_is_a_choice(house: House, anna: Phone) -> None:
    house.says("Help me choose", 3)
    anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")
    [offered] = anna.wait_for(1, "whatsapp", WHATSAPP_NUMBER)
    assert ["Option 1", "Option 2", "Option 3"] == [button.title for button in offered.buttons]
    anna.press(offered, 1)
    whatsapp_of(anna, 2)

    assert "/chooses_option2" == house.bot.heard[-1][0]
    assert "Option 2" == house.messages("customer")[-1].text


@pytest.mark.parametrize("options", [4, 10])
def test_fact_14_up_to_ten_are_a_list(house: House, anna: Phone, options: int) -> None:
    house.says("Help me choose", options)
    anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")
    [offered] = anna.wait_for(1, "whatsapp", WHATSAPP_NUMBER)
    assert options == len(offered.items)
    anna.choose(offered, options - 1)
    whatsapp_of(anna, 2)

    assert f"/chooses_option{options}" == house.bot.heard[-1][0]


def test_fact_14_more_are_numbered(house: House, anna: Phone) -> None:
    house.says("Help me choose", 11)
    anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")

    [body] = whatsapp_of(anna)
    assert "11" in body
    assert "Option 11" in body


def test_fact_14_by_sms_options_are_numbered_in_one_message(house: House, anna: Phone) -> None:
    house.says("Help me choose", 3)
    anna.send(SMS_NUMBER, "Help me choose")

    [body] = sms_of(anna)
    assert ["1 Option 1", "2 Option 2", "3 Option 3"] == body.splitlines()[1:4]


def test_fact_14_shapes_are_registered_once(house: House, anna: Phone) -> None:
    house.says("Help me choose", 3)
    for count in (1, 2):
        anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")
        whatsapp_of(anna, count)

    assert 1 == len(house.simulator.contents)


def test_fact_14_lists_of_different_shapes_are_never_mistaken_for_each_other(house: House, anna: Phone) -> None:
    # Four described items have as many variables as six plain ones.
    long = tuple(Button(f"An option of more than twenty-four letters {n}", f"/chooses_option{n}") for n in range(4))
    house.bot.says["long"] = Said("Which one?", buttons=long)
    house.says("short", 6)
    for count, text in enumerate(("long", "short"), start=1):
        anna.send(WHATSAPP_NUMBER, text, "whatsapp")
        offered = anna.wait_for(count, "whatsapp", WHATSAPP_NUMBER)

    assert [4, 6] == [len(one.items) for one in offered]
    assert [button.title for button in long] == [item.description for item in offered[0].items]
    assert [f"Option {n}" for n in range(1, 7)] == [item.item for item in offered[1].items]


# 16. WhatsApp's own formatting.


def test_fact_16_markdown_becomes_whatsapps_formatting(house: House, anna: Phone) -> None:
    house.bot.says["Hello"] = Said("**Bold** and *slanted* and [a page](https://example.com/a_b_c)\n\n- one\n- two")
    anna.send(WHATSAPP_NUMBER, "Hello", "whatsapp")

    [body] = whatsapp_of(anna)
    assert "*Bold* and _slanted_" in body
    assert "https://example.com/a_b_c" in body
    assert "**" not in body
    assert "](" not in body


def test_fact_16_a_text_longer_than_one_body_comes_in_parts_and_each_once(house: House, anna: Phone) -> None:
    house.bot.says["Tell me all"] = Said("\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(8)))
    anna.send(WHATSAPP_NUMBER, "Tell me all", "whatsapp")
    until(lambda: house.deliveries() and house.deliveries()[0].state == "sent")
    parts = whatsapp_of(anna, 2)

    assert all(len(part) <= 1600 for part in parts)
    assert 1 == sum("Paragraph 7" in part for part in parts)
