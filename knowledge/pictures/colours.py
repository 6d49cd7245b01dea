"""Colours as every screen understands them: a picture with a profile of its own is brought to sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

PROFILE_BYTES = 1_000_000
"""A screen's or camera's profile has a few thousand, a printer's half a million."""
MODES = {"RGB": ("RGB", "RGBA", "P"), "GRAY": ("L", "LA"), "CMYK": ("CMYK",)}
"""By the colour space of a profile, what it can be the profile of."""
PLAIN = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}

_SRGB = ImageCms.createProfile("sRGB")


def in_srgb(image: Image.Image) -> Image.Image:
    """A profile that says nothing, or something else than what the picture is in, is left out of account."""
    profile = image.info.get("icc_profile") or b""
    if not 0 < len(profile) <= PROFILE_BYTES:
        return image
    try:
        return _converted(image, ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    space = profile.profile.xcolor_space.strip()
    if image.mode not in MODES.get(space, ()) or "sRGB" in (profile.profile.profile_description or ""):
        return image
    see_through = image.mode in ("RGBA", "LA") or "transparency" in image.info
    whole = image.convert("RGBA") if see_through else image
    converted = ImageCms.profileToProfile(whole.convert(PLAIN[space]), profile, _SRGB, outputMode="RGB")
    if converted is None:
        return image
    if see_through:
        converted.putalpha(whole.getchannel("A"))
    return converted
