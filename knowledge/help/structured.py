"""What the pages tell search engines about themselves, in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.addresses import search_path
from knowledge.index import ArticleView

CONTEXT = "https://schema.org"
QUESTIONS = 20
"""Of a category's page that are told."""

Crumbs = Sequence[tuple[str, str]]
"""Names and paths, from the help centre's home down."""


def website(site: str, locale: str, company: str, path: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": company,
        "url": site + path,
        "inLanguage": locale,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{site}{search_path(locale)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(site: str, crumbs: Crumbs) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": site + path}
            for position, (name, path) in enumerate(crumbs, 1)
        ],
    }


def questions(articles: Sequence[ArticleView]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": article.title,
                "acceptedAnswer": {"@type": "Answer", "text": article.short_answer},
            }
            for article in articles[:QUESTIONS]
        ],
    }


def article(site: str, company: str, view: ArticleView) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": company, "url": site}
    return {
        "@context": CONTEXT,
        "@type": "Article",
        "headline": view.title[:110],
        "description": view.short_answer,
        "inLanguage": view.locale,
        "dateModified": view.updated.isoformat(),
        "mainEntityOfPage": site + view.url,
        "author": publisher,
        "publisher": publisher,
    }
