"""Folders of recordings that are not there: loaders read names, so empty files will do."""

from pathlib import Path

import pytest


def make_files(root, paths):
    """Make empty files under a folder."""
    for path in paths:
        file = Path(root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return root


@pytest.fixture
def folder_of(tmp_path):
    """Make a folder that holds empty files of these paths."""
    return lambda *paths: make_files(tmp_path, paths)
