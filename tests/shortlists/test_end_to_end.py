"""Shortlists in a process of its own, over real sockets: fifty votes at once, and a SIGKILL."""

import asyncio
import re
import time
from typing import Any

from tests.support.command_line import next_request, output, process, wait_until_ready
from tests.support.discord_stand_in import DiscordStandIn

MEMBERS = [str(900000000000001000 + number) for number in range(50)]


async def shortlisted(discord: DiscordStandIn) -> list[str]:
    """A shortlist with five tracks and a post in the channel; the ids of the tracks."""
    await discord.command("shortlist new", name="Boss fight")
    await next_request(discord.callbacks)
    await discord.command("music", query="chill lo-fi beats")
    answer = await discord.answer()
    ids = [option["value"] for option in answer["components"][1]["components"][0]["options"]]
    await discord.choose("add:1:1", *ids)
    added = await next_request(discord.callbacks)
    assert "Added to" in added["data"]["content"]
    await discord.command("shortlist show")
    await next_request(discord.callbacks)
    return ids


def votes(message: dict[str, Any]) -> list[str]:
    return re.findall(r"👍 \d+ · 👎 \d+", message["embeds"][0]["description"])


async def last_of(queue: "asyncio.Queue[dict[str, Any]]", expected: str) -> tuple[dict[str, Any], int]:
    """The first message whose first track has the votes `expected`, and the number of messages until then."""
    count = 0
    while True:
        message = await next_request(queue)
        count += 1
        if votes(message)[0] == expected:
            return message, count


async def test_fifty_votes_at_once_are_counted_and_shown_in_one_edit_per_two_seconds(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        ids = await shortlisted(discord)
        await discord.choose("ballot:1:1", ids[2])
        await next_request(discord.callbacks)
        await next_request(discord.followups)
        began_at = time.monotonic()
        await asyncio.gather(*(discord.press(f"up:1:{ids[2]}", member_id=each) for each in MEMBERS))
        await asyncio.gather(*(discord.press(f"up:1:{ids[2]}", member_id=each) for each in MEMBERS))
        ballots = [await next_request(discord.callbacks) for _ in range(100)]
        post, edits = await last_of(discord.edits, "👍 50 · 👎 0")
        seconds = time.monotonic() - began_at
        bot.kill()
        await output(bot)

    assert all("your vote: 👍" in ballot["data"]["content"] for ballot in ballots)
    assert votes(post)[1:] == ["👍 0 · 👎 0"] * 4
    assert edits <= 1 + seconds / 2


async def test_votes_just_before_a_sigkill_are_shown_after_the_next_start(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        ids = await shortlisted(discord)
        await asyncio.gather(*(discord.press(f"up:1:{ids[2]}", member_id=each) for each in MEMBERS))
        for _ in MEMBERS:
            await next_request(discord.callbacks)
        bot.kill()  # within the two seconds after the post was sent, so that it shows none of them
        await output(bot)
    async with process(environment) as bot:
        await wait_until_ready(discord)
        caught_up, _ = await last_of(discord.message_edits, "👍 50 · 👎 0")
        await discord.press(f"down:1:{ids[2]}", member_id=MEMBERS[0])
        ballot = await next_request(discord.callbacks)
        after, _ = await last_of(discord.message_edits, "👍 49 · 👎 1")
        bot.kill()
        await output(bot)

    assert "your vote: 👎" in ballot["data"]["content"]
    assert caught_up["components"] == after["components"]
