"""A picture's file without what it says about whoever took it and where: every pixel stays as it is written.

Only the parts that are needed to show it are kept, in their order, so what is bare already stays the same bytes. Which
way up it is shown is kept, too.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from zlib import crc32

from PIL import Image

ORIENTATION = 0x0112
"""The EXIF tag that says how a camera was held (EXIF 2.32, section 4.6.4): from 5 on, on its side."""

PNG = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split())
"""Of PNG 3 (W3C 2025, section 11), without texts, times and EXIF."""
WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_EXIF, WEBP_XMP = 0x08, 0x04
"""Bits of VP8X (RFC 9649, section 2.7.1)."""
GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
JPEG_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers without a length (ITU T.81, table B.1)."""
SOS, EOI, COMMENT, FILL = 0xDA, 0xD9, 0xFE, 0xFF


def bare(content: bytes) -> bytes:
    """Of a PNG, JPEG, GIF or WebP; anything else as it is. Raises ValueError if it is damaged."""
    try:
        if content.startswith(PNG):
            return _png(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _gif(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError) as error:
        raise ValueError("The file ends too early.") from error
    return content


def _exif(content: bytes) -> bytes:
    """As much of its EXIF as turns it the right way up; nothing if it stands so."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            way = image.getexif().get(ORIENTATION, 1)
    except Exception:  # Pillow raises whatever it stumbles over; what can't be opened is refused elsewhere.
        return b""
    if way not in range(2, 9):
        return b""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, way, 0, 0)


def _png(content: bytes) -> bytes:
    kept, exif = [PNG], _exif(content)
    at = len(PNG)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if kind == b"IDAT" and exif:
            kept.append(_png_chunk(b"eXIf", exif))
            exif = b""
        if kind in PNG_CHUNKS:
            kept.append(content[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


def _jpeg(content: bytes) -> bytes:
    exif = _exif(content)
    segments = list(_segments(content))
    head = [one for marker, one in segments if marker == 0xE0 and _is_needed(marker, one)]
    own = b"Exif\0\0" + exif
    turned = [b"\xff\xe1" + struct.pack(">H", len(own) + 2) + own] if exif else []
    rest = [one for marker, one in segments if marker != 0xE0 and _is_needed(marker, one)]
    return b"".join((b"\xff\xd8", *head, *turned, *rest))


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with what belongs to it, of a scan its pixels too; what follows the end of the picture is left."""
    at = 2
    while at < len(content):
        if content[at] != FILL:
            raise ValueError("A marker is missing.")
        marker = content[at + 1]
        if marker == FILL:
            at += 1
            continue
        if marker in JPEG_ALONE:
            yield marker, content[at : at + 2]
            at += 2
        elif marker == EOI:
            yield marker, content[at : at + 2]
            return
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            end = at + 2 + length
            if marker == SOS:
                end = _end_of_scan(content, end)
            yield marker, content[at:end]
            at = end


def _end_of_scan(content: bytes, at: int) -> int:
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] != 0 and content[at + 1] not in JPEG_ALONE:
            return at
        at += 2


def _is_needed(marker: int, segment: bytes) -> bool:
    if marker == COMMENT:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    said = segment[4:]
    return (
        (marker == 0xE0 and said.startswith(b"JFIF\0") and said[12:14] == b"\0\0")
        or (marker == 0xE2 and said.startswith(b"ICC_PROFILE\0"))
        or (marker == 0xEE and said.startswith(b"Adobe"))
    )


def _webp(content: bytes) -> bytes:
    exif = _exif(content)
    kept, at = [], 12
    while at + 8 <= len(content):
        kind, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        data = content[at + 8 : at + 8 + length]
        if kind == b"VP8X":
            flags = data[0] & ~(WEBP_EXIF | WEBP_XMP) | (WEBP_EXIF if exif else 0)
            data = bytes((flags,)) + data[1:]
        if kind in WEBP_CHUNKS:
            kept.append(_webp_chunk(kind, data))
        at += 8 + length + length % 2
    if exif:
        kept.append(_webp_chunk(b"EXIF", exif))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _gif(content: bytes) -> bytes:
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while content[at] != 0x3B:
        start = at
        if content[at] == 0x2C:
            at = _after_blocks(content, at + 11 + _colours(content[at + 9]))
            kept.append(content[start:at])
        elif content[at] == 0x21:
            label, first = content[at + 1], content[at + 3 : at + 14]
            at = _after_blocks(content, at + 2)
            if label == 0xF9 or (label == 0xFF and first in GIF_LOOPS):
                kept.append(content[start:at])
        else:
            raise ValueError("A block is of no known kind.")
    return b"".join((*kept, b"\x3b"))


def _colours(flags: int) -> int:
    """Bytes of a table of colours, where one follows (GIF89a, section 18)."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += 1 + content[at]
    return at + 1
