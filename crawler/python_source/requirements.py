"""What a package needs: which of its imports are there by default, and which only with an extra."""

from collections.abc import Iterator, Mapping
from email.parser import HeaderParser

from packaging.requirements import InvalidRequirement, Requirement

MODULES = {
    "pillow": ("pil",),
    "pyyaml": ("yaml",),
    "python-dotenv": ("dotenv",),
    "beautifulsoup4": ("bs4",),
    "scikit-learn": ("sklearn",),
    "opencv-python": ("cv2",),
    "google-generativeai": ("google",),
}
SPLITTING = ("3.2.4", "3.4.7", "4.2.3", "5.0")
"""Releases of fastmcp of which any that fits means that docstrings are split."""


def requirements(files: Mapping[str, str]) -> dict[str, bool]:
    """Return the top-level modules that a package's metadata asks for, and whether they are there by default."""
    found: dict[str, bool] = {}
    for requirement in _declared(files):
        default = requirement.marker is None or "extra" not in str(requirement.marker)
        plain = requirement.name.lower().replace("-", "_").replace(".", "_")
        for module in MODULES.get(requirement.name.lower(), (plain,)):
            found[module] = found.get(module, False) or default
    return found


def splits_docstrings(files: Mapping[str, str]) -> bool:
    """Say whether a package is installed with a fastmcp that tells only a docstring's free text as a description."""
    return any(
        requirement.name.lower() == "fastmcp" and any(map(requirement.specifier.contains, SPLITTING))
        for requirement in _declared(files)
    )


def _declared(files: Mapping[str, str]) -> Iterator[Requirement]:
    text = next((files[path] for path in sorted(files) if path.endswith((".dist-info/METADATA", "PKG-INFO"))), "")
    for line in HeaderParser().parsestr(text).get_all("Requires-Dist") or []:
        try:
            yield Requirement(line)
        except InvalidRequirement:
            continue
