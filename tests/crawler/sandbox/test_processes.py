import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from crawler.sandbox import processes


@pytest.fixture
def tree() -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that holds 30 MB and has two children; it says when it is ready."""
    code = """
import os, time
held = b"x" * 30_000_000
if os.fork() and os.fork():
    print("ready", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True) as started:
        assert started.stdout
        started.stdout.readline()
        yield started
        os.killpg(started.pid, 9)


def test_a_tree_is_measured_as_a_whole(tree: subprocess.Popen[bytes]) -> None:
    held = processes.measure(tree.pid)
    assert held.processes == 3
    assert held.memory_bytes > 30_000_000
    assert held.cpu_seconds >= 0


def test_a_tree_that_is_gone_holds_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert processes.measure(gone.pid) == processes.Holding(0, 0, 0.0)
    assert processes.first_inside(gone.pid) is None
    processes.kill(gone.pid)
