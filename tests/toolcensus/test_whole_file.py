import subprocess
import sys
from pathlib import Path

import pytest

from toolcensus.errors import InputError
from toolcensus.whole_file import replacing

WRITER = """
import sys, time
from pathlib import Path
from toolcensus.whole_file import replacing
with replacing(Path(sys.argv[1])) as out:
    out.write(b"half of it")
    out.flush()
    print("ready", flush=True)
    time.sleep(60)
"""


def test_the_file_is_replaced_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.json"
    target.write_bytes(b"old")
    with replacing(target) as out:
        out.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_keeps_the_old_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.json"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), replacing(target) as out:
        out.write(b"%d" % (1 // 0))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_kill_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.json"
    target.write_bytes(b"old")
    with subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        writer.kill()
    assert target.read_bytes() == b"old"


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written: No such file or directory"):
        replacing(tmp_path / "nowhere" / "x.json").__enter__()


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No space left on device"), replacing(tmp_path / "x") as out:
        raise OSError(28, "No space left on device", out.name)
