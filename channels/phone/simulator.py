"""Twilio as the product sees it and phones as customers have them, in memory, with Twilio's rules enforced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from secrets import token_hex
from threading import RLock
from time import monotonic

from channels.phone.addresses import bare, channel_of, is_address
from channels.phone.changes import Changes
from channels.phone.clock import Clock
from channels.phone.contents import Content, Shown, is_quiet, read_content, read_variables
from channels.phone.courier import Courier, Letter, Webhook
from channels.phone.errors import TwilioError
from channels.phone.faults import Faults
from channels.phone.keywords import ANSWERS, Keyword
from channels.phone.messages import RANKS, Location, Medium, Message
from channels.phone.params import inbound_params, status_params
from channels.phone.phones import Phone, PhoneError, Picture
from channels.phone.rules import Account, check_body, check_recipient, check_sender, failure, pick_sender
from channels.phone.segments import count_segments
from channels.phone.standing import Standing

MOST_MEDIA = 10
WHATSAPP_CHARS = 4096


class TwilioSimulator:
    """Its threads start when there is work; `stop` ends them."""

    def __init__(
        self,
        account: Account,
        api_url: str,
        *,
        sms_url: str = "",
        whatsapp_url: str = "",
        clock: Clock | None = None,
        seed: int = 0,
        threads: int = 32,
        retries: int = 3,
        patient: bool = False,
        loop_guard: int = 30,
        says_opt_out_type: bool = False,
        media_ready_after: float = 0.0,
        cdn_url: str = "",
    ) -> None:
        """`api_url` stands for https://api.twilio.com and https://content.twilio.com; `sms_url` and `whatsapp_url` are
        the product's webhooks.

        `retries`: how often a webhook is posted again when no connection was made; `patient`: until it is taken.
        `loop_guard`: messages to one phone in 30 s. `media_ready_after`: seconds for which a medium answers 404.
        `cdn_url`: where media redirect to, if not below `api_url`.
        """
        self.account = account
        self.api_url = api_url.rstrip("/")
        self.cdn_url = cdn_url or f"{self.api_url}/cdn"
        self.sms_url = sms_url
        self.whatsapp_url = whatsapp_url
        self.clock = clock or Clock()
        self.faults = Faults(seed)
        self.changes = Changes()
        self.standing = Standing(account, self.clock, loop_guard)
        self.says_opt_out_type = says_opt_out_type
        self.media_ready_after = media_ready_after
        self.courier = Courier(account.token, self.clock, self.faults, self.changes.tell, threads, retries, patient)
        self._phones: dict[str, Phone] = {}
        self._messages: dict[str, Message] = {}
        self._contents: dict[str, Content] = {}
        self._lock = RLock()

    @property
    def webhooks(self) -> list[Webhook]:
        """Every attempt to post one, the last ten thousand."""
        return self.courier.log

    @property
    def phones(self) -> list[Phone]:
        with self._lock:
            return list(self._phones.values())

    @property
    def messages(self) -> list[Message]:
        """All of them, in the order in which they were sent."""
        with self._lock:
            return list(self._messages.values())

    @property
    def contents(self) -> list[Content]:
        with self._lock:
            return list(self._contents.values())

    def settle(self, timeout: float = 30) -> bool:
        """Waits until every message has arrived and every webhook was posted."""
        return self.courier.lanes.settle(timeout)

    def forward(self, by: timedelta) -> None:
        """Lets time pass. Raises ValueError if that is back."""
        self.clock.forward(by)
        self.changes.tell()

    def stop(self) -> None:
        self.courier.stop()
        self.changes.close()

    # Phones.

    def phone(self, address: str, name: str = "") -> Phone:
        """The phone with this number, or of the WhatsApp id `whatsapp:BR.…`; a new one if there is none. Raises
        PhoneError if it is neither, or one of the product's own."""
        without = bare(address)
        if not is_address(address) or any(without == bare(number) for number in self.account.numbers):
            raise PhoneError("no_customer")
        with self._lock:
            if without not in self._phones:
                self._phones[without] = Phone(self, without, name or without)
                self.changes.tell()
            phone = self._phones[without]
            phone.name = name or phone.name
            return phone

    def receive(
        self,
        phone: Phone,
        to: str,
        body: str,
        media: Sequence[Picture] = (),
        location: Location | None = None,
        reply_to: Message | None = None,
        pressed: int | None = None,
    ) -> Message:
        """A phone sends something. Raises PhoneError."""
        self._check_inbound(to, body, media, location)
        with self._lock:
            message = Message(
                _sid("MM" if media else "SM"),
                "customer",
                phone.address_in(channel_of(to)),
                to,
                body,
                self.clock.now(),
                "sent",
                segments=count_segments(body) if channel_of(to) == "sms" else 1,
                media=[_medium(*picture) for picture in media],
                location=location,
                reply_to=reply_to.sid if reply_to else "",
                pressed=pressed,
                service_sid=self.account.service_sid if self.account.serves(to) else "",
                sent_at=self.clock.now(),
            )
            self._messages[message.sid] = message
            phone.messages.append(message)
            keyword = self.standing.hear(message)
            if keyword:
                phone.messages.append(self._own_answer(message, keyword))
            self._hand_over(phone, message, reply_to, keyword)
        self.changes.tell()
        return message

    def _check_inbound(self, to: str, body: str, media: Sequence[Picture], location: Location | None) -> None:
        if to not in self.account.numbers:
            raise PhoneError("no_business")
        if not (body or media or location):
            raise PhoneError("nothing")
        if len(media) > MOST_MEDIA or len(body) > WHATSAPP_CHARS:
            raise PhoneError("too_much")

    def _own_answer(self, message: Message, keyword: Keyword) -> Message:
        """What the number itself says to a keyword."""
        said, now = ANSWERS[keyword], self.clock.now()
        return Message(_sid("SM"), "carrier", message.to, message.from_, said, now, "delivered", sent_at=now)

    def _hand_over(self, phone: Phone, message: Message, reply_to: Message | None, keyword: Keyword | None) -> None:
        url = self.sms_url if message.channel == "sms" else self.whatsapp_url
        params = inbound_params(message, self.account.sid, self.media_url(message), phone.name, reply_to)
        if keyword and self.says_opt_out_type:
            params["OptOutType"] = keyword

        def done(is_taken: bool) -> None:
            message.status = "delivered" if is_taken else "failed"
            self.changes.tell()

        if url:
            self.courier.post(("in", message.from_, message.to), Letter("message", url, params, done))

    def read(self, messages: Iterable[Message]) -> None:
        """The customer has seen these."""
        for message in messages:
            message.is_seen = True
            if message.author == "business" and message.channel == "whatsapp" and message.status == "delivered":
                self._move(message, "read")
        self.changes.tell()

    # Messages of the product.

    def create(self, given: Mapping[str, str], media_urls: Sequence[str] = ()) -> Message:
        """Accepts a message as `POST …/Messages.json` does. Raises TwilioError."""
        to = given.get("To", "").strip()
        check_recipient(self.account, to)
        with self._lock:
            service_sid = given.get("MessagingServiceSid", "")
            from_ = self._sender(given.get("From", "").strip(), service_sid, to)
            shown, fails = self._write(given, from_, to, bool(media_urls))
            if self.standing.is_opted_out(to, from_) or self.faults.strikes("opted_out"):
                raise TwilioError(21610)
            message = Message(
                _sid("MM" if media_urls else "SM"),
                "business",
                from_,
                to,
                shown.body,
                self.clock.now(),
                "accepted" if service_sid else "queued",
                segments=count_segments(shown.body) if channel_of(to) == "sms" else 1,
                buttons=shown.buttons,
                items=shown.items,
                list_button=shown.list_button,
                media_urls=tuple(media_urls),
                service_sid=service_sid,
                callback=given.get("StatusCallback", ""),
            )
            message.error_code = fails or (14107 if self.standing.is_loop(message) else None)
            self._messages[message.sid] = message
            is_filtered = message.error_code is None and self.faults.strikes("carrier_filter")
            self.courier.lanes.put(("out", from_, to), lambda: self._carry(message, is_filtered))
        return message

    def _sender(self, from_: str, service_sid: str, to: str) -> str:
        if service_sid and not from_:
            return pick_sender(self.account, service_sid, to, self._last_sender(to))
        if not from_:
            raise TwilioError(21603)
        check_sender(self.account, from_, to)
        return from_

    def _last_sender(self, to: str) -> str | None:
        """The number this person last talked with."""
        phone = self._phones.get(bare(to))
        there = [message.business for message in phone.messages if message.customer == to] if phone else []
        return there[-1] if there else None

    def _write(self, given: Mapping[str, str], from_: str, to: str, has_media: bool) -> tuple[Shown, int | None]:
        """What will be shown, and the code of why it will not."""
        channel = channel_of(to)
        content, variables = self._content(given.get("ContentSid", "")), {}
        if content:
            variables = read_variables(given.get("ContentVariables", ""))
            shown = content.show(channel, variables)
        else:
            shown = Shown(given.get("Body", ""))
            check_body(shown.body, has_media)
        is_template = content is not None and content.is_approved
        in_window = self.standing.is_open(to, from_)
        # A picture needs no words.
        checked = Shown("…") if has_media and not shown.body else shown
        return shown, failure(channel, in_window, checked, is_template, is_quiet(variables))

    def _carry(self, message: Message, is_filtered: bool) -> None:
        """The way of an accepted message, told step by step."""
        self._move(message, "queued")
        if message.error_code:
            return self._move(message, "failed")
        message.sent_at = self.clock.now()
        self._move(message, "sent")
        if is_filtered:
            message.error_code = 30007
            return self._move(message, "undelivered")
        self.phone(message.to).messages.append(message)
        return self._move(message, "delivered")

    def _move(self, message: Message, status: str) -> None:
        with self._lock:
            if message.has_failed or RANKS.get(status, 9) < RANKS[message.status]:
                return
            message.status = status
            message.updated_at = self.clock.now()
            if message.callback:
                params = status_params(message, status, self.account.sid)
                self.courier.post(("status", message.sid), Letter("status", message.callback, params))
        self.changes.tell()

    # Contents and media.

    def add_content(self, asked: object) -> Content:
        """A new content, as `POST /v1/Content` makes it. Raises TwilioError."""
        content = read_content(_sid("HX"), asked, self.clock.now())
        with self._lock:
            self._contents[content.sid] = content
        return content

    def approve(self, sid: str) -> None:
        """Meta approves it as a template. Raises KeyError."""
        self._contents[sid].is_approved = True

    def content(self, sid: str) -> Content | None:
        return self._contents.get(sid)

    def _content(self, sid: str) -> Content | None:
        if sid and sid not in self._contents:
            raise TwilioError(21655, sid)
        return self._contents.get(sid)

    def message(self, sid: str) -> Message | None:
        return self._messages.get(sid)

    def media_url(self, message: Message) -> str:
        return f"{self.api_url}/2010-04-01/Accounts/{self.account.sid}/Messages/{message.sid}/Media"

    def medium(self, token: str) -> Medium | None:
        """What lies on a phone under a token."""
        return next((one for message in self.messages for one in message.media if one.token == token), None)

    def medium_at_twilio(self, token: str) -> Medium | None:
        """What the content delivery network has: nothing that was deleted."""
        return next((one for message in self.messages for one in message.media_at_twilio if one.token == token), None)


def _medium(content_type: str, content: bytes, name: str = "") -> Medium:
    return Medium(_sid("ME"), token_hex(24), content_type, content, monotonic(), name)


def _sid(prefix: str) -> str:
    return prefix + token_hex(16)
