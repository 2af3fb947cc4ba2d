import subprocess
import sys
from pathlib import Path

import pytest

from sklearn_ser.caching import DiskCache

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cache(tmp_path):
    return DiskCache(tmp_path / "cache")


@pytest.fixture
def start():
    """Start a program in a process of its own, which does not outlive the test."""
    processes = []

    def start(program, *arguments):
        command = [sys.executable, "-c", program, *map(str, arguments)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        processes.append(subprocess.Popen(command, cwd=ROOT, text=True, **pipes))
        return processes[-1]

    yield start
    for process in processes:
        with process:  # closes its pipes and waits for its end
            process.kill()
