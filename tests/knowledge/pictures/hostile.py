"""Pictures as somebody makes them who means no good."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says it is so large, whatever lies in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(named: tuple[bytes, bytes]) -> bytes:
    name, content = named
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def gif_of_many_frames(count: int, size: int) -> bytes:
    """Each frame is a handful of bytes, and unpacks to the whole screen."""
    head = b"GIF89a" + struct.pack("<HHBBB", size, size, 0x80, 0, 0) + bytes(3) + b"\xff\xff\xff"
    one = Image.new("P", (size, size), 0)
    one.putpalette(bytes(6))
    frame = BytesIO()
    one.save(frame, "GIF")
    at = frame.getvalue().index(b"\x2c")
    return head + count * frame.getvalue()[at:-1] + b";"


def jpeg(size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    content = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(content, "JPEG", **more)
    return content.getvalue()


def jpeg_from_home(size: tuple[int, int] = (60, 40)) -> bytes:
    """A photo that says where it was taken, by which camera, and how that was held."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCam"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0), 29: "2026:11:25"}
    return jpeg(size, exif=exif, comment=b"Mira's kitchen", xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>")


def png_with_text() -> bytes:
    info, content = PngInfo(), BytesIO()
    info.add_text("Author", "Mira Kern")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>SecretXmp</x:xmpmeta>")
    Image.new("RGB", (30, 20), "teal").save(content, "PNG", pnginfo=info)
    return content.getvalue()


def animated(kind: str, size: tuple[int, int] = (30, 20), count: int = 3, **more: object) -> bytes:
    colours = ("red", "lime", "blue")
    frames = [Image.new("RGB", size, colours[number % 3]) for number in range(count)]
    content = BytesIO()
    frames[0].save(content, kind, save_all=True, append_images=frames[1:], duration=120, loop=0, lossless=True, **more)
    return content.getvalue()


def of_another_screen(colour: tuple[int, int, int] = (200, 40, 40)) -> bytes:
    """A PNG for a screen on which what is red elsewhere is blue, as its profile says (ICC.1:2001-04)."""
    content = BytesIO()
    Image.new("RGB", (30, 20), colour).save(content, "PNG", icc_profile=_profile())
    return content.getvalue()


def _profile() -> bytes:
    red, green, blue = (0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    points = {b"wtpt": (0.9642, 1.0, 0.8249), b"rXYZ": blue, b"gXYZ": green, b"bXYZ": red}
    tags = {name: b"XYZ " + bytes(4) + b"".join(map(_fixed, point)) for name, point in points.items()}
    gamma = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma)
    at, table, data = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", at + len(data), len(content))
        data += content
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ") + bytes(12)
    head += b"acsp" + bytes(28) + b"".join(map(_fixed, (0.9642, 1.0, 0.8249)))
    return head.ljust(128, b"\0") + table + data


def _fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65536))
