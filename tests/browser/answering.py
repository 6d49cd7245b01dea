"""A product that answers from the phone's own simulator: what was said, with buttons or a list when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import requests

from app.assets import Assets
from app.brand import Brand
from app.settings import Settings
from app.web import create_app, open_to_all
from channels.phone.rules import Account
from channels.phone.simulator import TwilioSimulator
from channels.phone.views import STATIC as phone_files
from channels.phone.views import make_blueprint, make_twilio_blueprint
from channels.webchat.views import STATIC as webchat_files
from db import Database
from tests.browser.conftest import PATIENCE_MS
from tests.phone import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    SMS_NUMBER,
    WHATSAPP_NUMBER,
    Product,
    add_people,
    serving,
    twilio_client,
)
from tests.ports import free_port

PATIENCE = PATIENCE_MS / 1000
"""Seconds."""
BUTTONS = {"twilio/quick-reply": {"body": "Did that *help*?", "actions": [{"title": "Yes, it helped", "id": "/yes"}]}}
POINTS = [{"item": f"{number} of 7", "id": f"/{number}", "description": "points"} for number in range(1, 8)]
LIST = {"twilio/list-picker": {"body": "How easy was it?", "button": "Choose", "items": POINTS}}
EFFORT = "How easy was it?"


@dataclass
class Shown:
    url: str
    simulator: TwilioSimulator
    product: Product


class Answering(Product):
    simulator: TwilioSimulator

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._at_work: list[Thread] = []
        self._failed: list[Exception] = []

    def take(self, environ: Any, start_response: Any) -> Any:
        before = len(self.messages())
        answer = super().take(environ, start_response)
        for params in self.messages()[before:]:
            thread = Thread(target=self._try_to_answer, args=[params], daemon=True)
            self._at_work.append(thread)
            thread.start()
        return answer

    def finish(self) -> None:
        """Waits until everything is answered: a test may have seen enough before."""
        for thread in self._at_work:
            thread.join(timeout=20)
        assert [] == self._failed

    def _try_to_answer(self, params: dict[str, str]) -> None:
        try:
            self._answer(params)
        except Exception as error:
            self._failed.append(error)

    def _answer(self, params: dict[str, str]) -> None:
        addresses = {"to": params["From"], "from_": params["To"], "status_callback": f"{self.url}/status"}
        said = {"buttons": BUTTONS, "list": LIST}.get(params["Body"])
        client = twilio_client(self.simulator, timeout=PATIENCE)
        if said:
            client.messages.create(**addresses, content_sid=self._content(said))
        elif params["Body"] not in {"quiet", "STOP", "START"}:
            client.messages.create(**addresses, body=f"You said *{params['Body']}*. See https://example.com/help.")

    def _content(self, types: dict[str, Any]) -> str:
        asked = {"friendly_name": "asked", "language": "en", "types": types}
        answer = requests.post(
            f"{self.simulator.api_url}/v1/Content", json=asked, auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=PATIENCE
        )
        sid: str = answer.json()["sid"]
        return sid


@contextmanager
def showing_phones(database: Database) -> Iterator[Shown]:
    """The page /phone under the roof, and a product that answers."""
    port, product_port = free_port(), free_port()
    product = Answering(f"http://127.0.0.1:{product_port}")
    account = Account(ACCOUNT_SID, AUTH_TOKEN, (SMS_NUMBER,), (WHATSAPP_NUMBER,))
    hook = f"{product.url}/webhooks/twilio"
    url = f"http://127.0.0.1:{port}"
    simulator = TwilioSimulator(
        account, f"{url}/phone/twilio", sms_url=f"{hook}/sms", whatsapp_url=f"{hook}/whatsapp", loop_guard=1000
    )
    product.simulator = simulator
    add_people(simulator)
    app = create_app(
        Settings(), database, Assets({"chat": webchat_files, "phone": phone_files}), Brand("Fennimor", (), "", "")
    )
    open_to_all(app, make_blueprint(simulator, "Fennimor"))
    open_to_all(app, make_twilio_blueprint(simulator))
    try:
        with serving(product.take, product_port), serving(app, port):
            yield Shown(url, simulator, product)
            simulator.settle(PATIENCE)
            product.finish()
    finally:
        simulator.stop()
