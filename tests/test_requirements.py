"""The versions that are tested are the versions that are promised."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def lower_bounds(requirements):
    """``{name: version}`` of requirements written ``name>=version`` or ``name==version.*``."""
    bounds = {}
    for requirement in requirements:
        found = re.fullmatch(r"([\w-]+)(?:>=|==)([\d.]+?)(?:\.\*)?", requirement)
        assert found, f"{requirement!r} has no lower bound"
        bounds[found[1]] = found[2]
    return bounds


def test_the_lowest_versions_tested_are_the_lower_bounds_promised():
    pins = (ROOT / ".ci" / "lowest.txt").read_text().splitlines()
    promised = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["tests"]]
    assert lower_bounds(pin for pin in pins if not pin.startswith("#")) == lower_bounds(promised)


def test_a_requirement_has_one_bound_in_every_extra():
    bounds = lower_bounds(PROJECT["dependencies"])
    for requirements in PROJECT["optional-dependencies"].values():
        for name, version in lower_bounds(requirements).items():
            assert bounds.setdefault(name, version) == version, name


def test_the_tests_need_the_pytest_that_they_ask_for():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    tests = lower_bounds(PROJECT["optional-dependencies"]["tests"])
    assert options["minversion"] == tests["pytest"]
