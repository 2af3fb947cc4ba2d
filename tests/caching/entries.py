"""Keys to store under, and what lies in a cache's folder, for all tests of it."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

KEYS = [sha256(bytes([number])).hexdigest() for number in range(40)]
KEY, OTHER_KEY = KEYS[:2]
N_HEADER_BYTES = 24


def entry_of(cache, key):
    return Path(cache.location, key[:2], f"{key}.entry")


def used_at(cache, key, seconds):
    """Have an entry seem used so many seconds after the year 2001."""
    os.utime(entry_of(cache, key), (978_307_200 + seconds,) * 2)


def total_of(cache):
    """What a bounded cache believes to hold."""
    return int((cache.location / "size").read_bytes())


def stored_keys(cache):
    return {key for key in KEYS if entry_of(cache, key).exists()}


def never():
    pytest.fail("computed what is stored")
