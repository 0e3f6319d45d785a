"""The drawn covers: PNG files that depend on their URLs alone."""

from io import BytesIO

from PIL import Image

from bot.demo.covers import draw_cover

URL = "https://covers.needledrop.example/0123456789ab.png"


def test_cover_is_a_square_png() -> None:
    with Image.open(BytesIO(draw_cover(URL))) as image:
        assert (image.format, image.size) == ("PNG", (160, 160))


def test_cover_of_one_url_is_always_the_same() -> None:
    assert draw_cover(URL) == draw_cover(URL)


def test_covers_of_many_urls_differ() -> None:
    assert len({draw_cover(f"{URL}{number}") for number in range(20)}) == 20
