"""The jail: bubblewrap's options for starting a package without network, and for installing one with it.

Inside, the package's folder is `/package` whatever it is called outside, the home is empty, and nothing of the user's
own files or environment is there. Options: bwrap(1).
"""

import functools
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.sandbox.limits import Limits
from toolcensus.errors import ToolcensusError

PACKAGE = "/package"
HOME = "/home/nobody"
PATH = "/usr/local/bin:/usr/bin:/bin"
WRITABLE = (HOME, "/tmp", "/dev/shm")  # noqa: S108  # inside the jail, where they are its own
SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/sbin", "/usr/share",
          "/usr/local/bin", "/usr/local/lib")  # fmt: skip
WHOLE = {"/", "/usr", "/usr/local"}
"""What is never shown as a whole, though a program may live right below it."""
SYSTEM_FILES = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/localtime",
                "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/ca-certificates")  # fmt: skip
NETWORK_FILES = ("/etc/hosts", "/etc/resolv.conf", "/etc/ssl", "/etc/pki", "/etc/gai.conf", "/usr/etc")
FILES = {
    "/etc/passwd": "nobody:x:1000:1000:nobody:/home/nobody:/bin/sh\n",
    "/etc/group": "nobody:x:1000:\n",
    "/etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
}
"""Files that a jail without network has instead of the machine's own."""
IDENTITY = ("--new-session", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--clearenv")
MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
PATIENCE = 20.0
INSTALL = "install it: apt-get install bubblewrap (dnf, pacman, zypper and apk name it so too)"
ALLOW = (
    "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 or, on newer Ubuntu, "
    "kernel.apparmor_restrict_unprivileged_userns=0; in a container, run it privileged"
)


@dataclass(frozen=True, slots=True)
class Jail:
    """What a jail shows besides the system: `folder` as /package, and other folders or files under their own paths.

    `writable` says whether the package's folder may be written; `network` whether there is any; `also` are
    further (outside, inside) pairs that may be written.
    """

    folder: Path
    shown: tuple[Path, ...] = ()
    writable: bool = False
    network: bool = False
    also: tuple[tuple[Path, str], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def options(self, limits: Limits) -> list[str]:
        """Return bubblewrap's options, in the order in which it builds the jail."""
        size = ("--size", str(limits.scratch_bytes)) if _knows("--size") else ()
        shown = [str(path) for path in self.shown if not _is_within(path, SYSTEM)]
        options = [
            *_isolation(network=self.network),
            *(word for place in SYSTEM for word in ("--ro-bind-try", place, place)),
            *_merged(),
            *("--proc", "/proc", "--dev", "/dev"),
            *(word for place in WRITABLE for word in (*size, "--perms", "0700", "--tmpfs", place)),
            *(word for place in SYSTEM_FILES for word in ("--ro-bind-try", place, place)),
        ]
        if self.network:
            options += [word for place in NETWORK_FILES for word in ("--ro-bind-try", place, place)]
        options += [word for path in shown for word in ("--ro-bind", path, path)]
        options += ["--bind" if self.writable else "--ro-bind", str(self.folder), PACKAGE]
        options += [word for outside, inside in self.also for word in ("--bind", str(outside), inside)]
        for name, value in {"PATH": PATH, "HOME": HOME, **self.environment}.items():
            options += ["--setenv", name, value]
        # Last: what was made writable to build the jail in is closed; /proc too, since a jailed root owns the system's
        # switches in /proc/sys.
        closing = (word for place in ("/proc", "/dev", "/") for word in ("--remount-ro", place))
        return [*options, "--chdir", PACKAGE if self.writable else HOME, *closing]


def bubblewrap() -> str:
    """Return the path of bubblewrap; raise ToolcensusError where it is missing or this system forbids it to work."""
    program = shutil.which("bwrap")
    if program is None:
        raise ToolcensusError("the sandbox needs bubblewrap, and there is no bwrap here", advice=INSTALL)
    if refusal := _refusal(program):
        raise ToolcensusError(f"bubblewrap cannot build a sandbox here: {refusal}", advice=ALLOW)
    return program


@functools.cache
def _refusal(program: str) -> str:
    """Return why bubblewrap fails to start nothing at all; empty where it works."""
    options = Jail(Path("/usr/lib")).options(Limits())
    try:
        tried = subprocess.run(  # noqa: S603  # a fixed command in an empty environment
            [program, *options, "--", "/bin/true"],
            env={},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    said = tried.stderr.strip().splitlines()
    return "" if tried.returncode == 0 else (said or [f"it ends with status {tried.returncode}"])[-1][:300]


def _isolation(*, network: bool) -> list[str]:
    shared = ["--share-net"] if network else []
    alone = ["--disable-userns"] if _knows("--disable-userns") else []
    return ["--unshare-all", *shared, "--unshare-user", *alone, "--die-with-parent", *IDENTITY]


@functools.cache
def _knows(option: str) -> bool:
    """Say whether this bubblewrap has an option: those before 0.8 lack two, which harden but are not what holds."""
    program = shutil.which("bwrap")
    if program is None:
        return False
    try:
        told = subprocess.run(  # noqa: S603  # a fixed command in an empty environment
            [program, "--help"], env={}, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return f"{option} " in told.stdout + told.stderr


def _merged() -> Iterator[str]:
    """Yield what makes /bin and its like be there: links into /usr, or the folders themselves on older systems."""
    for place in map(Path, MERGED):
        if place.is_symlink():
            yield from ("--symlink", str(place.readlink()), str(place))
        elif place.is_dir():
            yield from ("--ro-bind", str(place), str(place))


def _is_within(path: Path, places: Iterable[str]) -> bool:
    return str(path) in WHOLE or any(path.is_relative_to(place) for place in places)
