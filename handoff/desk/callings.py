"""What customers are called: by their name, or else by the address at which one knows them best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.addresses import spaced
from channels.customer import Address, Customer
from channels.names import PHONE, SITE


@dataclass(frozen=True)
class Calling:
    name: str
    """Empty for a web visitor who said nothing of themselves."""
    mark: str
    """The first signs of their id, by which one visitor without a name can be told from another."""

    @property
    def initials(self) -> str:
        """One or two letters; empty if there is no name."""
        words = [word for word in self.name.split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def callings(session: Session, customer_ids: Iterable[str]) -> dict[str, Calling]:
    """By customer, what they are called."""
    ids = list(customer_ids)
    customers = session.execute(select(Customer.id, Customer.name, Customer.email).where(Customer.id.in_(ids))).all()
    addresses = _addresses(session, [one.id for one in customers if not (one.name or one.email)])
    return {
        one.id: Calling(one.name or one.email or addresses.get(one.id, ""), one.id[:4].upper()) for one in customers
    }


def _addresses(session: Session, customer_ids: list[str]) -> dict[str, str]:
    """Of customers without a name: their number, or what the company's site calls them."""
    # Which channels is asked here: SQLite would take the index of channels instead of that of customers.
    query = select(Address.customer_id, Address.channel, Address.value).where(Address.customer_id.in_(customer_ids))
    found = session.execute(query.order_by(Address.id)) if customer_ids else ()
    return {one: shown(channel, value) for one, channel, value in found if channel in (*PHONE, SITE)}


def shown(channel: str, value: str) -> str:
    """An address as agents read it; of a web visitor there is nothing to be read."""
    if channel in PHONE and value.startswith("+"):
        return spaced(value)
    return value if channel in (*PHONE, SITE) else ""
