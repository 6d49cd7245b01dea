"""What an imported picture says about whoever took it is left out; what is seen stays as it was written."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageCms, PngImagePlugin

from knowledge.pictures.bare import ORIENTATION, bare

SECRET = b"52.5200,13.4050 Greta"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def photo(kind: str, way: int = 1, **options: object) -> bytes:
    """Of a place and a person, as cameras and programs write it down, with something behind its end."""
    exif = Image.Exif()
    exif[ORIENTATION] = way
    exif[0x010E] = exif[0x013B] = SECRET.decode()
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", SECRET.decode())
    given = {"PNG": {"pnginfo": said, "exif": exif}, "GIF": {"comment": SECRET}, "JPEG": {"comment": SECRET}}
    file = BytesIO()
    picture = _noise(40, 20)
    more = {"exif": exif, "xmp": SECRET} if kind == "WEBP" else {"exif": exif} if kind == "JPEG" else {}
    picture.save(file, kind, **more, **given.get(kind, {}), **options)
    return file.getvalue() + (b"" if kind == "WEBP" else SECRET)


def _noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def seen(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB")


@pytest.mark.parametrize("kind", FORMATS)
def test_what_a_picture_says_of_a_person_is_gone_and_every_pixel_stays(kind: str) -> None:
    brought = photo(kind)
    kept = bare(brought)

    assert (True, False) == (SECRET in brought, SECRET in kept)
    assert None is ImageChops.difference(seen(brought), seen(kept)).getbbox()
    assert kept == bare(kept), "What is bare stays the same bytes."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_still_shown_the_right_way_up(kind: str) -> None:
    kept = bare(photo(kind, way=6))

    with Image.open(BytesIO(kept)) as image:
        assert {ORIENTATION: 6} == dict(image.getexif())
    assert (False, kept) == (SECRET in kept, bare(kept))


def test_a_progressive_photo_with_a_colour_profile_keeps_both() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = bare(photo("JPEG", progressive=True, icc_profile=profile))
    with Image.open(BytesIO(kept)) as image:
        assert (profile, 1) == (image.info["icc_profile"], image.info["progressive"])


def test_an_animation_goes_on_as_often_as_it_did() -> None:
    for kind in ("GIF", "WEBP", "PNG"):
        file = BytesIO()
        _noise(20, 20).save(file, kind, save_all=True, append_images=[_noise(20, 20)], loop=3, duration=70)
        with Image.open(BytesIO(bare(file.getvalue()))) as image:
            assert (2, 3) == (image.n_frames, image.info["loop"])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_ends_too_early_cant_do_harm(kind: str) -> None:
    whole = photo(kind)
    for end in range(2, len(whole), 7):
        try:
            bare(whole[:end])
        except ValueError:
            continue
