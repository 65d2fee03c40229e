"""Data that travels with the program: inside the wheel, or in the checkout's data folder."""

from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent


def data_file(name: str) -> Path:
    """Return the path of a file that `data/` holds in a checkout and the wheel holds in `toolcensus/data/`.

    Raises FileNotFoundError where neither has it.
    """
    for folder in (PACKAGE / "data", CHECKOUT / "data"):
        if (path := folder / name).is_file():
            return path
    raise FileNotFoundError(f"{name} is neither in the package nor in the checkout")


def in_checkout() -> bool:
    """Say whether the program runs from a checkout of the repository."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data").is_dir()
