"""Starting Keras without its chatter, and giving it one seed without touching anybody else's."""

import importlib
import logging
import os
import random
import re
import sys
import tempfile
import threading
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path

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

# By which TensorFlow and, the last, XLA are told how many threads to start.
_THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NPROC")
# What JAX may keep on disk; a program takes 0.1 to 0.5 MB.
_MOST_BYTES_KEPT = 2**30

_start_lock = threading.RLock()
_seed_lock = threading.RLock()


def start_keras():
    """Import Keras and wake its backend, both silently, and return the module."""
    with _start_lock:
        _start_once()
    import keras

    return keras


@cache
def _start_once():
    with _chatter_held_back(), _threads_of_this_process():
        import keras

        with tensorflow_left_out():
            import scikeras.wrappers  # noqa: F401 - imports the backend a second time, with notices of its own
        if compiles():
            _keep_compiled_programs()
        keras.ops.zeros(1)


@contextmanager
def _threads_of_this_process():
    """Start as many threads as joblib gives a worker, in the variable that libraries of BLAS read."""
    n_threads = os.environ.get("OMP_NUM_THREADS", "")
    unset = [name for name in _THREADS if n_threads.isdigit() and name not in os.environ]
    os.environ.update(dict.fromkeys(unset, n_threads))
    try:
        yield
    finally:
        for name in unset:
            del os.environ[name]


def compiles():
    """Tell whether the backend compiles a program for each shape, and so takes long over the first batch."""
    import keras

    return keras.backend.backend() == "jax"


def loops_in_graph():
    """Tell whether the backend's graph can hold the loop over the steps of an epoch."""
    import keras

    return keras.backend.backend() == "tensorflow"


def describe_backend():
    """Tell what Keras' results depend on, beside what it computes: versions, precision, threads, device."""
    keras = start_keras()
    name = keras.backend.backend()
    backend, config = importlib.import_module(name), keras.config
    n_processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    given = {variable: os.environ.get(variable, os.environ.get("OMP_NUM_THREADS")) for variable in _THREADS}
    if name == "tensorflow":
        of_user = backend.config.threading
        threads = of_user.get_intra_op_parallelism_threads(), of_user.get_inter_op_parallelism_threads()
        device = len(backend.config.get_visible_devices("GPU"))
    elif name == "jax":
        threads, device = None, backend.default_backend()
    else:
        threads, device = backend.get_num_threads(), backend.cuda.is_available()
    threads = threads, given, n_processors
    precision = config.floatx(), config.epsilon(), config.dtype_policy().name
    return repr((keras.__version__, name, backend.__version__, precision, threads, device))


@contextmanager
def tensorflow_left_out():
    """Keep Keras and SciKeras from importing TensorFlow where another backend runs, which takes seconds.

    SciKeras imports it to seed it, Keras to see whether what it copies or saves holds one of its shapes.
    """
    if "tensorflow" in sys.modules:
        yield
        return
    from keras.src.utils import module_utils

    with _start_lock:
        sys.modules["tensorflow"] = None  # as Python has it, this cannot be imported
        try:
            yield
        finally:
            del sys.modules["tensorflow"]
            module_utils.tensorflow._available = None  # for those who will need it


def _keep_compiled_programs():
    """Let JAX keep compiled programs in the user's cache folder, unless he has said otherwise."""
    import jax

    if not jax.config.jax_enable_compilation_cache or jax.config.jax_compilation_cache_dir is not None:
        return
    try:
        import filelock  # noqa: F401 - JAX needs it to bound the folder

        folder = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "sklearn-ser" / "jax"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (ImportError, OSError, RuntimeError):  # the last where there is no home
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        return
    options = {
        "jax_compilation_cache_dir": str(folder),
        "jax_compilation_cache_max_size": _MOST_BYTES_KEPT,
        "jax_persistent_cache_min_compile_time_secs": 0.0,
        "jax_persistent_cache_min_entry_size_bytes": -1,
    }
    for name, value in options.items():
        if name.upper() not in os.environ:
            jax.config.update(name, value)
    # A full disk or a damaged entry costs the time of compiling, which is no news to a user.
    warnings.filterwarnings(
        "ignore", "Error (reading|writing) persistent compilation cache entry", UserWarning
    )


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

    Keras draws a seed for each layer from Python's global generator, by ``random.randint``. To seed that
    would not do: a thread that draws from it meanwhile, as those of a Dask worker do, would change layers.
    So this thread is given a generator of its own, and others go on as before. Training draws from the
    layers' generators, so fits in other threads may go on as well.
    """
    generator, this_thread = random.Random(seed), threading.get_ident()
    with _seed_lock:
        of_others = random.randint

        def randint(a, b):
            return (generator.randint if threading.get_ident() == this_thread else of_others)(a, b)

        random.randint = randint
        try:
            yield
        finally:
            random.randint = of_others
