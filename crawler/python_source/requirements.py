"""What a package needs: which of its imports are there by default, and which only with an extra."""

from collections.abc import Mapping
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


def requirements(files: Mapping[str, str]) -> dict[str, bool]:
    """Return the top-level modules that a package's metadata asks for, and whether they are there by default."""
    text = next((files[path] for path in sorted(files) if path.endswith((".dist-info/METADATA", "PKG-INFO"))), "")
    found: dict[str, bool] = {}
    for line in HeaderParser().parsestr(text).get_all("Requires-Dist") or []:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        default = requirement.marker is None or "extra" not in str(requirement.marker)
        plain = requirement.name.lower().replace("-", "_").replace(".", "_")
        for module in MODULES.get(requirement.name.lower(), (plain,)):
            found[module] = found.get(module, False) or default
    return found
