"""What ``import sklearn_ser`` gives, and what it costs."""

import ast
import importlib
import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest

import sklearn_ser

PACKAGE = Path(sklearn_ser.__file__).parent
STUB = ast.parse((PACKAGE / "__init__.pyi").read_text())
REEXPORTS = [
    (node.module, alias) for node in STUB.body if isinstance(node, ast.ImportFrom) for alias in node.names
]
PUBLIC_NAMES = [alias.asname for _, alias in REEXPORTS]
HEAVY = {"keras", "librosa", "matplotlib", "scikeras", "tensorflow"}


def modules_after(statements):
    """Top-level modules that a fresh interpreter holds after ``statements``, and the seconds they took."""
    script = (
        "import json, sys, time\n"
        "start = time.perf_counter()\n"
        f"{statements}\n"
        "seconds = time.perf_counter() - start\n"
        "print(json.dumps([sorted({name.partition('.')[0] for name in sys.modules}), seconds]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    modules, seconds = json.loads(done.stdout)
    return set(modules), seconds


def test_importing_the_package_takes_less_than_a_second():
    assert min(modules_after("import sklearn_ser")[1] for _ in range(3)) < 1


def test_importing_the_package_loads_neither_scikit_learn_nor_anything_heavier():
    modules, _ = modules_after("import sklearn_ser")
    assert not modules & (HEAVY | {"numpy", "sklearn"})


def test_reaching_every_public_name_loads_no_heavy_library():
    modules, _ = modules_after("import sklearn_ser\nfor name in dir(sklearn_ser): getattr(sklearn_ser, name)")
    assert not modules & HEAVY


@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_every_name_of_the_stub_is_there_and_listed(name):
    assert getattr(sklearn_ser, name) is not None
    assert name in dir(sklearn_ser)
    assert name in sklearn_ser.__all__


def test_the_stub_marks_every_name_as_reexported_so_that_type_checkers_see_it():
    assert all(alias.asname == alias.name for _, alias in REEXPORTS)


@pytest.mark.parametrize(("room", "alias"), [(room, alias.name) for room, alias in REEXPORTS if room])
def test_a_name_of_the_package_is_the_public_name_of_its_room(room, alias):
    module = importlib.import_module(f"sklearn_ser.{room}")
    assert alias in module.__all__
    assert getattr(sklearn_ser, alias) is getattr(module, alias)


def test_every_public_name_of_a_room_is_a_name_of_the_package():
    rooms = [alias.name for room, alias in REEXPORTS if room is None and alias.name != "exceptions"]
    offered = {name for room in rooms for name in importlib.import_module(f"sklearn_ser.{room}").__all__}
    assert offered <= set(PUBLIC_NAMES)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="load_nothing"):
        sklearn_ser.load_nothing  # noqa: B018 - reaching for it is the test


def test_the_version_is_the_one_that_is_installed():
    try:
        installed = importlib.metadata.version("sklearn-ser")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("sklearn-ser is not installed: these tests run from a checkout")
    assert sklearn_ser.__version__ == installed


def test_type_checkers_are_told_that_the_package_is_typed():
    assert (PACKAGE / "py.typed").is_file()
