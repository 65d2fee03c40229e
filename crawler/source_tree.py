"""The files of one package or repository, as text in memory: all that an extractor ever sees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceTree:
    """Files by their path inside the artefact (`/`-separated, relative, without the archive's own top folder).

    `package` is the name that the artefact declares, `ecosystem` is `npm`, `pypi` or `folder`, `entry_points` are the
    files or Python modules (`package.module:function`) that the package starts when it is run as a command.
    """

    files: Mapping[str, str]
    package: str = ""
    ecosystem: str = "folder"
    entry_points: tuple[str, ...] = field(default=())

    def paths(self, *suffixes: str) -> Iterator[str]:
        """Yield the paths that end with one of `suffixes`, sorted."""
        for path in sorted(self.files):
            if path.endswith(suffixes):
                yield path
