"""A customer's phone: what is sent from it, and what lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.phone.addresses import Channel, channel_of, in_channel, is_number
from channels.phone.messages import Location, Message
from channels.phone.words import refusal

if TYPE_CHECKING:
    from channels.phone.simulator import TwilioSimulator


class PhoneError(ValueError):
    """A phone can't do that; `reason` is a key of `channels.phone.words.REFUSED`."""

    def __init__(self, reason: str) -> None:
        super().__init__(refusal(reason))
        self.reason = reason


Picture = tuple[str, bytes] | tuple[str, bytes, str]
"""Content type, content and, if there is one, the file's name."""


class Phone:
    def __init__(self, simulator: TwilioSimulator, address: str, name: str) -> None:
        self.address = address
        """A number, or a WhatsApp id of a person who hides it."""
        self.name = name
        self.messages: list[Message] = []
        """All that lies on it, oldest first."""
        self._simulator = simulator

    @property
    def channels(self) -> tuple[Channel, ...]:
        return ("sms", "whatsapp") if is_number(self.address) else ("whatsapp",)

    def address_in(self, channel: Channel) -> str:
        return in_channel(self.address, channel)

    def send(
        self,
        to: str,
        body: str = "",
        channel: Channel = "sms",
        media: Sequence[Picture] = (),
        location: Location | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Sends a message to a number of the product (`whatsapp:+…` is WhatsApp too). Raises PhoneError."""
        sending_in: Channel = "whatsapp" if channel_of(to) == "whatsapp" else channel
        if sending_in not in self.channels:
            raise PhoneError("only_whatsapp")
        return self._simulator.receive(self, in_channel(to, sending_in), body, media, location, reply_to)

    def press(self, message: Message, index: int) -> Message:
        """Presses a quick-reply button. Raises PhoneError if there is none."""
        if not 0 <= index < len(message.buttons):
            raise PhoneError("no_button")
        return self._choose(message, index, message.buttons[index].title)

    def choose(self, message: Message, index: int) -> Message:
        """Chooses from a list. Raises PhoneError if there is no such item."""
        if not 0 <= index < len(message.items):
            raise PhoneError("no_item")
        return self._choose(message, index, message.items[index].item)

    def _choose(self, message: Message, index: int, title: str) -> Message:
        if message not in self.messages or message.is_inbound:
            raise PhoneError("no_message")
        message.pressed = index
        return self._simulator.receive(self, message.from_, title, reply_to=message, pressed=index)

    @property
    def unread(self) -> int:
        return sum(not message.is_inbound and not message.is_seen for message in self.messages)

    def thread(self, channel: Channel, with_number: str) -> list[Message]:
        """What was said with a number in a channel, oldest first."""
        there = in_channel(with_number, channel)
        return [message for message in self.messages if message.business == there]

    def read(self, channel: Channel, with_number: str) -> None:
        """Looks at the thread: WhatsApp tells the sender."""
        self._simulator.read(self.thread(channel, with_number))

    def wait_for(self, count: int, channel: Channel, with_number: str, timeout: float = 30) -> list[Message]:
        """What the business and the carrier said, once it is that much. Raises TimeoutError."""

        def said() -> list[Message]:
            return [message for message in self.thread(channel, with_number) if not message.is_inbound]

        if not self._simulator.changes.wait_until(lambda: len(said()) >= count, timeout):
            raise TimeoutError(f"{len(said())} messages came, not {count}.")
        return said()
