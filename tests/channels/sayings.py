"""What a bookshop says, before it takes the form of a channel."""

from __future__ import annotations

from channels.saying import Button, Named, Saying

VERDICTS = (Button("This helped", "/helped"), Button("This didn't help", "/did_not_help"))
RETURNS = Named("Return a book", "You can return a book within 30 days.", "/help/en/articles/returns")


def link(path: str) -> str:
    return f"https://books.example{path}"


def short(_path: str) -> str:
    return "https://books.example/a/x7Kd2"


def choice(*titles: str, locale: str = "en", text: str = "Which of these fits your question?") -> Saying:
    return Saying(text, tuple(Button(title, f"/chooses_{at}") for at, title in enumerate(titles)), locale=locale)


def answer(text: str, source: Named = RETURNS) -> Saying:
    return Saying(text, VERDICTS, (source,))
