"""Run the benchmarks one after the other: `make bench`, or `python -m benchmarks [NAME…]`.

Each is a program of its own (`python -m benchmarks.labelling --help`), prints what it measured on what input, and
says so where its input is not there. The exit code is that of the worst.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
INSTRUMENTS = {"__main__", "__init__", "serve", "sandbox", "coverage", "bridge", "scanner"}
INSTRUMENTS |= {"made_up_registry", "made_up_remotes"}
"""Parts of benchmarks; those that start strangers' packages (`serve`, `sandbox`, `coverage`) run by name only."""


def names() -> list[str]:
    """Return the benchmarks of this folder, by name."""
    found = [*HERE.glob("*.py"), *(path.parent for path in HERE.glob("*/__main__.py"))]
    return sorted(path.stem for path in found if path.stem not in INSTRUMENTS)


def main() -> int:
    """Run those named on the command line, else all."""
    worst = 0
    for name in sys.argv[1:] or names():
        if name not in names():
            print(f"there is no benchmark {name!r}; name one of: {' '.join(names())}", file=sys.stderr)
            return 2
        print(f"\n== {name}", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False).returncode
        )
    return worst


if __name__ == "__main__":
    sys.exit(main())
