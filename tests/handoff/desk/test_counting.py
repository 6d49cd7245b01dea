"""How many SMS a reply takes is counted on what will be sent."""

from __future__ import annotations

from uuid import uuid4

import pytest

from channels.short_links import ShortLink, short_path
from channels.sms.gsm import as_sent, segments
from db import Database
from handoff.desk.counting import Counted, count_sms
from handoff.desk.house import House
from handoff.files import FileAddresses

BASE = "https://help.fennimor.example"
LONG = "/help/en/articles/spare-parts-for-milk-frothers-and-all-their-whisks"


@pytest.fixture
def house(database: Database) -> House:
    return House(database, FileAddresses("a key"), "Fennimor", lambda _one: None, base_url=BASE)


def as_counted(text: str) -> Counted:
    return Counted(**vars(segments(as_sent(text))))


def test_a_link_counts_as_short_as_it_will_be_and_none_is_made(house: House, database: Database) -> None:
    counted = count_sms(house, f"Whisks are sent at once.\n\n[Spare parts]({LONG})", (), "en")
    with database.reading() as session:
        assert 0 == session.query(ShortLink).count()
    sent = f"Whisks are sent at once.\nSpare parts ({BASE}{short_path(database, LONG)})"

    assert as_counted(sent) == counted
    assert counted == count_sms(house, f"Whisks are sent at once.\n\n[Spare parts]({LONG})", (), "en")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("", ""),
        (" \x00\n", ""),
        ("Hello **Anna**,\nit is *on its way*.", "Hello Anna,\nit is on its way."),
        ("- one\n- two", "- one\n- two"),
        ("Grüße 😀", "Grüße 😀"),
    ],
)
def test_marks_are_not_counted(house: House, text: str, sent: str) -> None:
    assert as_counted(sent) == count_sms(house, text, (), "en")


def test_the_addresses_of_files_are_counted(house: House) -> None:
    path = house.files.path(str(uuid4()))

    assert as_counted(f"See here\nlabel.pdf: {BASE}{path}") == count_sms(house, "See here", ["label.pdf"], "en")


def test_a_text_in_several_messages_counts_them_all(house: House) -> None:
    counted = count_sms(house, "A word. " * 450, (), "en")

    assert counted.count > 20
    assert 3500 < counted.units <= 3600
