"""GenreStore: suggestions, canonical spelling and the maximum number of genres."""

from bot.database import Database


async def test_genres_are_suggested_the_most_frequent_first(database: Database) -> None:
    await database.genres.add({"Indie Rock": 9, "Rock": 2, "Pop": 50})
    await database.genres.add({"rock": 3})

    assert await database.genres.suggest("ROCK", limit=5) == ["Indie Rock", "Rock"]
    assert await database.genres.suggest("", limit=2) == ["Pop", "Indie Rock"]
    assert await database.genres.suggest("zzz", limit=5) == []


async def test_a_genre_keeps_its_first_spelling(database: Database) -> None:
    await database.genres.add({"Lo-Fi": 1})
    await database.genres.add({"lo fi": 9})

    assert await database.genres.get_canonical_names(["LOFI", "Jazz"]) == {"lofi": "Lo-Fi"}


async def test_trim_keeps_the_most_frequent(database: Database) -> None:
    await database.genres.add({"Pop": 50, "Rock": 5, "Jazz": 9, "Folk": 1})
    removed = [await database.genres.trim(2) for _ in range(2)]

    assert removed == [2, 0]
    assert await database.genres.suggest("", limit=9) == ["Pop", "Jazz"]
