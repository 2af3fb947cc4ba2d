"""A value comes back as it was stored or not at all, whatever happens to its file."""

import os
import pickle
import re
import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, clone

from sklearn_ser.caching import DiskCache
from sklearn_ser.exceptions import DamagedCacheWarning, SerWarning

from .entries import KEY, KEYS, N_HEADER_BYTES, OTHER_KEY, entry_of, never

DAMAGED = pytest.warns(DamagedCacheWarning, match=r"\.entry' was cut short or altered; it is computed again")


@settings(max_examples=60, deadline=None)
@given(payload=st.binary(max_size=2000), data=st.data())
def test_a_payload_comes_back_as_stored_and_no_altered_or_missing_byte_goes_unnoticed(payload, data):
    with TemporaryDirectory() as folder:
        cache = DiskCache(folder)
        cache.store(KEY, payload)
        assert cache.load(KEY) == payload
        entry = bytearray(entry_of(cache, KEY).read_bytes())
        place = data.draw(st.integers(0, len(entry) - 1), label="place")
        if data.draw(st.booleans(), label="cut"):
            del entry[place:]
        else:
            entry[place] ^= data.draw(st.integers(1, 255), label="bits")
        entry_of(cache, KEY).write_bytes(entry)
        with DAMAGED:
            assert cache.load(KEY) is None
        assert not entry_of(cache, KEY).exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: b"",
        lambda entry: entry[:10],
        lambda entry: entry[:N_HEADER_BYTES],
        lambda entry: entry[:-1],
        lambda entry: entry + b"\0",
        lambda entry: b"another" + entry[7:],
        lambda entry: b"\x80\x05cos\nsystem\n(S'false'\ntR.",
    ],
    ids=["empty", "half a header", "header only", "cut short", "too long", "other magic", "a pickle"],
)
def test_a_damaged_entry_is_computed_again_with_one_warning(cache, damage):
    cache.store(KEY, b"payload")
    entry = entry_of(cache, KEY)
    entry.write_bytes(damage(entry.read_bytes()))
    with DAMAGED as warned:
        assert cache.get_or_compute(KEY, lambda: b"payload") == b"payload"
    assert [str(entry) in str(warning.message) for warning in warned] == [True]
    assert cache.get_or_compute(KEY, never) == b"payload"


def test_an_entry_under_the_name_of_another_is_damaged(cache):
    cache.store(KEY, b"payload")
    cache.store(OTHER_KEY, b"another")
    entry_of(cache, KEY).replace(entry_of(cache, OTHER_KEY))
    with DAMAGED:
        assert cache.load(OTHER_KEY) is None


def test_nothing_is_loaded_or_made_where_nothing_was_stored(cache):
    assert cache.load(KEY) is None
    assert (cache.n_entries, cache.nbytes) == (0, 0)
    cache.clear()
    assert not cache.location.exists()


def test_what_a_computation_raises_is_passed_on_and_nothing_is_stored(cache):
    def compute():
        raise FileNotFoundError("no recording 'a.wav'")

    for _ in range(2):
        with pytest.raises(FileNotFoundError, match=r"no recording 'a\.wav'"):
            cache.get_or_compute(KEY, compute)
    assert cache.n_entries == 0
    assert cache.get_or_compute(KEY, lambda: b"payload", wait=False) == b"payload"


def test_a_full_disk_costs_no_result_and_leaves_no_file(cache):
    named = rf"File too large: '.*{KEY}\.entry'"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match=named):
            cache.store(KEY, bytes(20_000))
        with pytest.warns(SerWarning, match=f"cannot be stored, .*: .*{named}") as warned:
            assert cache.get_or_compute(KEY, lambda: bytes(20_000)) == bytes(20_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [Path(warning.filename).name for warning in warned] == ["test_values_and_damage.py"]
    assert list((cache.location / KEY[:2]).iterdir()) == []


@pytest.mark.parametrize("max_bytes", [None, 1000])
def test_a_location_that_is_no_folder_costs_no_result(tmp_path, max_bytes):
    location = tmp_path / "file"
    location.write_text("a file")
    cache = DiskCache(location, max_bytes=max_bytes)
    with pytest.warns(SerWarning, match=r"cannot be stored, .*: .*Not a directory: '.*file/") as warned:
        assert cache.get_or_compute(KEY, lambda: b"payload") == b"payload"
    assert len(warned) == 1
    assert (cache.load(KEY), cache.n_entries) == (None, 0)
    assert location.read_text() == "a file"


def test_a_hit_needs_no_right_to_write(cache, monkeypatch):
    cache.store(KEY, b"payload")

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "utime", refuse)
    assert cache.load(KEY) == b"payload"
    assert not (cache.location / "locks").exists()


def test_clear_removes_entries_and_old_temporary_files_and_nothing_else(cache):
    for key in KEYS:
        cache.store(key, b"payload")
    folder = cache.location / KEY[:2]
    old, new = (folder / f"{KEY}.entry.{letter * 16}.tmp" for letter in "ab")
    foreign = [cache.location / "notes.txt", folder / "notes.entry", folder / f"{KEY}.entry.bak"]
    foreign.append(folder / f"{OTHER_KEY}.entry")  # not where that key's entry lies
    for file in (old, new, *foreign):
        file.write_text("something")
    os.utime(old, (0, 0))
    assert cache.n_entries == len(KEYS)
    cache.clear()
    assert (cache.n_entries, cache.nbytes) == (0, 0)
    assert not old.exists()
    assert all(file.read_text() == "something" for file in (new, *foreign))


def test_files_are_as_open_to_others_as_the_umask_allows(tmp_path):
    cache = DiskCache(tmp_path / "cache", max_bytes=1000)
    before = os.umask(0o027)
    try:
        cache.get_or_compute(KEY, lambda: b"payload")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in cache.location.rglob("*")}
    folders = dict.fromkeys([KEY[:2], "locks"], 0o750)
    assert modes == folders | dict.fromkeys([f"{KEY}.entry", f"{KEY[:2]}.lock", "size.lock", "size"], 0o640)


def test_no_file_stays_open(tmp_path):
    cache = DiskCache(tmp_path, max_bytes=1000)
    before = sorted(Path("/proc/self/fd").iterdir())
    for key in KEYS:
        cache.get_or_compute(key, lambda: bytes(100))
        assert cache.load(key) == bytes(100)
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_a_cache_is_a_value_that_estimators_can_hold():
    class Estimator(BaseEstimator):
        def __init__(self, cache=None):
            self.cache = cache

    cache = DiskCache("~/cache", max_bytes=10**9)
    copies = [pickle.loads(pickle.dumps(cache)), clone(Estimator(cache)).cache, clone(cache, safe=False)]
    assert copies == [cache] * 3
    assert {hash(copy) for copy in copies} == {hash(cache)}
    assert cache not in (DiskCache("~/cache"), DiskCache("cache", max_bytes=10**9), "~/cache")
    assert repr(cache) == "DiskCache('~/cache', max_bytes=1000000000)"
    assert repr(DiskCache("cache")) == "DiskCache('cache')"


@pytest.mark.parametrize("location", ["~/cache", Path("~/cache")])
def test_a_location_may_start_at_the_home_directory(tmp_path, monkeypatch, location):
    monkeypatch.setenv("HOME", str(tmp_path))
    DiskCache(location).store(KEY, b"payload")
    assert DiskCache(tmp_path / "cache").load(KEY) == b"payload"


@pytest.mark.parametrize(
    "key", ["", "abcdef0", "ABCDEF01", "../../01", "abcdef01\n", "a" * 201, b"abcdef01", 7]
)
def test_a_key_that_is_not_of_hexadecimal_digits_is_refused(cache, key):
    refused = pytest.raises(ValueError, match=rf"8 to 200 lower-case .* got {re.escape(repr(key))}\.")
    with refused:
        cache.load(key)
    with refused:
        cache.store(key, b"payload")
    with refused:
        cache.get_or_compute(key, never)


def test_only_bytes_are_stored(cache):
    with pytest.raises(TypeError, match="must be bytes; got str"):
        cache.store(KEY, "payload")
    with pytest.raises(TypeError, match="must be bytes; got NoneType"):
        cache.get_or_compute(KEY, lambda: None)
    assert cache.n_entries == 0


def test_a_location_without_a_name_is_refused():
    with pytest.raises(ValueError, match="location must name a folder; got ''"):
        DiskCache("").store(KEY, b"payload")
