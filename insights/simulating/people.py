"""Who writes in an invented history, and when: names, languages, channels, patience, hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from channels.names import SMS, WEB, WHATSAPP

ZONE = ZoneInfo("Europe/Berlin")
"""Where the invented customers live."""

FIRST = {
    "en": "Amelia Arthur Chloe Daniel Elsie Finley Grace Harry Isla Jacob Lily Mason Nora Oscar Poppy Ruby Theo Zoe",
    "de": "Anke Bernd Clara Dieter Elif Frank Greta Hannes Ilse Jana Kai Lena Moritz Nele Ole Petra Ralf Svenja",
}
LAST = {
    "en": "Archer Bright Carver Dalton Ellery Fenwick Garland Hollis Ingram Marlowe Norwood Preston Thorne Wakefield",
    "de": "Althaus Bachmann Dressler Ebert Falk Grimm Hartwig Jansen Kessler Lorenz Nowak Peters Reinhardt Vogel",
}

VISITOR = "simulated-"
"""How the ids of invented visitors begin."""
NOBODYS = {"en": ("+447700900", "+442079460"), "de": ("+493023125", "+496990009")}
"""How numbers begin that are kept free for films and plays: three digits follow."""
INVENTED = (VISITOR, *NOBODYS["en"], *NOBODYS["de"])
"""How every address of theirs begins."""

SHARES = ((WEB, 0.55), (WHATSAPP, 0.27), (SMS, 0.18))
"""Where how many write."""
GERMAN = 0.55
WITH_PHONE = 0.6
"""The share of those who write from a browser that would go on by phone."""
AGAIN_BY_PHONE = 0.5
"""How many of those who have come by phone once come by phone again."""

# By the hour, how many write: few at night, most before noon and after work.
HOURS = (1, 1, 0, 0, 0, 1, 3, 6, 10, 14, 15, 13, 11, 11, 12, 11, 11, 12, 13, 12, 10, 7, 4, 2)
DAYS = (13, 11, 10, 10, 10, 7, 5)
"""From Monday."""


@dataclass
class Person:
    name: str
    locale: str
    channel: str
    address: str
    """A web visitor's id, or a number that is nobody's."""
    patience: timedelta
    """How long they wait for a person before they give up."""
    mildness: float
    """How much better or worse than others they score the same, in points."""
    phone_channel: str = ""
    phone: str = ""
    """Of some who write from a browser: how they may go on when they leave it."""
    is_connected: bool = False
    """Whether it is known that browser and phone are the same person's."""

    def writes_from(self, chance: Random) -> tuple[str, str]:
        """The channel and the address from which they come with their next matter."""
        if self.is_connected and chance.random() < AGAIN_BY_PHONE:
            return self.phone_channel, self.phone
        return self.channel, self.address


def people(chance: Random, count: int, label: str) -> list[Person]:
    """So many people; `label` keeps the visitors of two histories apart."""
    return [_person(chance, number, label) for number in range(count)]


def _person(chance: Random, number: int, label: str) -> Person:
    locale = "de" if chance.random() < GERMAN else "en"
    [channel] = chance.choices([name for name, _ in SHARES], [share for _, share in SHARES])
    number_of_theirs = nobodys_number(locale, number)
    person = Person(
        name=f"{chance.choice(FIRST[locale].split())} {chance.choice(LAST[locale].split())}",
        locale=locale,
        channel=channel,
        address=f"{VISITOR}{label}-{number}" if channel == WEB else number_of_theirs,
        patience=timedelta(minutes=min(chance.lognormvariate(3.6, 0.8), 600 if channel == WEB else 2880)),
        mildness=chance.gauss(0, 0.7),
    )
    if channel == WEB and chance.random() < WITH_PHONE:
        person.phone_channel, person.phone = chance.choice((WHATSAPP, WHATSAPP, SMS)), number_of_theirs
    return person


def nobodys_number(locale: str, number: int) -> str:
    """A number that is kept free for films and plays: nobody's phone rings.

    Sources: Ofcom, "Telephone numbers for drama use" (07700 900000 to 900999; 020 7946 0000 to 0999 and the like);
    Bundesnetzagentur, "Rufnummern für Medienproduktionen" (030 23125 000 to 999 and the like).
    """
    ranges = NOBODYS[locale]
    return f"{ranges[number // 1000 % len(ranges)]}{number % 1000:03}"


def moments(chance: Random, count: int, begins: datetime, days: int) -> list[datetime]:
    """When people write: so many moments (UTC), more of them at the hours and on the days when more do."""
    first = begins.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for _ in range(count):
        [day] = chance.choices(range(days), [DAYS[(first + timedelta(days=one)).weekday()] for one in range(days)])
        [hour] = chance.choices(range(24), HOURS)
        within = timedelta(hours=hour, seconds=chance.randrange(3600))
        # Wall time: a day of the change to summer time has its hours, too.
        found.append(((first + timedelta(days=day)).replace(tzinfo=None) + within).replace(tzinfo=ZONE))
    return sorted(one.astimezone(begins.tzinfo) for one in found)
