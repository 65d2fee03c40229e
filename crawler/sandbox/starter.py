"""Becomes bubblewrap: sets limits on itself, joins its control group, forgets its environment, and executes it.

Run as a file of its own, `python -I -S starter.py PLAN`, it needs nothing but the standard library. The plan is JSON:
`{"limits": {"RLIMIT_…": n}, "doors": [file, …], "files": {path: text, …}, "program": path, "options": [option, …],
"command": [word, …]}`.
"""

import ctypes
import json
import os
import resource
import sys

KEYCTL = {"x86_64": 250, "aarch64": 219}
"""The number of the system call keyctl(2)."""
JOIN_SESSION_KEYRING = 1


def main() -> None:
    """Do as the plan says; the options go through a file in memory, so that nothing in the jail can read them."""
    plan = json.loads(sys.argv[1])
    for name, wanted in plan["limits"].items():
        number = getattr(resource, name)
        _, most = resource.getrlimit(number)
        bound = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(number, (bound, bound))
    # The user's keys that the kernel holds would be inherited: a session of its own has none.
    if call := KEYCTL.get(os.uname().machine):
        ctypes.CDLL(None).syscall(call, JOIN_SESSION_KEYRING, None)
    for door in plan["doors"]:
        with open(door, "w", encoding="ascii") as file:  # noqa: PTH123  # pathlib would double the time to start
            file.write(str(os.getpid()))
    files = [("--ro-bind-data", str(in_memory(text.encode())), path) for path, text in plan["files"].items()]
    words = [word for file in files for word in file] + plan["options"]
    options = in_memory(b"".join(word.encode() + b"\0" for word in words))
    os.execve(plan["program"], ["bwrap", "--args", str(options), "--", *plan["command"]], {})  # noqa: S606  # no shell is wanted


def in_memory(content: bytes) -> int:
    """Return the descriptor of a file that exists in memory only and that bubblewrap will inherit."""
    descriptor = os.memfd_create("file", 0)  # without MFD_CLOEXEC
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


if __name__ == "__main__":
    main()
