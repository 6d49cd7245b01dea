"""All that is said to customers about people: that one takes over, how long it takes, what they can do meanwhile."""

from __future__ import annotations

WORDS = {
    "en": {
        "locale": "en",
        "soon_minutes": "It usually takes about {minutes} minutes.",
        "soon_minute": "It usually takes about a minute.",
        "soon_hours": "It usually takes about {hours} hours.",
        "next": "You are next.",
        "ahead": "{ahead} customers are before you.",
        "ahead_one": "One customer is before you.",
        "no_history": "Somebody answers you here as soon as they are free.",
        "nobody_now": "Nobody is at their desk right now. Your question is kept, and somebody answers you here as soon "
        "as they are back.",
        "closed_until": "We are not here right now. We are back {when}; your question is kept, and somebody answers "
        "you here then.",
        "not_today": "We won't get to you today, I'm sorry. Your question is kept, and somebody answers you here "
        "{when}.",
        "closed": "We are not here right now. Your question is kept, and somebody answers you here.",
        "stay_web": "You can stay here or come back later: the answer comes to this chat.",
        "longer_minutes": "It takes longer than I said, I'm sorry: probably another {minutes} minutes.",
        "longer_hours": "It takes longer than I said, I'm sorry: probably another {hours} hours.",
        "longer": "It takes longer than I said, I'm sorry. Your question is not forgotten.",
        "longer_until": "We could not answer you today, I'm sorry. We are back {when}, and your question is kept.",
        "left": "{name} is not there any more.",
        "kept": "Thank you, I've put that with your question.",
        "not_needed": "All right, then nobody gets back to you about this. Goodbye, and thank you for writing to us.",
        "bot_again": "You are talking with the assistant again. What would you like to know?",
        "bot_button": "Back to the assistant",
        "number_button": "Leave a number",
        "which_number": "Which number can we call? If you are not here any more when it is your turn, we call you.",
        "number_noted": "Thank you. If you are not here any more, we call {number}.",
        "no_number": "I can't read a phone number there. Please write it with its country code, such as "
        "+44 20 7946 0018.",
        "today": "today at {time}",
        "tomorrow": "tomorrow at {time}",
        "weekday": "on {day} at {time}",
        "date": "on {date} at {time}",
    },
    "de": {
        "locale": "de",
        "soon_minutes": "Meist dauert es etwa {minutes} Minuten.",
        "soon_minute": "Meist dauert es etwa eine Minute.",
        "soon_hours": "Meist dauert es etwa {hours} Stunden.",
        "next": "Sie sind als Nächstes an der Reihe.",
        "ahead": "Vor Ihnen warten noch {ahead}.",
        "ahead_one": "Vor Ihnen wartet noch jemand.",
        "no_history": "Hier antwortet Ihnen jemand, sobald jemand frei ist.",
        "nobody_now": "Gerade ist niemand am Platz. Ihre Frage ist notiert, und hier antwortet Ihnen jemand, sobald "
        "wieder jemand da ist.",
        "closed_until": "Gerade ist niemand da. Wir sind {when} wieder für Sie da; Ihre Frage ist notiert, und dann "
        "antwortet Ihnen hier jemand.",
        "not_today": "Heute kommen wir leider nicht mehr dazu. Ihre Frage ist notiert, und {when} antwortet Ihnen hier "
        "jemand.",
        "closed": "Gerade ist niemand da. Ihre Frage ist notiert, und hier antwortet Ihnen jemand.",
        "stay_web": "Sie können hier warten oder später wiederkommen: Die Antwort kommt in diesen Chat.",
        "longer_minutes": "Es dauert leider länger als gesagt: wahrscheinlich noch {minutes} Minuten.",
        "longer_hours": "Es dauert leider länger als gesagt: wahrscheinlich noch {hours} Stunden.",
        "longer": "Es dauert leider länger als gesagt. Ihre Frage ist nicht vergessen.",
        "longer_until": "Heute konnten wir Ihnen leider nicht mehr antworten. Wir sind {when} wieder da, und Ihre "
        "Frage ist notiert.",
        "left": "{name} ist gerade nicht mehr da.",
        "kept": "Danke, das habe ich zu Ihrer Frage gelegt.",
        "not_needed": "In Ordnung, dann meldet sich dazu niemand mehr bei Ihnen. Auf Wiedersehen, und danke für Ihre "
        "Nachricht.",
        "bot_again": "Sie sprechen wieder mit dem Assistenten. Was möchten Sie wissen?",
        "bot_button": "Zurück zum Assistenten",
        "number_button": "Nummer hinterlassen",
        "which_number": "Unter welcher Nummer erreichen wir Sie? Falls Sie nicht mehr hier sind, wenn Sie an der "
        "Reihe sind, rufen wir an.",
        "number_noted": "Danke. Falls Sie nicht mehr hier sind, rufen wir {number} an.",
        "no_number": "Das kann ich nicht als Telefonnummer lesen. Bitte schreiben Sie sie mit Ländervorwahl, etwa "
        "+49 341 5550 190.",
        "today": "heute um {time} Uhr",
        "tomorrow": "morgen um {time} Uhr",
        "weekday": "am {day} um {time} Uhr",
        "date": "am {date} um {time} Uhr",
    },
}

RESOLUTIONS = {
    "solved": {"en": "Solved", "de": "Gelöst"},
    "answered": {"en": "Answered", "de": "Beantwortet"},
    "not_possible": {"en": "Not possible", "de": "Nicht möglich"},
    "no_reply": {"en": "Customer no longer replied", "de": "Keine Antwort mehr"},
    "duplicate": {"en": "Duplicate", "de": "Doppelt"},
    "spam": {"en": "Spam", "de": "Spam"},
}
"""Why an agent closes a conversation."""

REASONS = {
    "asked": {"en": "Asked for a person", "de": "Wollte einen Menschen"},
    "failures": {"en": "The bot found no answer twice", "de": "Der Bot fand zweimal keine Antwort"},
    "people_only": {"en": "Topic for people only", "de": "Thema nur für Menschen"},
    "anger": {"en": "Angry", "de": "Verärgert"},
    "urgency": {"en": "Urgent", "de": "Dringend"},
    "legal": {"en": "Legal matter", "de": "Rechtliches"},
    "safety": {"en": "Safety", "de": "Sicherheit"},
    "did_not_help": {"en": "Answers didn't help twice", "de": "Antworten halfen zweimal nicht"},
    "bot_down": {"en": "The bot was not available", "de": "Der Bot war nicht verfügbar"},
    "agent": {"en": "Taken by an agent", "de": "Von jemandem übernommen"},
    "reopened": {"en": "Reopened", "de": "Wieder geöffnet"},
}
"""Why a conversation came to people (`handoff.handoffs.Reason`)."""

REFUSED = {
    "empty": {"en": "Write something first.", "de": "Schreiben Sie zuerst etwas."},
    "too_long": {"en": "That is longer than 4,000 characters.", "de": "Das sind mehr als 4.000 Zeichen."},
    "not_text": {"en": "That is no text.", "de": "Das ist kein Text."},
    "no_address": {
        "en": "The customer can't be reached there.",
        "de": "Dort ist die Kundin oder der Kunde nicht erreichbar.",
    },
    "stopped": {
        "en": "The customer wants no messages there (STOP).",
        "de": "Dort sind keine Nachrichten erwünscht (STOP).",
    },
    "no_such_colleague": {
        "en": "There is no such colleague at the desk.",
        "de": "Diese Kollegin oder diesen Kollegen gibt es am Platz nicht.",
    },
    "no_such_team": {"en": "There is no such team.", "de": "Dieses Team gibt es nicht."},
    "no_such_reason": {"en": "Choose a reason from the list.", "de": "Wählen Sie einen Grund aus der Liste."},
    "no_such_priority": {"en": "Choose a priority from the list.", "de": "Wählen Sie eine Priorität aus der Liste."},
    "newer_open": {
        "en": "The customer has begun another conversation since. Go on there.",
        "de": "Seitdem wurde ein neues Gespräch begonnen. Machen Sie dort weiter.",
    },
    "snooze_when": {
        "en": "Choose a moment in the future, within a year.",
        "de": "Wählen Sie einen Zeitpunkt in der Zukunft, binnen eines Jahres.",
    },
    "no_tag": {
        "en": "A tag is a word of letters and digits.",
        "de": "Ein Schlagwort besteht aus Buchstaben und Ziffern.",
    },
    "too_many_tags": {"en": "More than 20 tags are too many.", "de": "Mehr als 20 Schlagwörter sind zu viele."},
    "no_note": {"en": "Write the note first.", "de": "Schreiben Sie zuerst die Notiz."},
    "too_long_note": {"en": "That is longer than 10,000 characters.", "de": "Das sind mehr als 10.000 Zeichen."},
    "file_kind": {
        "en": "Only pictures, PDF, text and office files can be sent.",
        "de": "Es lassen sich nur Bilder, PDF-, Text- und Office-Dateien senden.",
    },
    "file_size": {"en": "A file may be at most 10 MB.", "de": "Eine Datei darf höchstens 10 MB groß sein."},
    "too_many_files": {"en": "At most 5 files at once.", "de": "Höchstens 5 Dateien auf einmal."},
}
"""Why something an agent asked for was not done."""
