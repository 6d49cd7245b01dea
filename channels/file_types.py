"""What a file is, told by its content and not by what it says it is."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from channels.inbound import CONTROL

MOST_PIXELS = 50_000_000

MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"BEGIN:VCARD", "text/vcard"),
)
BRANDS = (
    (b"M4A", "audio/mp4"),
    (b"3gp", "video/3gpp"),
    (b"qt", "video/quicktime"),
    (b"heic", "image/heic"),
    (b"heix", "image/heic"),
    (b"mif1", "image/heif"),
    (b"avif", "image/avif"),
)
"""Of ISO media files (ISO/IEC 14496-12): what stands after `ftyp`."""
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def content_type(content: bytes) -> str | None:
    """What it is, by its content; None if it is nothing that customers may send."""
    for magic, kind in MAGIC:
        if content.startswith(magic):
            return kind
    if content[4:8] == b"ftyp":
        return next((kind for brand, kind in BRANDS if content[8:].startswith(brand)), "video/mp4")
    return _picture(content) or _office(content) or _plain(content)


def _picture(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.verify()
            return PICTURES[str(picture.format)]
    except Exception:  # Pillow raises whatever its decoders raise.
        return None


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None  # With macros.
    return next((kind for folder, kind in OFFICE.items() if any(name.startswith(folder) for name in names)), None)


def _plain(content: bytes) -> str | None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    looks_like_a_page = text.lstrip()[:1] == "<"
    return None if CONTROL.search(text) or looks_like_a_page else "text/plain"
