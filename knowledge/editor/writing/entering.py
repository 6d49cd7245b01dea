"""A draft's fields as the controls of a form hold them, and back: lists are a line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.drafts import FIELDS

LISTS = ("questions", "tags", "aliases", "must_answer", "must_not_answer")
YES = "yes"


def shown(name: str, value: Any) -> str:
    """As a control holds it."""
    if name == "internal":
        return YES if value else ""
    return "\n".join(value) if name in LISTS else str(value)


def read(name: str, text: str) -> Any:
    """What a control says."""
    if name == "internal":
        return text == YES
    if name in LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text.replace("\r\n", "\n")


def fields_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Those that a form has. A box that is not ticked is not sent: it counts as long as the form has the title."""
    names = [name for name in FIELDS if name in form]
    ticked = {"internal": read("internal", form.get("internal", ""))} if "title" in form else {}
    return {name: read(name, form[name]) for name in names} | ticked
