"""Takes a picture that somebody brings: looked into with care, and made anew with nothing in it but what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any, Literal

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from knowledge.pictures.beside_files import BYTES
from knowledge.pictures.colours import in_srgb
from knowledge.pictures.kept import Size

Reason = Literal["no_picture", "svg", "damaged", "too_many_bytes", "too_many_pixels", "too_long", "too_heavy"]

BROUGHT_BYTES = 15_000_000
"""What a camera makes of a scene; the kept picture is much smaller."""
PIXELS = 64_000_000
"""A picture of a good phone has 50 million. Four bytes each are unpacked, of one picture at a time."""
WIDTH = 1600
"""Twice what the help centre shows at most: sharp on every screen."""
HEIGHT = 8_000
FRAMES = 300
FRAME_PIXELS = 60_000_000
"""Of all frames of an animation together."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
LOOKED_AT = 4_000
"""Bytes at the beginning in which an SVG says what it is."""

_one_at_a_time = Lock()


class NotTaken(Exception):
    """A picture can't be kept; `reason` is what a sentence is found by."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Taken:
    """A picture without metadata, upright, in sRGB, at most so wide as it is ever shown. The same file is always the
    same bytes."""

    content: bytes
    kind: str
    size: Size


def take(content: bytes) -> Taken:
    """What is kept of a file that somebody brings. Raises NotTaken."""
    if len(content) > BROUGHT_BYTES:
        raise NotTaken("too_many_bytes")
    with _one_at_a_time, _understood(content), _opened(content) as image:
        _check_pixels(image.size)
        if image.format in ("GIF", "WEBP") and getattr(image, "is_animated", False):
            return _light(_animated(image))
        return _light(_still(image))


@contextmanager
def _understood(content: bytes) -> Iterator[None]:
    try:
        yield
    except NotTaken:
        raise
    except UnidentifiedImageError:
        raise NotTaken("svg" if SVG.search(content[:LOOKED_AT]) else "no_picture") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotTaken("too_many_pixels") from None
    except Exception:  # Decoders raise whatever they stumble over in what is damaged.
        raise NotTaken("damaged") from None


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=FORMATS)


def _check_pixels(size: tuple[int, int]) -> None:
    """Known from the head of the file, before anything is unpacked."""
    if size[0] * size[1] > PIXELS:
        raise NotTaken("too_many_pixels")


def _still(image: Image.Image) -> Taken:
    is_photo = image.format in ("JPEG", "MPO")
    if is_photo and image.width > 2 * WIDTH and image.height > 2 * WIDTH:
        image.draft(None, (2 * WIDTH, 2 * WIDTH))  # Unpacked at half the size or less, where that is enough.
    kind = "jpg" if is_photo else "webp" if image.format == "WEBP" else "png"
    image.load()
    upright = ImageOps.exif_transpose(image)
    return _written([_fitting(in_srgb(upright))], kind, {})


def _animated(image: Image.Image) -> Taken:
    durations, frames = [], []
    for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
        # A frame may be larger than the first one said.
        if number > FRAMES or number * frame.width * frame.height > FRAME_PIXELS:
            raise NotTaken("too_long")
        frames.append(_fitting(frame.convert("RGBA")))
        durations.append(int(frame.info.get("duration", 100)))  # Known of a WebP once it is unpacked.
    timing = {"duration": durations, "loop": int(image.info.get("loop", 1 if image.format == "GIF" else 0))}
    if image.format == "GIF" and "loop" not in image.info:
        del timing["loop"]  # It is shown once.
    return _written(frames, "gif" if image.format == "GIF" else "webp", timing)


def _fitting(image: Image.Image) -> Image.Image:
    """In a mode that every browser shows, and no larger than it is ever shown."""
    image = _plain_mode(image)
    scale = min(1.0, WIDTH / image.width, HEIGHT / image.height)
    if scale == 1.0:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    smooth = image.convert("RGBA" if _is_see_through(image) else "RGB") if image.mode in ("P", "1") else image
    return smooth.resize(size, Image.Resampling.LANCZOS)


def _plain_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return image.point(lambda value: value / 256).convert("L") if image.mode.startswith("I") else image.convert("L")
    if image.mode in ("L", "RGB") and "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info


def _written(frames: list[Image.Image], kind: str, timing: dict[str, Any]) -> Taken:
    first, *others = [_bare(frame) for frame in frames]
    if kind == "jpg":
        photo = first if first.mode in ("L", "RGB") else first.convert("RGB")
        return _saved(photo, "jpg", quality=85, progressive=True)
    more = timing | {"save_all": True, "append_images": others} if others else {}
    if kind == "webp":
        return _saved(first, "webp", quality=85, method=4, **more)
    return _saved(first, kind, optimize=True, **more, **({"disposal": 2} if kind == "gif" else {}))


def _bare(image: Image.Image) -> Image.Image:
    """Nothing but the pixels: Pillow writes down what it finds in `info`."""
    bare = image.copy()
    bare.info = {"transparency": image.info["transparency"]} if "transparency" in image.info else {}
    return bare


def _saved(image: Image.Image, kind: str, **options: Any) -> Taken:
    file = BytesIO()
    image.save(file, {"jpg": "JPEG"}.get(kind, kind.upper()), **options)
    return Taken(file.getvalue(), kind, Size(image.width, image.height))


def _light(taken: Taken) -> Taken:
    """No heavier than what can be imported again; a drawing with the grain of a photo becomes one."""
    if len(taken.content) <= BYTES:
        return taken
    if taken.kind != "png":
        raise NotTaken("too_heavy")
    with Image.open(BytesIO(taken.content)) as image:
        return _light(_saved(image.convert("RGBA" if _is_see_through(image) else "RGB"), "webp", quality=85, method=4))
