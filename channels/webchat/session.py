"""A visitor's session: a signed token that names a web address and can't be guessed, forged or used for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer


class SessionError(Exception):
    """A token that opens nothing. `reason` is `expired` or `forged`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Session:
    token: str
    visitor: str
    """The web address of the customer."""
    is_new: bool = False
    is_trusted: bool = False
    """Named by one of the company's own servers, not by a visitor."""

    @classmethod
    def trusted(cls, sender: str) -> Session:
        return cls(sender, f"rest:{sender}"[:200], is_trusted=True)


class Sessions:
    """Gives and reads tokens; every process with the same secret reads the same ones."""

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="webchat-session")
        self._lifetime = lifetime

    def start(self) -> Session:
        visitor = token_urlsafe(18)
        token = self._serializer.dumps(visitor)
        return Session(token if isinstance(token, str) else token.decode(), visitor, is_new=True)

    def read(self, token: object) -> Session:
        """The session of a token. Raises SessionError."""
        if not isinstance(token, str) or len(token) > 500:
            raise SessionError("forged")
        try:
            visitor = self._serializer.loads(token, max_age=int(self._lifetime.total_seconds()))
        except SignatureExpired:
            raise SessionError("expired") from None
        except BadSignature:
            raise SessionError("forged") from None
        return Session(token, str(visitor))

    def resume(self, token: object) -> Session:
        """The session of a token, or a new one if the token opens nothing."""
        try:
            return self.read(token)
        except SessionError:
            return self.start()
