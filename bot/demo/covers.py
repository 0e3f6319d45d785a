"""Draws the covers of the invented albums: the same picture for the same address, always."""

import random
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

_SIZE: Final = 160
_OVERSAMPLING: Final = 2
"""Drawn larger and scaled down, which smooths the edges."""


def cover(url: str) -> bytes:
    """A square PNG of shapes in the colours of one mood."""
    chance = random.Random(url)
    side = _SIZE * _OVERSAMPLING
    image = _gradient(side, chance)
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(chance.randint(3, 6)):
        _shape(draw, side, chance)
    png = BytesIO()
    image.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).quantize(64).save(png, "PNG")
    return png.getvalue()


def _gradient(side: int, chance: random.Random) -> Image.Image:
    hue = chance.randrange(256)
    top = Image.new("HSV", (1, 1), (hue, 170, 210)).convert("RGB")
    bottom = Image.new("HSV", (1, 1), ((hue + chance.randrange(30, 90)) % 256, 200, 90)).convert("RGB")
    column = Image.new("RGB", (1, 2))
    column.paste(top, (0, 0))
    column.paste(bottom, (0, 1))
    return column.resize((side, side), Image.Resampling.BILINEAR)


def _shape(draw: ImageDraw.ImageDraw, side: int, chance: random.Random) -> None:
    x, y = chance.randrange(side), chance.randrange(side)
    radius = chance.randrange(side // 10, side // 2)
    ink = (255, 255, 255, 70) if chance.randrange(2) else (10, 10, 30, 90)
    form = chance.choice(("disc", "ring", "triangle", "beam"))
    if form == "disc":
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    elif form == "ring":
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink, width=side // 24)
    elif form == "triangle":
        draw.polygon([(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)], fill=ink)
    else:
        draw.line((0, y, side, (y + radius) % side), fill=ink, width=side // 12)
