"""Pictures beside the articles' files: checked, kept, served, and written out again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from knowledge.article_files import parse
from knowledge.exporting import export_articles
from knowledge.help.centre import HelpCentre
from knowledge.importing import Report, import_articles
from knowledge.library import Knowledge
from knowledge.pictures import BYTES, Picture
from tests.knowledge.help.roof import client_of

HEAD = "---\nid: basket\nlocale: en\ntitle: The basket\nshort_answer: It holds a lot.\ncategory: products\n---\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 20), colour: str = "teal", **more: object) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, kind, **more)
    return content.getvalue()


def write(folder: Path, body: str, **pictures: bytes) -> Path:
    (folder / "en" / "images").mkdir(parents=True, exist_ok=True)
    (folder / "en" / "basket.md").write_text(HEAD + body, encoding="utf-8")
    for name, content in pictures.items():
        (folder / "en" / "images" / name.replace("__", ".").replace("_", " ")).write_bytes(content)
    return folder


def stored(knowledge: Knowledge) -> list[Picture]:
    with knowledge.database.reading() as session:
        return list(session.scalars(select(Picture).order_by(Picture.kind)))


def problem(knowledge: Knowledge, folder: Path) -> str:
    report = import_articles(knowledge, folder)
    [found] = report.problems
    assert ("en/basket.md", 0) == (found.where, report.published)
    return found.reason


def test_a_picture_is_kept_and_shown_with_its_size(knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path, '![A basket](images/basket.png "With a lid")\n\n![Again](images/basket.png)', basket__png=picture())
    assert Report(published=1) == import_articles(knowledge, tmp_path)
    [kept] = stored(knowledge)
    client = client_of(HelpCentre(knowledge, _counters()))
    page = client.get("/help/en/articles/basket").text
    served = client.get(f"/help/pictures/{kept.sha256}.png")

    assert ("basket", "png", 30, 20) == (kept.name, kept.kind, kept.width, kept.height)
    path = f'src="/help/pictures/{kept.sha256}.png"'
    assert f'<figure><img {path} alt="A basket" width="30" height="20" loading="lazy" decoding="async">' in page
    assert "<figcaption>With a lid</figcaption>" in page
    assert (picture(), "image/png") == (served.data, served.headers["Content-Type"])
    assert "immutable" in served.headers["Cache-Control"]
    assert "nosniff" == served.headers["X-Content-Type-Options"]
    assert 404 == client.get(f"/help/pictures/{kept.sha256}.gif").status_code
    assert f'src="/help/pictures/{kept.sha256}.png"' in client.get("/help/en/articles/basket.json").json["html"]


def test_importing_a_picture_again_changes_nothing_and_another_one_does(knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path, "![A basket](images/basket.png)", basket__png=picture())
    import_articles(knowledge, tmp_path)
    assert Report(unchanged=1) == import_articles(knowledge, tmp_path)
    write(tmp_path, "![A basket](images/basket.png)", basket__png=picture(colour="red"))
    assert Report(published=1) == import_articles(knowledge, tmp_path)
    assert 2 == len(stored(knowledge))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_every_kind_is_known_by_its_content_not_its_name(
    sqlite_knowledge: Knowledge, tmp_path: Path, kind: str
) -> None:
    write(tmp_path, "![x](images/x.png)", x__png=picture(kind))
    import_articles(sqlite_knowledge, tmp_path)
    assert {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}[kind] == stored(sqlite_knowledge)[0].kind


def test_a_picture_taken_with_the_camera_on_its_side_has_the_size_it_is_shown_in(
    sqlite_knowledge: Knowledge, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    write(tmp_path, "![x](images/x.jpg)", x__jpg=picture("JPEG", exif=exif))
    import_articles(sqlite_knowledge, tmp_path)
    assert (20, 30) == (stored(sqlite_knowledge)[0].width, stored(sqlite_knowledge)[0].height)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "The picture 'images/x.png' is not there or can't be read."),
        (b"", "The picture 'images/x.png' is not a PNG, JPEG, GIF or WebP."),
        (b"<svg onload='alert(1)'/>", "The picture 'images/x.png' is not a PNG, JPEG, GIF or WebP."),
        (b"<html><script>alert(1)</script>", "The picture 'images/x.png' is not a PNG, JPEG, GIF or WebP."),
        (picture()[:50], "The picture 'images/x.png' is damaged."),
        (picture("BMP"), "The picture 'images/x.png' is not a PNG, JPEG, GIF or WebP."),
        (picture() + b"x" * BYTES, "The picture 'images/x.png' is larger than 2 MB."),
        (picture(size=(10_001, 1)), "The picture 'images/x.png' is larger than 10000 pixels."),
    ],
)
def test_a_bad_picture_is_the_reason_why_its_file_is_not_taken(
    sqlite_knowledge: Knowledge, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    write(tmp_path, "![x](images/x.png)", **({} if content is None else {"x__png": content}))
    assert reason == problem(sqlite_knowledge, tmp_path)
    assert [] == stored(sqlite_knowledge)


def test_a_picture_cant_be_brought_in_from_outside_the_folder(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    for path in ("../../secret.png", "..%2f..%2fsecret.png"):
        assert "is outside the folder." in problem(sqlite_knowledge, write(tmp_path / "in", f"![x]({path})"))
    write(tmp_path / "in", "![x](images/link.png)")
    (tmp_path / "in" / "en" / "images" / "link.png").symlink_to(tmp_path / "secret.png")
    assert "is outside the folder." in problem(sqlite_knowledge, tmp_path / "in")
    assert "is no file." in problem(sqlite_knowledge, write(tmp_path / "in", "![x](images)"))


def test_a_picture_of_another_site_is_a_link_and_is_not_fetched(sqlite_knowledge: Knowledge, tmp_path: Path) -> None:
    write(tmp_path, "![A cat](https://cats.example/1.png) ![no](//cats.example/2.png) ![](data:image/png;base64,AA==)")
    assert Report(published=1) == import_articles(sqlite_knowledge, tmp_path)
    page = client_of(HelpCentre(sqlite_knowledge, _counters())).get("/help/en/articles/basket").text

    assert '<a href="https://cats.example/1.png" rel="noopener noreferrer">A cat</a>' in page
    assert "<img" not in page


def test_pictures_and_categories_come_back_from_an_export_as_they_were(knowledge: Knowledge, tmp_path: Path) -> None:
    source = tmp_path / "in"
    body = (
        "1. Look:\n\n   ![a](<images/my basket.png> 'x') and [large](images/my%20basket.png)\n\n`![a](images/no.png)`\n"
    )
    write(
        source,
        f"{body}\n    ![code](images/no.png)\n\n![b](images/b.gif)",
        my_basket__png=picture(),
        b__gif=picture("GIF"),
    )
    (source / "categories.yml").write_text("- key: products\n  icon: box\n  en:\n    name: 'Products: all'\n")
    assert Report(published=1) == import_articles(knowledge, source)
    assert 1 == export_articles(knowledge.database, tmp_path / "one")
    assert Report(unchanged=1) == import_articles(knowledge, tmp_path / "one")
    export_articles(knowledge.database, tmp_path / "two")
    written = contents(tmp_path / "one")

    assert written == contents(tmp_path / "two")
    assert {"categories.yml", "en/products/basket.md"} < written.keys()
    assert {picture(), picture("GIF")} == {content for name, content in written.items() if name.startswith("pictures/")}
    exported = parse(written["en/products/basket.md"].decode())
    assert "`![a](images/no.png)`" in exported.body
    assert "    ![code](images/no.png)" in exported.body
    assert (source / "categories.yml").read_bytes() == written["categories.yml"]


def test_an_export_can_be_imported_into_another_database(
    knowledge: Knowledge, sqlite_knowledge: Knowledge, tmp_path: Path
) -> None:
    import_articles(knowledge, write(tmp_path / "in", "![x](images/x.png)", x__png=picture()))
    export_articles(knowledge.database, tmp_path / "one")
    import_articles(sqlite_knowledge, tmp_path / "one")
    export_articles(sqlite_knowledge.database, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _counters() -> object:
    from limits.storage import MemoryStorage

    return MemoryStorage()
