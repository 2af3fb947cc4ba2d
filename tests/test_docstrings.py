"""Every public object says what it does, in numpydoc's sections, and shows it with code that runs."""

import doctest
import inspect
import tomllib
from pathlib import Path

import pytest
from numpydoc.validate import get_validation_checks, validate

import sklearn_ser

ROOT = Path(__file__).parents[1]
CHECKS = get_validation_checks(
    set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["numpydoc_validation"]["checks"])
)
NAMES = sorted(name for name in sklearn_ser.__all__ if callable(getattr(sklearn_ser, name)))
ERRORS = [f"exceptions.{name}" for name in sklearn_ser.exceptions.__all__]


def public_methods(name):
    """Methods and properties of a class that this library writes itself."""
    thing = getattr(sklearn_ser, name)
    if not inspect.isclass(thing):
        return []
    written_here = {
        attribute
        for ancestor in thing.__mro__
        if ancestor.__module__.startswith("sklearn_ser.")
        for attribute, value in vars(ancestor).items()
        if not attribute.startswith("_")
        and (isinstance(value, property) or getattr(value, "__module__", None) == ancestor.__module__)
    }
    return [f"{name}.{method}" for method in sorted(written_here)]


DOCUMENTED = [*ERRORS, *NAMES, *(method for name in NAMES for method in public_methods(name))]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_docstring_follows_numpydoc(name):
    faults = validate(f"sklearn_ser.{name}")["errors"]
    assert not [f"{code}: {fault}" for code, fault in faults if code in CHECKS]


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_has_an_example_that_is_run(name):
    tests = doctest.DocTestFinder(recurse=False).find(getattr(sklearn_ser, name), name)
    examples = [example for test in tests for example in test.examples]
    assert examples
    assert not any(example.options.get(doctest.SKIP) for example in examples)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.rst")), ids=lambda page: page.stem)
def test_no_code_on_a_page_is_kept_from_running(page):
    assert "doctest: +SKIP" not in page.read_text()
