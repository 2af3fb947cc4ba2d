"""Starting Keras without its chatter, and giving it one seed without touching anybody else's."""

import logging
import os
import random
import re
import sys
import tempfile
import threading
from contextlib import contextmanager

# TensorFlow's C++ side writes notices on oneDNN, the processor and the want of a graphics card straight to
# file descriptor 2, the last as errors. Anything else that is written meanwhile is handed on.
_CHATTER = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog"
    rb"|(E\d{4}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: E) .*\bcuda_(platform|driver|dnn|blas|fft)\.cc:"
    rb"|[IW]\d{4} \d\d:\d\d:\d\d\.\d+ .*\] "
    rb"|[IW]\d{4} \d+(:\d+)*\.\d+ .*\] "
    rb"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IW] (tensorflow|external/local_xla)/"
    rb"|To enable the following instructions: "
)

_start_lock = threading.RLock()
_seed_lock = threading.RLock()


def start_keras():
    """Import Keras and wake its backend, both silently, and return the module."""
    if "keras" not in sys.modules or "scikeras" not in sys.modules:
        with _start_lock, _chatter_held_back():
            import keras
            import scikeras.wrappers  # noqa: F401 - imports the backend a second time, with notices of its own

            keras.ops.zeros(1)
    import keras

    return keras


@contextmanager
def _chatter_held_back():
    """Hold file descriptor 2 back for a while, and then let through all but the known notices."""
    level_was_set = "TF_CPP_MIN_LOG_LEVEL" in os.environ
    if not level_was_set:
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    try:
        saved = os.dup(2)
    except OSError:  # a process without standard error has nothing to hold back
        saved = None
    with tempfile.TemporaryFile() as held:
        if saved is not None:
            os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            if not level_was_set:
                del os.environ["TF_CPP_MIN_LOG_LEVEL"]
            if saved is not None:
                os.dup2(saved, 2)
                os.close(saved)
                held.seek(0)
                for line in held:
                    if line.strip() and not _CHATTER.match(line):
                        os.write(2, line)


@contextmanager
def retracing_notices_held_back():
    """Keep TensorFlow from warning that each new network is traced anew, which a search cannot avoid."""

    def is_something_else(record):
        return "triggered tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_something_else)
    try:
        yield
    finally:
        logger.removeFilter(is_something_else)


@contextmanager
def seeded_construction(seed):
    """Make the layers built inside draw their initial weights and dropout masks from ``seed``.

    Keras draws a seed for each layer from Python's global generator. It is set for the construction and put
    back afterwards; training draws from the layers' own generators, so fits in other threads may go on.
    """
    with _seed_lock:
        state = random.getstate()
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(state)
