"""How far one Go program is followed: steps, calls within calls, rounds of a loop, characters and items of a value."""

from typing import Final

FUEL: Final = 1_500_000
FORGOTTEN_FUEL: Final = 400_000
ASIDE: Final = 15_000
"""What a call may take that leads to no tool, as far as names tell."""
CALL_DEPTH: Final = 60
SAME_FUNCTION: Final = 3
"""How often a function may be inside itself."""
CALLBACKS: Final = 3
"""How often a function is run because it was handed to a library."""
ROUNDS: Final = 1_000
TEXT: Final = 200_000
ITEMS: Final = 10_000
NAME: Final = 200
CONDITION: Final = 80
SCHEMA_DEPTH: Final = 12
PYTHON_DEPTH: Final = 12_000
FILES: Final = 20_000
