"""Every setting, read once from the environment; a bad value stops the start with its name and what is allowed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from limits import parse as parse_rate

from app.brand import LOGO_TYPES, Link, is_colour

T = TypeVar("T")

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingError(Exception):
    """A setting that can't be used, in a sentence with its name and what is allowed."""


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError
        return number

    read.__doc__ = f"a whole number from {low} to {high}"
    return read


def _share(text: str) -> float:
    """a number from 0 to 1"""
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def _rate_of_segments(text: str) -> float:
    """a number from 0.1 to 1000"""
    number = float(text)
    if not 0.1 <= number <= 1000:
        raise ValueError
    return number


def _text(text: str) -> str:
    """any text"""
    return text


def _path(text: str) -> Path:
    """a folder"""
    return Path(text)


def _flag(text: str) -> bool:
    """yes or no"""
    return {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}[text.lower()]


def _locale(text: str) -> str:
    """en or de"""
    if text not in {"en", "de"}:
        raise ValueError
    return text


def _rate(text: str) -> str:
    """a rate such as 20/minute"""
    if parse_rate(text).amount < 1:
        raise ValueError
    return text


def _url(text: str) -> str:
    """an address such as https://help.example.com, without a path"""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    _check_port(parts)
    return text.rstrip("/")


def _redis(text: str) -> str:
    """an address such as redis://localhost:6379/0"""
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError
    _check_port(parts)
    return text


def _check_port(parts: SplitResult) -> None:
    _ = parts.port  # Raises ValueError if it is none.


def _origins(text: str) -> tuple[str, ...]:
    """addresses such as https://www.example.com, separated by commas, or *"""
    return tuple(origin if origin == "*" else _url(origin) for origin in text.replace(" ", "").split(",") if origin)


def _colour(text: str) -> str:
    """a colour such as #0f5c4d"""
    if not is_colour(text):
        raise ValueError
    return text.lower()


def _links(text: str) -> tuple[Link, ...]:
    """links such as Shop=https://www.example.com, Imprint=https://www.example.com/imprint"""
    return tuple(_link(one) for one in text.split(",") if one.strip())


def _link(text: str) -> Link:
    label, url = (part.strip() for part in text.split("=", 1))
    return Link(label, _page(url))


def _page(text: str) -> str:
    """the address of a page, such as https://www.example.com/privacy"""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError
    return text


def _logo(text: str) -> Path:
    """an SVG, PNG, JPEG or WebP file of at most 200 kB"""
    path = Path(text)
    if path.suffix.lower() not in LOGO_TYPES or not path.is_file() or path.stat().st_size > 200_000:
        raise ValueError
    return path


def _side(text: str) -> str:
    """left or right"""
    if text not in {"left", "right"}:
        raise ValueError
    return text


def _review(text: str) -> str:
    """optional or required"""
    if text not in {"optional", "required"}:
        raise ValueError
    return text


def _api(text: str) -> str:
    """an address such as https://api.twilio.com"""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError
    _check_port(parts)
    return text.rstrip("/")


def _sid(kind: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(kind + "[0-9a-fA-F]{32}", text):
            raise ValueError
        return text

    read.__doc__ = f"{kind} and 32 letters and digits, as Twilio's console shows it"
    return read


def _numbers(text: str) -> tuple[str, ...]:
    """phone numbers such as +4915735980001, separated by commas"""
    numbers = tuple(number for number in re.sub(r"[ ()/-]", "", text).split(",") if number)
    if not all(re.fullmatch(r"\+[1-9]\d{6,14}", number) for number in numbers):
        raise ValueError
    return numbers


def _level(text: str) -> str:
    """DEBUG, INFO, WARNING or ERROR"""
    if text not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError
    return text


def _region(text: str) -> str:
    """a country such as DE"""
    from phonenumbers import SUPPORTED_REGIONS

    if text.upper() not in SUPPORTED_REGIONS:
        raise ValueError
    return text.upper()


def _regions(text: str) -> tuple[str, ...]:
    """countries such as DE, AT, CH"""
    return tuple(_region(one.strip()) for one in text.split(",") if one.strip())


def _secret(text: str) -> str:
    """a secret of 32 characters or more"""
    from channels.linking.site import secret_key

    return secret_key(text).key


def _public_key(text: str) -> str:
    """a PEM file with an RSA public key of 2048 bits or more"""
    from channels.linking.site import public_key

    return public_key(Path(text).read_text()).key


def setting(read: Callable[[str], T], default: T, about: str) -> T:
    """A field of `Settings`: how its text is read, its default, and what README says of it."""
    value: Any = field(default=default, metadata={"read": read, "about": about})
    chosen: T = value
    return chosen


@dataclass(frozen=True)
class Settings:
    host: str = setting(_text, "127.0.0.1", "where the server listens")
    port: int = setting(_integer(1, 65535), 8000, "its port")
    public_url: str = setting(_url, "", "the address customers see, if it is another one (behind a proxy)")
    trusted_proxies: int = setting(_integer(0, 5), 0, "how many proxies stand before it and set X-Forwarded-For")
    database_url: str = setting(_text, "sqlite:///var/handrail.db", "SQLite or `postgresql://…`")
    redis_url: str = setting(_redis, "", "Redis, when several processes serve together")
    secret_key: str = setting(_text, "", "signs sessions; empty: made once and kept in the database")
    cache_dir: Path = setting(_path, Path(".cache/handrail"), "prepared models; can be deleted at any time")
    pictures_dir: Path | None = setting(
        _path, None, "a folder for the pictures of articles, shared by all processes; empty: the database keeps them"
    )
    import_mb: int = setting(_integer(1, 1000), 50, "the largest file that can be imported in the editor, in MB")
    embedding_model: str = setting(
        _text,
        "multilingual-e5-small+all-MiniLM-L6-v2",
        "`multilingual-e5-small`, `all-MiniLM-L6-v2`, both with `+`, or any sentence-transformers model or folder",
    )
    embedding_threads: int = setting(
        _integer(1, 64), os.cpu_count() or 1, "cores that embedding articles may use (default: all)"
    )
    company: str = setting(_text, "Handrail", "the company's name, as customers read it")
    brand_color: str = setting(_colour, "", "the company's colour; made readable where it is text")
    logo: Path | None = setting(_logo, None, "the company's logo: an SVG, PNG, JPEG or WebP file of at most 200 kB")
    links: tuple[Link, ...] = setting(_links, (), "links on every page: `Shop=https://…, Imprint=https://…`")
    greeting_en: str = setting(_text, "", "what the chat says first, in English")
    greeting_de: str = setting(_text, "", "what the chat says first, in German")
    intro_en: str = setting(_text, "", "the sentence below it, in English")
    intro_de: str = setting(_text, "", "the sentence below it, in German")
    widget_launcher: str = setting(_text, "", "a word on the button that opens the chat; `none`: no button")
    widget_side: str = setting(_side, "right", "the corner where the chat opens: `left` or `right`")
    privacy_url: str = setting(_page, "", "the company's privacy page; the chat then links to it")
    privacy_consent: bool = setting(_flag, False, "`yes`: a customer agrees to it before the first message")
    styleguide: bool = setting(_flag, False, "`yes`: shows what the screens are made of at `/styleguide`")
    support_contact: str = setting(
        _text,
        "",
        "how a person can be reached, as Markdown; the bot says it when one is wanted",
    )
    default_locale: str = setting(_locale, "en", "the language when a customer's is not known: `en` or `de`")
    answer_confidence: float = setting(_share, 0.65, "how sure an answer must be, 0 to 1")
    article_review: str = setting(
        _review, "optional", "`required`: editors publish only what somebody else approved; supervisors and admins may"
    )
    bot_deadline_ms: int = setting(_integer(100, 60000), 3000, "after so many milliseconds search answers without Rasa")
    turn_threads: int = setting(_integer(1, 32), 2, "turns taken at the same time in one process")
    web_threads: int = setting(_integer(4, 5000), 500, "open chats and requests at the same time in one process")
    allowed_origins: tuple[str, ...] = setting(
        _origins, (), "other sites whose pages may chat, separated by commas, or `*`"
    )
    message_chars: int = setting(_integer(100, 100000), 4000, "the longest message, in characters")
    visitor_rate: str = setting(_rate, "30/minute", "messages a visitor may send")
    network_rate: str = setting(_rate, "120/minute", "messages that may come from one network address")
    link_rate: str = setting(
        _rate, "60/hour", "answers that one network address may give to one link's question (a tablet in a shop: more)"
    )
    session_days: int = setting(_integer(1, 365), 30, "how long a visitor's chat can be opened again")
    conversation_hours: int = setting(
        _integer(1, 8760), 72, "after so many hours of silence the next message begins a new conversation"
    )
    twilio_account_sid: str = setting(_sid("AC"), "", "the account for SMS and WhatsApp")
    twilio_auth_token: str = setting(_text, "", "its primary auth token")
    twilio_api_url: str = setting(_api, "https://api.twilio.com", "where Twilio's API is")
    twilio_seconds: int = setting(_integer(1, 60), 10, "how long it may take to answer")
    sms_numbers: tuple[str, ...] = setting(_numbers, (), "our numbers for SMS, separated by commas")
    messaging_service_sid: str = setting(_sid("MG"), "", "the Messaging Service that chooses among them")
    whatsapp_numbers: tuple[str, ...] = setting(_numbers, (), "our numbers on WhatsApp, separated by commas")
    whatsapp_template_en: str = setting(
        _sid("HX"), "", "an approved template with one variable, for English messages after WhatsApp's 24 hours"
    )
    whatsapp_template_de: str = setting(_sid("HX"), "", "the same for German ones")
    sms_segments: int = setting(_integer(1, 10), 2, "how many segments an answer by SMS may have")
    segments_per_second: float = setting(
        _rate_of_segments, 10.0, "what one of our numbers may send (a long code of the USA: 1)"
    )
    phone_threads: int = setting(_integer(1, 64), 4, "messages handed to Twilio at the same time by one process")
    media_mb: int = setting(_integer(1, 100), 16, "the largest picture or document that is taken from a phone, in MB")
    delete_media: bool = setting(_flag, False, "`yes`: what was fetched from Twilio is deleted there")
    phone: bool = setting(_flag, False, "`yes`: a simulator of Twilio with phones to try it at `/phone`")
    phone_region: str = setting(_region, "", "the country of numbers that customers write without a country code")
    code_countries: tuple[str, ...] = setting(
        _regions, (), "the only countries to whose numbers codes are texted, such as `DE, AT`; empty: all"
    )
    code_rate: str = setting(_rate, "5/hour", "codes that may be texted to one number, and for one visitor")
    code_network_rate: str = setting(_rate, "20/hour", "codes that one network address may have texted")
    code_total_rate: str = setting(_rate, "200/hour", "codes that may be texted in all: what fraud can cost at most")
    identity_secret: str = setting(_secret, "", "what your site signs identities with (HS256), 32 characters or more")
    identity_public_key: str = setting(_public_key, "", "a PEM file with the key of your site's identities (RS256)")
    identity_audience: str = setting(_text, "", "what `aud` of an identity must be, if it must be something")
    rest_token: str = setting(_text, "", "lets a server of yours name the sender on Rasa's REST webhook")
    metrics_token: str = setting(_text, "", "lets Prometheus read `/metrics`; empty: it can't be read")
    log_level: str = setting(_level, "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`")
    log_json: bool = setting(_flag, False, "`yes`: one JSON object a line")

    @property
    def local_url(self) -> str:
        """The address at which this machine itself reaches the server."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def base_url(self) -> str:
        return self.public_url or self.local_url


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of this environment; an empty value is the default. Raises SettingError."""
    given = {}
    for one in fields(Settings):
        text = environment.get(one.name.upper(), "").strip()
        if text:
            given[one.name] = _read(one.name.upper(), text, one.metadata["read"])
    settings = Settings(**given)
    _check_phone(settings)
    return settings


def _check_phone(settings: Settings) -> None:
    if settings.identity_secret and settings.identity_public_key:
        raise SettingError("IDENTITY_SECRET and IDENTITY_PUBLIC_KEY can't both be set: one decides the algorithm.")
    account = settings.twilio_account_sid
    has_numbers = settings.sms_numbers or settings.whatsapp_numbers or settings.messaging_service_sid
    is_public = settings.host not in LOOPBACK or (settings.public_url and not _is_loopback(settings.public_url))
    if settings.phone and is_public:
        raise SettingError(
            "PHONE=yes lets everybody write as anybody: HOST and PUBLIC_URL must be those of this machine itself."
        )
    if account and settings.phone:
        raise SettingError("PHONE=yes plays Twilio; it can't be used together with TWILIO_ACCOUNT_SID.")
    if account and not settings.twilio_auth_token:
        raise SettingError("TWILIO_AUTH_TOKEN must be set together with TWILIO_ACCOUNT_SID.")
    if account and not has_numbers:
        raise SettingError(
            "SMS_NUMBERS, MESSAGING_SERVICE_SID or WHATSAPP_NUMBERS must be set together with TWILIO_ACCOUNT_SID."
        )
    if account and not settings.public_url and settings.twilio_api_url == Settings.twilio_api_url:
        raise SettingError(
            "PUBLIC_URL must be set together with TWILIO_ACCOUNT_SID: Twilio has to reach this installation."
        )


def _is_loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in LOOPBACK


def _read(name: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except (ValueError, KeyError, OSError):
        # A secret that is misspelt into another setting must not be repeated in a log.
        raise SettingError(f"{name} must be {read.__doc__}.") from None
