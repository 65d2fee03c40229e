"""What a stranger's package is given: memory, processes, disk, time, and words that are listened to."""

from dataclasses import dataclass, replace

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one start (bytes, seconds, counts), of one installation, and of all that is tried with one package.

    `memory_bytes` is what all processes of the jail hold together, `scratch_bytes` what each of the folders holds that
    it can write, `line_bytes` and `output_bytes` what it may say on stdout: in one message, and in all.
    """

    memory_bytes: int = 1536 * MEBIBYTE
    processes: int = 96
    scratch_bytes: int = 64 * MEBIBYTE
    file_bytes: int = 64 * MEBIBYTE
    cpu_seconds: float = 60.0
    seconds: float = 30.0
    line_bytes: int = 16 * MEBIBYTE
    output_bytes: int = 64 * MEBIBYTE
    tools: int = 10_000
    words_bytes: int = 64 * 1024
    poll_seconds: float = 0.05
    install_seconds: float = 300.0
    install_bytes: int = 1536 * MEBIBYTE
    package_seconds: float = 180.0

    @property
    def of_installing(self) -> "Limits":
        """The same limits for the installer, which takes longer, writes more, and is no stranger."""
        return replace(
            self,
            seconds=self.install_seconds,
            cpu_seconds=2 * self.install_seconds,
            file_bytes=self.install_bytes,
            poll_seconds=max(self.poll_seconds, 0.5),
        )


DEFAULT = Limits()
