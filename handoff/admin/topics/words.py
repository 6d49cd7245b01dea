"""What the page of topics says in each language, and why something entered is refused."""

from __future__ import annotations

WORDS = {
    "en": {
        "topics": "Topics",
        "intro": "What becomes of a conversation, by the help category it is about.",
        "none": "There are no help categories yet. They come with the articles.",
        "no_category": "No article any more",
        "team": "Team",
        "default_team": "Default team ({name})",
        "skill": "Skill",
        "skill_hint": "Only for conversations that are given out in turn. Empty: anybody of the team.",
        "skill_of_nobody": "Nobody has this skill",
        "people_only": "People only",
        "people_only_hint": "The assistant answers nothing about it and hands over at once.",
        "saved": "Saved.",
    },
    "de": {
        "topics": "Themen",
        "intro": "Was aus einem Gespräch wird, je nach der Hilfekategorie, um die es geht.",
        "none": "Es gibt noch keine Hilfekategorien. Sie kommen mit den Artikeln.",
        "no_category": "Kein Artikel mehr",
        "team": "Team",
        "default_team": "Standardteam ({name})",
        "skill": "Kenntnis",
        "skill_hint": "Nur für Gespräche, die reihum vergeben werden. Leer: alle im Team.",
        "skill_of_nobody": "Diese Kenntnis hat niemand",
        "people_only": "Nur Menschen",
        "people_only_hint": "Der Assistent beantwortet dazu nichts und übergibt sofort.",
        "saved": "Gespeichert.",
    },
}
REFUSED = {
    "en": {
        "no_team": "This team is not there any more. Please choose another one.",
        "bad_skill": "The skill of “{topic}” must be one skill of at most 40 characters, without commas.",
    },
    "de": {
        "no_team": "Dieses Team gibt es nicht mehr. Bitte wählen Sie ein anderes.",
        "bad_skill": "Bei „{topic}“ muss eine einzige Kenntnis mit höchstens 40 Zeichen stehen, ohne Komma.",
    },
}
