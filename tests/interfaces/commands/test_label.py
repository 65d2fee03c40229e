"""The command `label` as other programs use it: through pipes."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

COMMAND = [sys.executable, "-c", "from interfaces.main import main; main()", "label"]


def _run(stdin: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *options], input=stdin, capture_output=True, check=False, timeout=100)


def test_every_line_is_answered_with_exit_code_0_also_the_bad_ones() -> None:
    done = _run(b'{"name": "get_time"}\n\nnope\n')
    assert done.returncode == 0
    assert done.stderr == b""
    assert [next(iter(msgspec.json.decode(line))) for line in done.stdout.splitlines()] == [
        "category",
        "error",
        "error",
    ]


def test_no_line_is_answered_by_none() -> None:
    done = _run(b"")
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_program_can_ask_and_wait_for_each_answer() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name, category in [("get_time", "Read"), ("delete_user", "Write")]:
            process.stdin.write(b'{"name": "%s"}\n' % name.encode())
            process.stdin.flush()
            assert msgspec.json.decode(process.stdout.readline())["category"] == category
        process.stdin.close()
        assert process.wait(20) == 0


def test_jobs_must_be_a_number_above_0() -> None:
    assert _run(b"", "--jobs", "0").returncode == 2


@pytest.mark.slow
def test_a_line_of_200_megabytes_is_answered_without_being_held_in_memory(tmp_path: Path) -> None:
    peak = tmp_path / "peak"
    measured = (
        # the kernel's own count of this program: `ru_maxrss` would begin with the size of the process that started it
        "import re; from interfaces.main import main\n"
        "try: main()\n"
        f"finally: open({str(peak)!r}, 'w').write(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    command = [sys.executable, "-c", measured, "label"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"name": "a", "description": "')
        for _ in range(200):
            process.stdin.write(b"x" * 1_000_000)
        process.stdin.write(b'"}\n{"name": "get_time"}\n')
        process.stdin.close()
        first, second = map(msgspec.json.decode, process.stdout.read().splitlines())
    assert first["error"].startswith("the definition is 200,000,032 bytes long")
    assert second["category"] == "Read"
    assert int(peak.read_text()) < 200 * 1024, "kilobytes at the peak: the program and its rules, not the line"


def test_a_reader_that_leaves_ends_the_program_without_a_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        COMMAND, input=b'{"name": "get_time"}\n' * 3, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert done.returncode != 0
    assert done.stderr == b""


def test_without_a_model_the_rules_alone_label_and_it_says_so() -> None:
    code = "import classifier.model as it; it.model = lambda: None; from interfaces.main import main; main()"
    command = [sys.executable, "-c", code, "label"]
    done = subprocess.run(command, input=b'{"name": "delete_user"}\n', capture_output=True, check=True, timeout=100)
    assert msgspec.json.decode(done.stdout)["category"] == "Write"
    assert done.stderr == b"No model is here: the rules alone label. To make one: toolcensus train\n"
