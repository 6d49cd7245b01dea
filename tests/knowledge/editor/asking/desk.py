"""What an editor's page sends while an article is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from knowledge.library import Knowledge
from tests.staff import csrf_token

WINDOW = "en/return-window"


@dataclass(frozen=True)
class Desk:
    client: FlaskClient
    knowledge: Knowledge

    @property
    def token(self) -> str:
        return csrf_token(self.client, "/staff/account")

    def send(self, path: str, sent: Any) -> TestResponse:
        """As a script does."""
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        return self.client.post(f"/editor/{path}", json=sent, headers=headers)

    def ask(self, question: Any, article: str = WINDOW, fields: Any = None, **more: Any) -> TestResponse:
        sent = {"fields": {} if fields is None else fields, "question": question}
        return self.send(f"api/ask/{article}", sent | more)

    def check(self, article: str = WINDOW, **fields: Any) -> TestResponse:
        return self.send(f"api/checks/{article}", {"fields": fields})

    def fill_in(self, path: str, **form: str) -> TestResponse:
        """As a browser without scripts does."""
        return self.client.post(f"/editor/{path}", data={"csrf_token": self.token} | form)
