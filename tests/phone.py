"""A running simulator of Twilio, and a product of a few lines that takes what it posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.wrappers import Request, Response

from channels.phone.rules import Account
from channels.phone.simulator import TwilioSimulator
from channels.phone.views import make_twilio_blueprint
from tests.server import free_port
from tests.serving import serving

ACCOUNT_SID = "AC" + "5a" * 16
AUTH_TOKEN = "a-token-of-the-simulator"
SMS_NUMBER = "+4915735980001"
WHATSAPP_NUMBER = "+4915735980002"
ANNA = "+4915112345678"
BEN = "+4915187654321"
PEOPLE = {"+491713920011": "Anna", "+491713920022": "Ben", "whatsapp:BR.1503998877665544": "Carla"}
"""Who is there on the page; Carla hides her number."""
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def add_people(simulator: TwilioSimulator) -> None:
    for address, name in PEOPLE.items():
        simulator.phone(address, name)


@contextmanager
def running_simulator(
    webhook_base_url: str,
    *,
    sms: tuple[str, ...] = (SMS_NUMBER,),
    whatsapp: tuple[str, ...] = (WHATSAPP_NUMBER,),
    service_sid: str = "",
    service: tuple[str, ...] = (),
    port: int = 0,
    **options: Any,
) -> Iterator[TwilioSimulator]:
    """Serves a simulator on a loopback port; it posts to `/webhooks/twilio/sms` and `/whatsapp` of the product.

    `options` are those of TwilioSimulator.
    """
    port = port or free_port()
    account = Account(ACCOUNT_SID, AUTH_TOKEN, sms, whatsapp, service_sid, service)
    hooks = {f"{channel}_url": f"{webhook_base_url}/webhooks/twilio/{channel}" for channel in ("sms", "whatsapp")}
    simulator = TwilioSimulator(account, f"http://127.0.0.1:{port}/phone/twilio", **hooks, **options)
    app = Flask("simulator", static_folder=None)
    app.register_blueprint(make_twilio_blueprint(simulator))
    try:
        with serving(app, port):
            yield simulator
    finally:
        simulator.stop()


class ElsewhereClient(TwilioHttpClient):
    """Twilio's own HTTP client, with the host exchanged."""

    def __init__(self, api_url: str, timeout: float = 30) -> None:
        super().__init__(timeout=timeout)
        self._api_url = api_url

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        for host in ("https://api.twilio.com", "https://content.twilio.com"):
            url = url.replace(host, self._api_url)
        return super().request(method, url, *args, **more)


def twilio_client(simulator: TwilioSimulator, token: str = AUTH_TOKEN, timeout: float = 30) -> Client:
    """Twilio's SDK before the simulator."""
    return Client(ACCOUNT_SID, token, http_client=ElsewhereClient(simulator.api_url, timeout))


@dataclass
class Product:
    """Takes webhooks and remembers them."""

    url: str
    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and parameters of those whose signature was right."""
    forged: list[str] = field(default_factory=list)
    respond: Callable[[], Response] = lambda: Response(TWIML, mimetype="text/xml")

    def messages(self) -> list[dict[str, str]]:
        return [params for path, params in self.received if not path.startswith("/status")]

    def statuses(self, sid: str | None = None) -> list[str]:
        posted = [params for path, params in self.received if path.startswith("/status")]
        return [params["MessageStatus"] for params in posted if sid in {None, params["MessageSid"]}]

    def take(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        params = request.form.to_dict()
        path = request.full_path.rstrip("?")
        if RequestValidator(AUTH_TOKEN).validate(self.url + path, params, request.headers["X-Twilio-Signature"]):
            self.received.append((path, params))
        else:
            self.forged.append(path)
        return self.respond()(environ, start_response)


@contextmanager
def a_product() -> Iterator[Product]:
    port = free_port()
    product = Product(f"http://127.0.0.1:{port}")
    with serving(product.take, port):
        yield product
