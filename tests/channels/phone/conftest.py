"""A product and the simulator that talks to it, each on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twilio.rest import Client

from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator
from tests.phone import ANNA, Product, a_product, running_simulator, twilio_client


@pytest.fixture
def product() -> Iterator[Product]:
    with a_product() as product:
        yield product


@pytest.fixture
def simulator(product: Product) -> Iterator[TwilioSimulator]:
    with running_simulator(product.url) as simulator:
        yield simulator


@pytest.fixture
def client(simulator: TwilioSimulator) -> Client:
    """Twilio's SDK, as the product uses it."""
    return twilio_client(simulator)


@pytest.fixture
def anna(simulator: TwilioSimulator) -> Phone:
    return simulator.phone(ANNA, "Anna")
