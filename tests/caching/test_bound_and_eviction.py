"""A bound holds after every store, and what was not used for longest makes room."""

import os

import pytest

from sklearn_ser.caching import DiskCache

from .entries import KEY, KEYS, N_HEADER_BYTES, OTHER_KEY, entry_of, never, stored_keys, total_of, used_at


def test_what_was_not_used_for_longest_is_removed_first_and_a_hit_is_a_use(tmp_path):
    cache = DiskCache(tmp_path, max_bytes=10 * (100 + N_HEADER_BYTES))
    for age, key in enumerate(KEYS[:10]):
        cache.store(key, bytes(100))
        used_at(cache, key, age)
    assert cache.load(KEYS[0]) == bytes(100)
    assert cache.get_or_compute(KEYS[2], never) == bytes(100)
    cache.store(KEYS[10], bytes(100))
    assert stored_keys(cache) == {KEYS[0], KEYS[2], *KEYS[4:11]}
    assert cache.nbytes == 0.9 * cache.max_bytes


def test_a_payload_larger_than_the_bound_is_returned_and_leaves_all_else_in_place(tmp_path):
    cache = DiskCache(tmp_path, max_bytes=1000)
    cache.store(KEY, bytes(100))
    assert cache.get_or_compute(OTHER_KEY, lambda: bytes(1000)) == bytes(1000)
    cache.store(OTHER_KEY, bytes(1000 - N_HEADER_BYTES + 1))
    assert stored_keys(cache) == {KEY}
    cache.store(KEY, bytes(2000))
    assert cache.load(KEY) is None


def test_a_payload_as_large_as_the_bound_is_stored_alone(tmp_path):
    cache = DiskCache(tmp_path, max_bytes=1000)
    cache.store(KEY, bytes(100))
    cache.store(OTHER_KEY, bytes(1000 - N_HEADER_BYTES))
    assert stored_keys(cache) == {OTHER_KEY}
    assert cache.nbytes == cache.max_bytes


@pytest.mark.parametrize(("max_bytes", "total_is_lost"), [(1000, False), (1000, True), (10_000, False)])
def test_storing_a_key_again_counts_it_once(tmp_path, max_bytes, total_is_lost):
    cache = DiskCache(tmp_path, max_bytes=max_bytes)
    cache.store(OTHER_KEY, bytes(300))
    for n_bytes in (300, 500, 500, 500):
        cache.store(KEY, bytes(n_bytes))
        assert stored_keys(cache) == {KEY, OTHER_KEY}
        assert total_of(cache) == cache.nbytes
        if total_is_lost:
            (tmp_path / "size").unlink()


def test_a_bound_reckons_with_what_is_stored_without_one(tmp_path):
    free, bounded = DiskCache(tmp_path), DiskCache(tmp_path, max_bytes=1000)
    for first, second, third in (KEYS[:3], KEYS[3:6], KEYS[6:9]):
        bounded.store(first, bytes(300))
        free.store(second, bytes(900))
        bounded.store(third, bytes(300))
        assert bounded.nbytes <= bounded.max_bytes


@pytest.mark.parametrize("total", [None, b"", b"17", b"no number\n", b"9" * 20 + b"\n", b"0" * 30])
def test_a_lost_or_wrong_total_does_not_lose_the_bound(tmp_path, total):
    cache = DiskCache(tmp_path, max_bytes=1000)
    cache.store(KEY, bytes(600))
    (tmp_path / "size").unlink()
    if total is not None:
        (tmp_path / "size").write_bytes(total)
    for key in KEYS[1:4]:
        cache.store(key, bytes(300))
        assert key in stored_keys(cache)
        assert cache.nbytes == total_of(cache) <= cache.max_bytes


def test_without_a_bound_no_total_is_kept(cache):
    cache.store(KEY, b"payload")
    assert [path.name for path in cache.location.iterdir()] == [KEY[:2]]


def test_eviction_removes_old_temporary_files(tmp_path):
    cache = DiskCache(tmp_path, max_bytes=1000)
    cache.store(KEY, bytes(800))
    old = entry_of(cache, KEY).with_suffix(".entry.0123456789abcdef.tmp")
    old.write_text("cut sho")
    os.utime(old, (0, 0))
    cache.store(OTHER_KEY, bytes(800))
    assert stored_keys(cache) == {OTHER_KEY}
    assert not old.exists()


def test_after_clearing_a_bounded_cache_has_its_whole_room(tmp_path):
    cache = DiskCache(tmp_path, max_bytes=1000)
    cache.store(KEYS[0], bytes(700))
    cache.clear()
    cache.store(KEYS[1], bytes(400))
    cache.store(KEYS[2], bytes(400))
    assert stored_keys(cache) == {KEYS[1], KEYS[2]}


@pytest.mark.parametrize("max_bytes", [-1, 1e9, "1 GB"])
def test_a_bound_that_is_no_number_of_bytes_is_refused_before_anything_is_computed(tmp_path, max_bytes):
    cache = DiskCache(tmp_path, max_bytes=max_bytes)
    with pytest.raises(ValueError, match=rf"max_bytes must be a whole number .* got {max_bytes!r}"):
        cache.get_or_compute(KEY, never)
    with pytest.raises(ValueError, match=rf"max_bytes must be a whole number .* got {max_bytes!r}"):
        cache.store(KEY, b"payload")
