"""What is in an uploaded archive stays in its folder and within limits; one that is up to no good is refused whole."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from knowledge.article_text import ArticleError
from knowledge.sources import archives
from knowledge.sources.archives import unpack
from tests.knowledge.sources.packing import packed


def unpacked(archive: bytes, folder: Path) -> list[str]:
    """The names of what was unpacked."""
    (folder / "a.zip").write_bytes(archive)
    unpack(folder / "a.zip", folder / "in")
    return sorted(str(path.relative_to(folder / "in")) for path in (folder / "in").rglob("*") if path.is_file())


def test_the_files_that_an_import_can_use_are_unpacked(tmp_path: Path) -> None:
    files = {"en/a.md": "x", "b.PNG": "x", "__MACOSX/._a.md": "x", ".git/c.md": "x", "run.exe": "x", "d\\e.md": "x"}
    assert ["b.PNG", "d/e.md", "en/a.md"] == unpacked(packed(files), tmp_path)


@pytest.mark.parametrize("name", ["../a.md", "/etc/a.md", "a/../../b.md", "C:/a.md", "..\\a.md", "a/\x07.md"])
def test_a_file_of_an_archive_cant_lie_outside_of_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArticleError, match="would lie outside of it"):
        unpacked(packed({"good.md": "x", name: "x"}), tmp_path)
    assert ["a.zip"] == [path.name for path in tmp_path.iterdir()]


def test_a_link_cant_come_in_an_archive(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArticleError, match="has a link in it"):
        unpacked(content.getvalue(), tmp_path)


def test_a_zip_bomb_cant_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "BYTES", 10_000_000)
    bomb = packed({f"{number}.md": bytes(1_000_000) for number in range(50)})
    assert len(bomb) < 100_000
    with pytest.raises(ArticleError, match="larger than 10 MB"):
        unpacked(bomb, tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.md")) < 11_000_000


def test_a_bomb_that_says_it_is_small_cant_fill_the_disk_either(tmp_path: Path) -> None:
    bomb = packed({"a.md": bytes(5_000_000)})
    lying = bomb.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 10))
    with pytest.raises(ArticleError, match="is damaged"):
        unpacked(lying, tmp_path)


def test_an_archive_cant_have_more_files_than_a_help_centre(tmp_path: Path) -> None:
    many = packed({f"{number}.txt": "" for number in range(10_001)})
    with pytest.raises(ArticleError, match="more than 10000 files"):
        unpacked(many, tmp_path)
    at = many.rfind(archives.END)
    lying = many[: at + 10] + struct.pack("<H", 5) + many[at + 12 :]
    with pytest.raises(ArticleError, match="more than 10000 files"):
        unpacked(lying, tmp_path)


def test_an_archive_in_an_archive_is_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"a.md": "x", "more.zip": packed({"b.md": "y"}), "c.tar.gz": "x"}))
    left_out = unpack(tmp_path / "a.zip", tmp_path / "in")
    assert ["more.zip", "c.tar.gz"] == [one.where for one in left_out]
    assert "An archive in an archive is not opened." == str(left_out[0].problem)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a ZIP"),
        (b"\x89PNG" * 100, "not a ZIP"),
        (packed({"a.md": "x"})[10:], "damaged"),
        (packed({"a.md": "x"})[:-30], "not a ZIP"),
        (packed({"a.md": "x", "a.md/b.md": "y"}), "damaged"),
        (packed({"n" * 300 + ".md": "x"}), "damaged"),
        (packed({"a.md": "hello"}).replace(b"hello", b"jello"), "damaged"),
        (b"PK\x05\x06" + bytes(18), None),
    ],
)
def test_what_is_no_archive_is_said(tmp_path: Path, content: bytes, reason: str | None) -> None:
    if reason is None:
        assert [] == unpacked(content, tmp_path)
        return
    with pytest.raises(ArticleError, match=reason):
        unpacked(content, tmp_path)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    encrypted = bytearray(packed({"a.md": "x"}))
    encrypted[6] |= 1
    encrypted[encrypted.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArticleError, match="is encrypted"):
        unpacked(bytes(encrypted), tmp_path)
