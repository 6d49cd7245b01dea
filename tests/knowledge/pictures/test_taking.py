"""What somebody pastes is looked into, and made anew with nothing in it but what is seen."""

from __future__ import annotations

import random
from io import BytesIO
from time import thread_time

import pytest
from PIL import Image

from knowledge.pictures.beside_files import BYTES
from knowledge.pictures.taking import BROUGHT_BYTES, NotTaken, Taken, take
from tests.knowledge.pictures.hostile import (
    animated,
    gif_of_many_frames,
    jpeg,
    jpeg_from_home,
    of_another_screen,
    png,
    png_with_text,
)
from tests.knowledge.pictures.test_beside_files import picture

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(taken: Taken) -> Image.Image:
    return Image.open(BytesIO(taken.content))


def refused(content: bytes) -> str:
    with pytest.raises(NotTaken) as caught:
        take(content)
    return caught.value.reason


@pytest.mark.parametrize(
    ("kind", "kept"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png"), ("MPO", "jpg")]
)
def test_a_picture_is_kept_in_a_kind_that_every_browser_shows(kind: str, kept: str) -> None:
    taken = take(picture(kind))

    assert (kept, 30, 20) == (taken.kind, taken.size.width, taken.size.height)
    assert {"jpg": "JPEG"}.get(kept, kept.upper()) == opened(taken).format


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_down_colours_is_understood(mode: str) -> None:
    content = BytesIO()
    Image.new(mode, (2000, 10)).save(content, "JPEG" if mode == "CMYK" else "PNG")

    assert (1600, 8) == opened(take(content.getvalue())).size


def test_what_is_wider_than_ever_shown_is_made_smaller() -> None:
    assert (1600, 1200) == opened(take(jpeg((4000, 3000)))).size
    assert (1600, 900) == opened(take(picture(size=(1600, 900)))).size
    assert (80, 8000) == opened(take(picture(size=(100, 10_000)))).size


def test_the_same_picture_is_the_same_bytes_whoever_brings_it() -> None:
    for content in (jpeg_from_home(), picture(), animated("GIF"), animated("WEBP")):
        assert take(content) == take(content)


def test_a_photo_cant_tell_where_it_was_taken_nor_by_whom() -> None:
    brought = jpeg_from_home()
    taken = take(brought)

    assert all(word in brought for word in (b"SecretCam", b"Mira's kitchen", b"SecretXmp", b"Exif"))
    assert not any(word in taken.content for word in (b"SecretCam", b"kitchen", b"SecretXmp", b"Exif", b"2026:11"))
    assert {} == dict(opened(taken).getexif())
    assert (40, 60) == opened(taken).size  # It stands upright without being told so.


def test_a_drawing_cant_tell_who_made_it() -> None:
    brought = png_with_text()

    assert b"Mira Kern" in brought
    assert not any(word in take(brought).content for word in (b"Mira", b"Secret", b"tEXt", b"iTXt", b"eXIf"))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_goes_on_moving_and_says_nothing_else(kind: str) -> None:
    taken = take(animated(kind, comment=b"SecretNote", exif=b"Exif\0\0SecretExif", xmp=b"SecretXmp"))
    image = opened(taken)

    image.load()
    assert (3, 0, 120) == (image.n_frames, image.info["loop"], image.info["duration"])
    assert b"Secret" not in taken.content
    for number, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255)]):
        image.seek(number)
        assert all(abs(a - b) < 8 for a, b in zip(colour, image.convert("RGB").getpixel((3, 3)), strict=True))


def test_a_wide_animation_is_made_smaller() -> None:
    assert (1600, 8) == opened(take(animated("GIF", (2000, 10)))).size


def test_colours_of_another_screen_are_those_of_every_screen() -> None:
    taken = take(of_another_screen())
    red, _, blue = opened(taken).convert("RGB").getpixel((3, 3))

    assert "icc_profile" not in opened(taken).info
    assert blue > 150 > 100 > red


def test_a_profile_that_says_nothing_is_left_out() -> None:
    taken = take(picture(icc_profile=b"\0" * 200))

    assert "icc_profile" not in opened(taken).info
    assert (0, 128, 128) == opened(taken).convert("RGB").getpixel((3, 3))


def test_what_is_clear_stays_clear() -> None:
    for size in ((30, 20), (2000, 20)):
        content = BytesIO()
        Image.new("RGBA", size, (255, 0, 0, 0)).save(content, "PNG")
        assert 0 == opened(take(content.getvalue())).convert("RGBA").getpixel((3, 3))[3]


@pytest.mark.parametrize(
    ("content", "reason"),
    ids=lambda value: value if isinstance(value, str) else "",
    argvalues=[
        (b"", "no_picture"),
        (b"GIF89a", "no_picture"),
        (b"<html><script>alert(1)</script>", "no_picture"),
        (b"%PDF-1.7", "no_picture"),
        (picture("BMP"), "no_picture"),
        (picture("TIFF"), "no_picture"),
        (picture("PPM"), "no_picture"),
        (SVG, "svg"),
        (b"\xef\xbb\xbf<!-- " + b"x" * 1000 + b" --><SVG onload=alert(1)>", "svg"),
        (jpeg()[:-200], "damaged"),
        (picture()[:50], "damaged"),
        (picture("GIF")[:30], "no_picture"),
        (picture("GIF")[:-8], "damaged"),
        (picture("WEBP")[:30], "damaged"),
        (png(30, 20), "damaged"),
    ],
)
def test_what_is_no_picture_of_a_known_kind_is_refused(content: bytes, reason: str) -> None:
    assert reason == refused(content)


@pytest.mark.parametrize("content", [png(50_000, 50_000), png(2**31 - 1, 2**31 - 1), png(20_000, 5_000), png(1, 2**30)])
def test_a_picture_cant_unpack_to_more_than_there_is_room_for(content: bytes) -> None:
    began = thread_time()

    assert "too_many_pixels" == refused(content)
    assert thread_time() - began < 5


def test_an_animation_cant_unpack_to_more_than_there_is_room_for() -> None:
    many, large = gif_of_many_frames(20_000, 20), gif_of_many_frames(400, 1_000)
    began = thread_time()

    assert ("too_long", "too_long") == (refused(many), refused(large))
    assert thread_time() - began < 5


def test_a_text_in_a_picture_cant_unpack_to_more_than_there_is_room_for() -> None:
    bomb = BytesIO()
    Image.new("RGB", (3, 3)).save(bomb, "PNG", icc_profile=bytes(60_000_000))

    assert len(bomb.getvalue()) < 100_000
    assert "damaged" == refused(bomb.getvalue())


def _takes(content: bytes) -> bool:
    try:
        take(content)
    except NotTaken:
        return False
    return True


def test_a_picture_cant_be_a_page_as_well() -> None:
    page = b"<script>alert(1)</script>"
    for brought in (jpeg(comment=page), jpeg() + page, picture() + page, picture("GIF") + page, animated("GIF") + page):
        assert page in brought
        assert page not in take(brought).content


def test_a_hundred_megabytes_are_refused_unread() -> None:
    assert "too_many_bytes" == refused(picture() + bytes(100_000_000))
    assert BROUGHT_BYTES < 100_000_000


def test_a_drawing_with_the_grain_of_a_photo_is_kept_as_light_as_one() -> None:
    content = BytesIO()
    Image.effect_noise((1600, 1600), 90).convert("RGB").save(content, "PNG")
    assert len(content.getvalue()) > BYTES

    assert "webp" == take(content.getvalue()).kind
    assert len(take(content.getvalue()).content) <= BYTES


def test_an_animation_that_stays_too_heavy_is_refused() -> None:
    noise = [Image.effect_noise((900, 900), 90).convert("RGB") for _ in range(8)]
    content = BytesIO()
    noise[0].save(content, "GIF", save_all=True, append_images=noise[1:])

    assert "too_heavy" == refused(content.getvalue())


def test_any_damage_is_refused_or_taken_and_nothing_else_happens() -> None:
    dice = random.Random(6)
    for whole in (jpeg_from_home(), png_with_text(), animated("GIF"), animated("WEBP"), of_another_screen()):
        for _ in range(60):
            broken = bytearray(whole)
            for _ in range(dice.randint(1, 12)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            assert _takes(bytes(broken)) in (True, False)
