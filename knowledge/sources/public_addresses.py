"""Which network addresses are everybody's: who may name an address must not reach into our own house by it."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from knowledge.article_text import ArticleError

Address = IPv4Address | IPv6Address
Admits = Callable[[Address, int], bool]
"""Whether an address and port may be connected to."""
Resolve = Callable[[str, int], Sequence[Address]]
"""All addresses of a host; OSError if there are none."""

PORTS = {"http": 80, "https": 443}
URL_LENGTH = 2_000
NOT_EVERYBODYS = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocols' own (RFC 6890)
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "::/96",  # IPv4-compatible (RFC 4291)
            "::ffff:0:0/96",  # IPv4-mapped
            "64:ff9b::/96",  # NAT64 (RFC 6052): leads to IPv4 addresses, our own too
            "64:ff9b:1::/48",  # NAT64 of a site (RFC 8215)
            "2001::/32",  # Teredo
            "2002::/16",  # 6to4
            "fec0::/10",  # site-local, deprecated and still routed by some
        ),
    )
)
"""Beside what `is_global` knows, above all forms in which another address is hidden."""
NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


class FetchError(ArticleError):
    """Something was not fetched; the message is a sentence for whoever named its address."""


@dataclass(frozen=True)
class Target:
    """An address that was looked at, in the form in which it is asked for."""

    url: str
    scheme: str
    host: str
    port: int
    request: str
    """Path and query, as the request line has them."""

    @property
    def origin(self) -> str:
        """As the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def is_public(address: Address, port: int) -> bool:
    """Whether this is the web that everybody sees."""
    if port not in PORTS.values() or getattr(address, "scope_id", None):
        return False
    if any(address in network for network in NOT_EVERYBODYS if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def target_of(url: str) -> Target:
    """Raises FetchError for what is no address of a page on the web."""
    parts = _parts(url)
    host = _host(parts)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    plain = Target("", parts.scheme, host, parts.port or PORTS[parts.scheme], path + (f"?{query}" if query else ""))
    return Target(urlunsplit((plain.scheme, plain.origin, path, query, "")), *_fields(plain))


def resolve(host: str, port: int) -> list[Address]:
    """As the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0])) for entry in found]


def addresses_of(target: Target, resolve: Resolve, admits: Admits) -> Sequence[Address]:
    """Those a target may be fetched from; raises FetchError if one of them is not allowed, or there is none."""
    try:
        found = resolve(target.host, target.port)
    except (OSError, UnicodeError, ValueError):
        found = []
    if not found:
        raise FetchError(
            f"There is no server by the name {target.host[:80]}.",
            f"Es gibt keinen Server mit dem Namen {target.host[:80]}.",
        )
    # One bad address among good ones is no mistake: somebody tries to lead us there.
    if not all(admits(address, target.port) for address in found):
        raise FetchError(
            f"{target.origin[:80]} is not an address of the public web; only those are fetched.",
            f"{target.origin[:80]} ist keine Adresse im öffentlichen Netz; nur solche werden abgerufen.",
        )
    return found


def _parts(url: str) -> SplitResult:
    if len(url) > URL_LENGTH:
        raise _no_address(url)
    if any(ord(sign) <= 32 or ord(sign) == 127 or sign == "\\" for sign in url):
        raise _no_address(url)
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _no_address(url) from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise _no_address(url)
    if parts.username is not None or parts.password is not None:
        raise FetchError(
            "An address with a user name or password in it is not fetched.",
            "Eine Adresse mit Benutzername oder Passwort wird nicht abgerufen.",
        )
    return parts


def _host(parts: SplitResult) -> str:
    """In the form that is resolved and asked for."""
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        return _literal(host, parts)
    # Browsers read 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1; nobody needs such a form for a help centre.
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        return _literal(host, parts)
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise _no_address(parts.geturl()) from None


def _literal(host: str, parts: SplitResult) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        raise _no_address(parts.geturl()) from None


def _fields(target: Target) -> tuple[str, str, int, str]:
    return target.scheme, target.host, target.port, target.request


def _no_address(url: str) -> FetchError:
    shown = url if len(url) <= 100 else f"{url[:100]}…"
    return FetchError(
        f"{shown!r} is not the address of a page, such as https://help.example.com/returns.",
        f"„{shown}“ ist nicht die Adresse einer Seite, etwa https://help.example.com/returns.",
    )
