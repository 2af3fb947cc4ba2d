"""The rooms of the house, and who may know what."""

import ast
import itertools
from pathlib import Path

import pytest

import sklearn_ser

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sklearn_ser"
# In the order the data flows: a room imports only from rooms before it.
ROOMS = (
    "exceptions",
    "_warning",
    "caching",
    "_scratch",
    "_json_document",
    "_audio",
    "datasets",
    "augmentation",
    "features",
    "classification",
    "inspection",
    "model_selection",
    "evaluation",
    "plotting",
    "persistence",
    "_cli",
)
# The rooms or files that may import a library: everybody else goes through them.
OWNERS = {
    "keras.layers": ("classification",),
    "scikeras": ("classification",),
    "matplotlib": ("plotting",),
    "soundfile": ("_audio.py",),
    "soxr": ("_audio.py",),
}
NAMES_THAT_SAY_NOTHING = {"base", "common", "core", "helpers", "misc", "tools", "util", "utils"}
MAX_LINES = 400


def path_id(path):
    return path.relative_to(ROOT).as_posix()


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
FILES = sorted(
    path
    for folder in (PACKAGE, ROOT / "tests", ROOT / "examples", ROOT / "docs" / "conf.py")
    for path in ([folder] if folder.is_file() else folder.rglob("*.py*"))
    if path.suffix in {".py", ".pyi"}
)
each_module = pytest.mark.parametrize("module", MODULES, ids=path_id)


def room_of(module):
    """Name of the room that a file of the package belongs to."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(module):
    """``(dots, full name)`` of everything that a file imports, at its top or inside its functions."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.level, ".".join(filter(None, (node.module, alias.name)))


def libraries_of(module):
    """Every ``library`` and ``library.module`` that a file imports or reaches as an attribute."""
    for dots, name in imports_of(module):
        if not dots:
            yield from itertools.accumulate(name.split("."), "{}.{}".format)
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


@each_module
def test_every_file_belongs_to_a_room(module):
    assert room_of(module) in ROOMS


@each_module
def test_a_room_imports_only_from_rooms_before_it(module):
    allowed = ROOMS[: ROOMS.index(room_of(module))]
    if room_of(module) == "_cli":  # the command line uses the library as everybody does
        allowed += tuple(sklearn_ser.__all__)
    for dots, name in imports_of(module):
        package, _, rest = name.partition(".")
        if not dots and package == "sklearn_ser":
            assert rest.partition(".")[0] in allowed, name


@each_module
def test_a_room_is_named_in_full_from_outside_and_with_one_dot_from_inside(module):
    room = room_of(module)
    for dots, name in imports_of(module):
        if dots:
            assert dots == 1, f"{'.' * dots}{name} leaves its room"
            assert (PACKAGE / room).is_dir(), f"{'.' * dots}{name} leaves its file, which is the room"
        else:
            assert not f"{name}.".startswith(f"sklearn_ser.{room}."), f"{name} is in the same room"


@each_module
def test_a_library_is_named_only_by_those_who_own_it(module):
    place = module.relative_to(PACKAGE)
    for library, owners in OWNERS.items():
        if not any(place.is_relative_to(owner) for owner in owners):
            assert library not in libraries_of(module), f"{library} is the business of {owners}"


@pytest.mark.parametrize("module", FILES, ids=path_id)
def test_no_file_is_longer_than_400_lines(module):
    n_lines = len(module.read_text().splitlines())
    assert n_lines <= MAX_LINES


@each_module
def test_a_module_is_named_after_what_it_holds(module):
    assert module.stem.strip("_") not in NAMES_THAT_SAY_NOTHING
