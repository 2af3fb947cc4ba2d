"""Whoever asks together computes once: with real threads, real processes and real kills."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sklearn_ser.caching import DiskCache

from .entries import KEY, KEYS, OTHER_KEY, entry_of, never

# A process that asks for the keys in an order of its own and writes down which ones it computed.
ASKING = """
import os, random, sys, time
from sklearn_ser.caching import DiskCache

location, log, random_state, *keys = sys.argv[1:]
random.Random(random_state).shuffle(keys)
log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def computing(key):
    os.write(log, f"{key}\\n".encode())
    time.sleep(0.005)
    return key.encode() * 100

print("ready", flush=True)
sys.stdin.readline()
for key in keys:
    assert DiskCache(location).get_or_compute(key, lambda: computing(key)) == key.encode() * 100
"""
# A process that computes for longer than any test takes.
COMPUTING = """
import sys, time
from sklearn_ser.caching import DiskCache

def compute():
    print("computing", flush=True)
    time.sleep(600)

DiskCache(sys.argv[1]).get_or_compute(sys.argv[2], compute)
"""
# A process that computes in a fork, which lives until standard input is closed.
FORKING = """
import os, sys
from sklearn_ser.caching import DiskCache

def compute():
    if os.fork() == 0:
        sys.stdin.read()
        os._exit(0)
    return b"payload"

DiskCache(sys.argv[1]).get_or_compute(sys.argv[2], compute)
print("stored", flush=True)
os.wait()
"""
# A process that stores payloads of all sizes, and holds the folder to the bound after each of them.
STORING = """
import fcntl, itertools, random, sys
from pathlib import Path
from sklearn_ser.caching import DiskCache

location, max_bytes, random_state, n_stores = sys.argv[1], *map(int, sys.argv[2:])
random = random.Random(random_state)
cache = DiskCache(location, max_bytes=max_bytes)
print("ready", flush=True)
for _ in range(n_stores):
    cache.store(f"{random.randrange(200):064x}"[::-1], random.randbytes(random.randrange(max_bytes // 4)))
    with open(Path(location, "locks", "size.lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # nobody stores while this one counts
        assert cache.nbytes <= max_bytes, cache.nbytes
"""


def test_threads_that_ask_together_compute_once(cache):
    computed, together = [], threading.Barrier(8)

    def compute():
        computed.append(threading.get_ident())
        time.sleep(0.05)
        return b"payload"

    def ask(_):
        together.wait()
        return cache.get_or_compute(KEY, compute)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [b"payload"] * 8
    assert len(computed) == 1


def test_processes_that_ask_for_the_same_keys_compute_each_once(tmp_path, start):
    asked = [KEYS[:30], KEYS[10:]]
    processes = [
        start(ASKING, tmp_path / "cache", tmp_path / "log", random_state, *keys)
        for random_state, keys in enumerate(asked)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait() for process in processes] == [0, 0]
    assert sorted((tmp_path / "log").read_text().split()) == sorted(KEYS)
    assert DiskCache(tmp_path / "cache").n_entries == len(KEYS)


def test_a_process_that_is_killed_while_it_computes_leaves_the_key_to_the_next(cache, start):
    process = start(COMPUTING, cache.location, KEY)
    assert process.stdout.readline() == "computing\n"
    assert cache.get_or_compute(KEY, never, wait=False) is None
    process.kill()
    process.wait()
    assert cache.get_or_compute(KEY, lambda: b"payload", wait=False) == b"payload"


def test_processes_that_are_killed_while_they_store_leave_neither_damage_nor_excess(tmp_path, start, rng):
    cache = DiskCache(tmp_path / "cache", max_bytes=200_000)
    for random_state in range(10):
        process = start(STORING, cache.location, cache.max_bytes, random_state, 10**6)
        assert process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 0.06))
        process.kill()
        process.wait()
        total = (cache.location / "size").read_bytes()
        assert cache.nbytes <= (int(total) if total else cache.max_bytes) <= cache.max_bytes
    entries = list(cache.location.glob("*/*.entry"))
    assert entries
    assert all(cache.load(entry.stem) is not None for entry in entries)  # a warning would be an error
    cache.store(KEY, bytes(cache.max_bytes // 4))
    assert cache.nbytes <= cache.max_bytes


def test_two_processes_that_store_at_once_keep_to_the_bound_all_the_time(tmp_path, start):
    cache = DiskCache(tmp_path / "cache", max_bytes=200_000)
    processes = [
        start(STORING, cache.location, cache.max_bytes, random_state, 150) for random_state in (0, 1)
    ]
    assert [process.wait() for process in processes] == [0, 0]
    assert cache.max_bytes / 2 < cache.nbytes <= cache.max_bytes


def test_who_does_not_wait_gets_none_while_a_thread_computes(cache):
    computing, finish = threading.Event(), threading.Event()

    def compute():
        computing.set()
        assert finish.wait(10)
        return b"payload"

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(cache.get_or_compute, KEY, compute)
        assert computing.wait(10)
        assert cache.get_or_compute(KEY, never, wait=False) is None
        assert cache.get_or_compute(OTHER_KEY, lambda: b"another", wait=False) == b"another"
        finish.set()
        assert waiting.result() == b"payload"
    assert cache.get_or_compute(KEY, never, wait=False) == b"payload"


def test_who_does_not_hold_the_lock_leaves_a_damaged_entry_alone(cache):
    def compute():
        entry_of(cache, KEY).write_bytes(b"damaged")
        with ThreadPoolExecutor(1) as threads:  # a warning would be an error
            assert threads.submit(cache.get_or_compute, KEY, never, wait=False).result() is None
        return b"payload"

    cache.store(KEY, b"payload")
    entry_of(cache, KEY).unlink()
    assert cache.get_or_compute(KEY, compute) == b"payload"
    assert cache.load(KEY) == b"payload"


def test_a_computation_that_asks_a_cache_is_an_error_and_no_deadlock(cache):
    with pytest.raises(RuntimeError, match="must not ask one itself"):
        cache.get_or_compute(KEY, lambda: cache.get_or_compute(KEY, never))
    assert cache.get_or_compute(KEY, lambda: b"payload") == b"payload"


def test_a_lock_is_free_though_a_process_forked_meanwhile_lives_on(cache, start):
    process = start(FORKING, cache.location, KEY)
    assert process.stdout.readline() == "stored\n"
    cache.clear()
    assert cache.get_or_compute(KEY, lambda: b"payload", wait=False) == b"payload"
    process.stdin.close()
    assert process.wait() == 0
