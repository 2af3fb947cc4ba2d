"""A progress bar for work that takes more than a few seconds."""

import multiprocessing
import sys
import threading
from contextlib import contextmanager

_SECONDS = 3  # shorter work shows nothing


@contextmanager
def progress(n_recordings, verbose):
    """Give a function that is told how many more recordings are done.

    A bar is shown where somebody watches: on a terminal or in a notebook, but neither in a worker process nor
    in a thread of a search.
    """
    in_worker = (
        multiprocessing.current_process().name != "MainProcess"
        or threading.current_thread() is not threading.main_thread()
    )
    if not verbose or in_worker or not is_watched():
        yield lambda n: None
        return
    from tqdm.auto import tqdm

    with tqdm(total=n_recordings, unit="recording", delay=_SECONDS, leave=False) as bar:
        yield bar.update


def is_watched():
    """Tell whether somebody sees what is shown: on a terminal, or in a notebook."""
    shell = sys.modules.get("IPython")
    in_notebook = shell is not None and hasattr(shell.get_ipython(), "kernel")
    return in_notebook or (sys.stderr is not None and sys.stderr.isatty())
