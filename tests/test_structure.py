"""The house keeps its own rules: which way imports point, how long things are, what each file says it is."""

import ast
from pathlib import Path

import pytest
from conftest import World
from discord.app_commands import Command, Group

from bot.bot import Bot

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")])
EVERYTHING = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]

# From the ground up: a file may import from its own line and from those above it.
LAYERS = (
    ("bot", "bot.text", "bot.errors", "bot.budgets", "bot.clock", "bot.redaction", "bot.undocumented"),
    ("bot.models", "bot.metrics", "bot.commands"),
    ("bot.watch", "bot.gateway", "bot.logs"),
    ("bot.ranges", "bot.flights", "bot.filters", "bot.choices", "bot.shortlists"),
    ("bot.filters.rules",),
    ("bot.filters.matching", "bot.filters.sheet"),
    ("bot.gathering", "bot.likeness"),
    ("bot.answers",),
    ("bot.audioscape", "bot.config", "bot.database", "bot.embeds", "bot.replies"),
    ("bot.filters.embeds", "bot.shortlists.embeds"),
    ("bot.door", "bot.limiter", "bot.memory", "bot.buttons", "bot.tree", "bot.filters.rulebook"),
    ("bot.menus", "bot.place", "bot.filters.buttons", "bot.shortlists.buttons"),
    ("bot.views",),
    ("bot.tries",),
    ("bot.finder",),
    ("bot.pager", "bot.filters.desk"),
    ("bot.shortlists.shelf", "bot.shortlists.turns", "bot.shortlists.pens"),
    ("bot.shortlists.posts",),
    ("bot.shortlists.booth", "bot.shortlists.adding", "bot.shortlists.desk", "bot.shortlists.forms"),
    ("bot.sweeper",),
    ("bot.privacy",),
    ("bot.bot",),
    ("bot.health", "bot.demo", "cogs"),
    ("bot.run",),
    ("bot.check",),
    ("bot.__main__",),
)


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer(module: str) -> int:
    """The line that `module` stands on; where it isn't named, that of the package it is in."""
    places = {each: number for number, modules in enumerate(LAYERS) for each in modules}
    while module not in places:
        module, _, _ = module.rpartition(".")
        assert module not in {"", "bot"}, "it has no place in LAYERS"
    return places[module]


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"bot", "cogs"}
    }


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_imports_point_one_way(path: Path) -> None:
    assert {module for module in imported(path) if layer(module) > layer(name(path))} == set()


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_says_what_it_is_and_stays_small_enough_to_read(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)

    assert (ast.get_docstring(tree) or "").splitlines()[0].endswith(".")
    if not path.is_relative_to(ROOT / "tests"):
        assert len(source.splitlines()) <= 300
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 40, node.name


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_the_border_catches_everything(path: Path) -> None:
    broad = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert not broad or name(path) == "bot.buttons"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_is_pressed_or_filled_in_unwatched(path: Path) -> None:
    """What discord.py calls for a member is timed and counted by a base class in bot/buttons.py."""
    bases = {
        ast.unparse(base)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    }
    bare = {base for base in bases if base.split("[")[0].endswith(("View", "Modal", "DynamicItem"))}
    assert not bare or name(path) == "bot.buttons", "derive from Pressable or ShortLived, or add such a base"


async def test_every_command_explains_itself(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, Bot)
    for command in bot.tree.walk_commands():
        assert len(command.description) > 10
        if isinstance(command, Group):
            continue
        assert isinstance(command, Command)
        for parameter in command.parameters:
            assert parameter.description not in {"", "…"}, parameter.name
