"""What the page of follow-ups' settings says in each language, and why something entered is refused."""

from __future__ import annotations

WORDS = {
    "en": {
        "settings": "Follow-ups",
        "intro": "A low score is looked after by somebody, until they close it. Hours are hours in which the team is "
        "there. It holds for what is opened from now on.",
        "deadline": "Deadline",
        "hours": "Hours within which it should be closed",
        "hours_hint": "{least} to {most}. After that, supervisors are told.",
        "reminder_hours": "So many hours before that, a reminder",
        "reminder_hours_hint": "{least} to {most}. With 0 nobody is reminded.",
        "saved": "Saved.",
    },
    "de": {
        "settings": "Nachfassen",
        "intro": "Um eine schlechte Bewertung kümmert sich jemand, bis es abgeschlossen ist. Stunden sind solche, in "
        "denen das Team da ist. Es gilt für alles, was von jetzt an eröffnet wird.",
        "deadline": "Frist",
        "hours": "Stunden, in denen es abgeschlossen sein soll",
        "hours_hint": "{least} bis {most}. Danach wird die Teamleitung benachrichtigt.",
        "reminder_hours": "So viele Stunden davor wird erinnert",
        "reminder_hours_hint": "{least} bis {most}. Bei 0 wird niemand erinnert.",
        "saved": "Gespeichert.",
    },
}
REFUSED = {
    "en": {
        "bad_hours": "A follow-up should be closed within {least} to {most} hours.",
        "bad_reminder_hours": "The reminder comes {least} to {most} hours before the deadline.",
        "bad_order": "The reminder must come after the follow-up is opened: choose fewer hours.",
    },
    "de": {
        "bad_hours": "Abgeschlossen sein soll es in {least} bis {most} Stunden.",
        "bad_reminder_hours": "Erinnert wird {least} bis {most} Stunden vor der Frist.",
        "bad_order": "Erinnert werden kann erst nach dem Eröffnen: Wählen Sie weniger Stunden.",
    },
}
