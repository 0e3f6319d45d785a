"""The house keeps its own rules: which way imports point, how long things are, what each file says it is."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from discord.app_commands import Command, Group

from bot.bot import Bot
from tests.support.world import World

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
EVERYTHING = [*SOURCES, *TESTS]

# From the ground up: a package imports only from the lines below its own, and from itself.
LAYERS = (
    {"bot", "bot.errors", "bot.text", "bot.clock"},
    {"bot.models", "bot.telemetry", "bot.i18n", "bot.private_api"},
    {"bot.config", "bot.database", "bot.audioscape", "bot.interactions"},
    {"bot.budgets", "bot.filters"},
    {"bot.search"},
    {"bot.moderation", "bot.shortlists"},
    {"bot.privacy"},
    {"bot.bot"},
    {"cogs", "bot.demo", "bot.operations"},
    {"bot.__main__"},
)


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    """The package or top-level module that `module` belongs to, as LAYERS names it."""
    parts = module.split(".")
    return parts[0] if parts[0] == "cogs" else ".".join(parts[:2])


def layer(module: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS, 1) if room(module) in rooms)


def imported(path: Path) -> set[str]:
    """The modules of the project that `path` imports."""
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"bot", "cogs"}:
            modules = (f"{node.module}.{alias.name}" for alias in node.names)
            found |= {module if module in MODULES else node.module for module in modules}
    return found


MODULES = {name(path) for path in SOURCES}
IMPORTS = {name(path): imported(path) for path in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_package_imports_only_from_lower_layers(path: Path) -> None:
    module = name(path)
    others = {each for each in IMPORTS[module] if room(each) != room(module)}
    assert {each for each in others if layer(each) >= layer(module)} == set()


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    TopologicalSorter(IMPORTS).prepare()


def test_a_class_name_is_used_once() -> None:
    places: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name(path))
    assert {each: modules for each, modules in places.items() if len(modules) > 1} == {}


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_test_module_is_short_and_imports_no_other(path: Path) -> None:
    source = path.read_text("utf-8")
    modules = {
        node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    }
    assert {each for each in modules if each.rpartition(".")[2].startswith("test_")} == set()
    assert len(source.splitlines()) <= 300


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
    assert not broad or name(path) == "bot.interactions.components"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_is_pressed_or_filled_in_unwatched(path: Path) -> None:
    """A base class in bot/interactions/components.py times and counts what discord.py calls for a member."""
    bases = {
        ast.unparse(base)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    }
    bare = {base for base in bases if base.split("[")[0] in {"ui.View", "ui.Modal", "ui.DynamicItem"}}
    assert not bare or name(path) == "bot.interactions.components", (
        "derive from PersistentItem, TemporaryView or BaseModal"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_private_parts_of_discord_are_touched_in_one_module(path: Path) -> None:
    allowed = {"bot.interactions.discord_patches"}
    assert "SLF001" not in path.read_text("utf-8") or name(path) in allowed


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_views_of_persistent_items_are_persistent_views(path: Path) -> None:
    """discord.py keeps any other view, and dispatches presses to it a second time."""
    assert "ui.View(" not in path.read_text("utf-8") or name(path) == "bot.interactions.components"


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
