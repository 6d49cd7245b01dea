"""What the pages of canned replies say in each language, and why something entered is refused."""

from __future__ import annotations

WORDS = {
    "en": {
        "replies": "Canned replies",
        "intro": "What agents say often. They type / and the shortcut; the variables are filled in: {customer}, "
        "{agent}, {company}, {question}, {wait}.",
        "none": "There is none yet.",
        "add": "New canned reply",
        "shortcut": "Shortcut",
        "shortcut_hint": "Small letters, digits and -, such as refund-sent",
        "team": "For",
        "all_teams": "All teams",
        "title_in": "Title, {language}",
        "text_in": "Text, {language}",
        "save": "Save",
        "delete": "Delete",
        "delete_sure": "Delete this canned reply in all languages",
        "back": "All canned replies",
    },
    "de": {
        "replies": "Textbausteine",
        "intro": "Was oft geschrieben wird. Nach / und dem Kürzel steht der Text im Feld; die Variablen werden "
        "ersetzt: {customer}, {agent}, {company}, {question}, {wait}.",
        "none": "Es gibt noch keinen.",
        "add": "Neuer Textbaustein",
        "shortcut": "Kürzel",
        "shortcut_hint": "Kleinbuchstaben, Ziffern und -, etwa geld-erstattet",
        "team": "Für",
        "all_teams": "Alle Teams",
        "title_in": "Titel, {language}",
        "text_in": "Text, {language}",
        "save": "Speichern",
        "delete": "Löschen",
        "delete_sure": "Diesen Textbaustein in allen Sprachen löschen",
        "back": "Alle Textbausteine",
    },
}
DONE = {
    "en": {"saved": "Saved.", "deleted": "Deleted."},
    "de": {"saved": "Gespeichert.", "deleted": "Gelöscht."},
}
REFUSED = {
    "en": {
        "bad_shortcut": "A shortcut has small letters, digits and -, at most 40 of them.",
        "there_already": "There is a canned reply with the shortcut {shortcut} already.",
        "no_team": "There is no such team.",
        "no_text": "Write a title and a text in one language at least.",
        "half": "{language} has a title or a text only; it needs both, or neither.",
        "too_long": "The title in {language} may have 100 characters, the text 2,000.",
        "bad_variable": "{variable} in {language} is no variable.",
    },
    "de": {
        "bad_shortcut": "Ein Kürzel hat Kleinbuchstaben, Ziffern und -, höchstens 40.",
        "there_already": "Das Kürzel {shortcut} gibt es schon.",
        "no_team": "Dieses Team gibt es nicht.",
        "no_text": "Schreiben Sie mindestens in einer Sprache einen Titel und einen Text.",
        "half": "{language} hat nur einen Titel oder nur einen Text; nötig ist beides oder keins.",
        "too_long": "Der Titel auf {language} darf 100 Zeichen haben, der Text 2.000.",
        "bad_variable": "{variable} auf {language} ist keine Variable.",
    },
}
