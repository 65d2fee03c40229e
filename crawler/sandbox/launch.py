"""What an installed package is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.sandbox.jail import Jail


@dataclass(frozen=True, slots=True)
class Launch:
    """An installed server: the command as the jail sees it, the folder that becomes /package, and what else is shown.

    `sources` are the package's own source files, `environment` what it is always given, `facts` what was learnt while
    it was installed.
    """

    command: tuple[str, ...]
    folder: Path
    shown: tuple[Path, ...] = ()
    sources: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def jail(self, environment: Mapping[str, str]) -> Jail:
        """Return the jail that it is started in."""
        return Jail(self.folder, shown=self.shown, environment=environment)


class InstallError(Exception):
    """The package cannot be installed here; the message says why."""
