"""The people whose phones are there from the start."""

from __future__ import annotations

from channels.phone.simulator import TwilioSimulator

PEOPLE = {
    "+491713920011": "Anna",
    "+491713920022": "Ben",
    "whatsapp:BR.1503998877665544": "Carla",
}
"""Numbers that nobody is given (Bundesnetzagentur, numbers for films), and one who hides hers."""


def add_people(simulator: TwilioSimulator) -> None:
    for address, name in PEOPLE.items():
        simulator.phone(address, name)
