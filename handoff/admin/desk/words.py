"""What the page of the desk's settings says in each language, and why something entered is refused."""

from __future__ import annotations

WORDS = {
    "en": {
        "settings": "Desk settings",
        "intro": "What is safe to change while everything runs. It takes effect at once, without a restart.",
        "closed": "Outside opening hours",
        "closed_intro": "A sentence of your own for customers who want a person while nobody is there, such as where "
        "to turn when it can't wait. It comes after the one that says when you are back. Empty: nothing is added.",
        "closed_first": "It follows, for example:",
        "waiting": "While they wait",
        "again_minutes": "Minutes until a waiting customer hears again",
        "again_minutes_hint": "{least} to {most}. They hear only if it takes longer than they were told.",
        "most_times": "How many times at most",
        "most_times_hint": "{least} to {most}. With 0 they never hear again by themselves.",
        "targets": "Targets",
        "warning_minutes": "Minutes before a target at which agents are warned",
        "warning_minutes_hint": "{least} to {most}, of opening time. Of a short target, the last quarter.",
        "saved": "Saved.",
    },
    "de": {
        "settings": "Einstellungen",
        "intro": "Was sich im laufenden Betrieb gefahrlos ändern lässt. Es gilt sofort, ohne Neustart.",
        "closed": "Außerhalb der Öffnungszeiten",
        "closed_intro": "Ein eigener Satz für alle, die einen Menschen möchten, während niemand da ist: etwa, wohin "
        "man sich wendet, wenn es nicht warten kann. Er folgt auf den, der sagt, wann Sie wieder da sind. Leer: Es "
        "kommt nichts dazu.",
        "closed_first": "Er folgt zum Beispiel auf:",
        "waiting": "Während des Wartens",
        "again_minutes": "Minuten, bis Wartende wieder etwas hören",
        "again_minutes_hint": "{least} bis {most}. Sie hören nur etwas, wenn es länger dauert als gesagt.",
        "most_times": "Wie oft höchstens",
        "most_times_hint": "{least} bis {most}. Bei 0 hören sie von selbst nichts mehr.",
        "targets": "Ziele",
        "warning_minutes": "Minuten vor einem Ziel, zu denen gewarnt wird",
        "warning_minutes_hint": "{least} bis {most}, innerhalb der Öffnungszeiten. Bei einem kurzen Ziel im letzten "
        "Viertel.",
        "saved": "Gespeichert.",
    },
}
REFUSED = {
    "en": {
        "closed_long": "The sentence in {language} may have at most {longest} characters.",
        "bad_again_minutes": "A waiting customer can hear again after {least} to {most} minutes.",
        "bad_most_times": "How many times at most is a number from {least} to {most}.",
        "bad_warning_minutes": "Agents can be warned {least} to {most} minutes before a target.",
    },
    "de": {
        "closed_long": "Der Satz auf {language} darf höchstens {longest} Zeichen haben.",
        "bad_again_minutes": "Wartende können nach {least} bis {most} Minuten wieder etwas hören.",
        "bad_most_times": "Wie oft höchstens ist eine Zahl von {least} bis {most}.",
        "bad_warning_minutes": "Gewarnt werden kann {least} bis {most} Minuten vor einem Ziel.",
    },
}
