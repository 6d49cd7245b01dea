"""What Twilio checks before it accepts a message, and what makes an accepted one fail."""

from __future__ import annotations

from dataclasses import dataclass

from channels.phone.addresses import Channel, bare, channel_of, in_channel, is_address
from channels.phone.contents import Shown
from channels.phone.errors import TwilioError

BODY_CHARS = 1600


@dataclass(frozen=True)
class Account:
    """The product's account at Twilio."""

    sid: str
    token: str
    sms: tuple[str, ...] = ()
    """Its numbers for SMS, `+E164`."""
    whatsapp: tuple[str, ...] = ()
    """Its numbers for WhatsApp, `+E164`."""
    service_sid: str = ""
    """A Messaging Service, if it has one."""
    service: tuple[str, ...] = ()
    """The numbers of that, `+E164` or `whatsapp:+E164`; empty: all."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """All of them, each as an address of its channel."""
        return self.sms + tuple(in_channel(number, "whatsapp") for number in self.whatsapp)

    @property
    def pool(self) -> tuple[str, ...]:
        return self.service or self.numbers

    def serves(self, number: str) -> bool:
        """Whether the Messaging Service sends from this number."""
        return bool(self.service_sid) and number in self.pool


def check_recipient(account: Account, to: str) -> None:
    if not to:
        raise TwilioError(21604)
    if not is_address(to):
        raise TwilioError(21211, to)
    if bare(to) in {bare(number) for number in account.numbers}:
        raise TwilioError(21266, to)


def check_sender(account: Account, from_: str, to: str) -> None:
    if not is_address(from_):
        raise TwilioError(21212, from_)
    if channel_of(from_) != channel_of(to):
        raise TwilioError(21910)
    if from_ not in account.numbers:
        raise TwilioError(_not_ours(account, from_), from_)


def _not_ours(account: Account, from_: str) -> int:
    if channel_of(from_) == "whatsapp":
        return 63007
    return 21606 if from_ in account.whatsapp else 21659


def pick_sender(account: Account, service_sid: str, to: str, last: str | None) -> str:
    """The number of the Messaging Service that a message goes out from: the one this person knows already."""
    if service_sid != account.service_sid or not service_sid:
        raise TwilioError(21701, service_sid)
    fitting = [number for number in account.pool if channel_of(number) == channel_of(to)]
    if not fitting:
        raise TwilioError(21704, service_sid)
    return last if last in fitting else fitting[0]


def check_body(body: str, has_media: bool) -> None:
    if not body and not has_media:
        raise TwilioError(21602)
    if len(body) > BODY_CHARS:
        raise TwilioError(21617)


def failure(channel: Channel, in_window: bool, shown: Shown, is_template: bool, is_quiet: bool) -> int | None:
    """Why an accepted message won't arrive, in the words of its error code."""
    if channel == "sms":
        return None
    if not in_window and not is_template:
        return 63016
    if is_template and not is_quiet:
        return 63021
    return None if shown.fits(is_template) else 63005
