"""The second factor: codes of an app (TOTP, RFC 6238), each taken once, and how it is switched on and off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from sqlalchemy.orm import Session

from staff.people import User
from staff.recovery import forget_recovery_codes, make_recovery_codes, take_recovery_code
from staff.refusals import Refused
from staff.sealing import Seal

STEP_SECONDS = 30
DRIFT = 1
"""Steps that a phone's clock may be off."""


@dataclass(frozen=True)
class SetUp:
    """What somebody is shown while they set it up."""

    secret: str
    """In groups of four, to be typed where no camera is."""
    picture: str
    """The same as a QR code, as an address of data."""


def begin_set_up(user: User, seal: Seal) -> None:
    user.totp_pending = seal.close(pyotp.random_base32())


def show_set_up(user: User, seal: Seal, company: str) -> SetUp | None:
    """None unless it was begun."""
    if user.totp_pending is None:
        return None
    secret = seal.open(user.totp_pending)
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=company)
    # Black on white also where the page is dark: not every camera reads the reverse.
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return SetUp(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), picture)


def switch_on(session: Session, user: User, code: str, seal: Seal, now: datetime) -> list[str]:
    """The recovery codes, to be shown once. Raises Refused unless the code is one of the new secret."""
    if user.totp_pending is None:
        raise Refused("not_begun")
    step = _step_of(seal.open(user.totp_pending), code, now, after=-1)
    if step is None:
        raise Refused("wrong_code")
    user.totp_secret, user.totp_pending, user.totp_step = user.totp_pending, None, step
    return make_recovery_codes(session, user.id)


def switch_off(session: Session, user: User) -> None:
    user.totp_secret = user.totp_pending = user.totp_step = None
    forget_recovery_codes(session, user.id)


def take_code(session: Session, user: User, code: str, seal: Seal, now: datetime) -> str | None:
    """What was taken, `code` or `recovery_code`; None if it is not right. The user's row must be locked."""
    if user.totp_secret and (step := _step_of(_opened(user.totp_secret, seal), code, now, after=user.totp_step or -1)):
        user.totp_step = step
        return "code"
    return "recovery_code" if take_recovery_code(session, user.id, code, now) else None


def _opened(sealed: str, seal: Seal) -> str | None:
    try:
        return seal.open(sealed)
    except Refused:
        return None  # A recovery code still opens.


def _step_of(secret: str | None, code: str, now: datetime, after: int) -> int | None:
    """The time step whose code it is, if that is later than the last one that was taken."""
    typed, current = "".join(code.split()), int(now.timestamp()) // STEP_SECONDS
    if secret is None or not (typed.isascii() and typed.isdigit()):
        return None
    one_time = pyotp.TOTP(secret)
    steps = range(max(current - DRIFT, after + 1), current + DRIFT + 1)
    return next((step for step in steps if compare_digest(one_time.generate_otp(step), typed)), None)
