"""Covers of the generated albums, drawn from their URLs: the same URL always gives the same picture."""

import random
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

_SIZE: Final = 160
"""Width and height, in pixels."""

_OVERSAMPLING: Final = 2
"""A cover is drawn larger by this factor; scaling it down smooths the edges."""


def draw_cover(url: str) -> bytes:
    """The cover at `url`, a square PNG of 3 to 6 shapes on a gradient."""
    generator = random.Random(url)
    side = _SIZE * _OVERSAMPLING
    image = _gradient(side, generator)
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(generator.randint(3, 6)):
        _draw_shape(draw, side, generator)
    png = BytesIO()
    image.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).quantize(64).save(png, "PNG")
    return png.getvalue()


def _gradient(side: int, generator: random.Random) -> Image.Image:
    hue = generator.randrange(256)
    top = Image.new("HSV", (1, 1), (hue, 170, 210)).convert("RGB")
    bottom = Image.new("HSV", (1, 1), ((hue + generator.randrange(30, 90)) % 256, 200, 90)).convert("RGB")
    column = Image.new("RGB", (1, 2))
    column.paste(top, (0, 0))
    column.paste(bottom, (0, 1))
    return column.resize((side, side), Image.Resampling.BILINEAR)


def _draw_shape(draw: ImageDraw.ImageDraw, side: int, generator: random.Random) -> None:
    x, y = generator.randrange(side), generator.randrange(side)
    radius = generator.randrange(side // 10, side // 2)
    colour = (255, 255, 255, 70) if generator.randrange(2) else (10, 10, 30, 90)
    shape = generator.choice(("disc", "ring", "triangle", "beam"))
    if shape == "disc":
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    elif shape == "ring":
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=side // 24)
    elif shape == "triangle":
        draw.polygon([(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)], fill=colour)
    else:
        draw.line((0, y, side, (y + radius) % side), fill=colour, width=side // 12)
