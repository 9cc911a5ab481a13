"""What a comparison may cost, counted in operations, so that the same two texts always give the same answer. Pure.

A clock would make the result depend on how busy the machine is; a count does not.
"""

from __future__ import annotations

from dataclasses import dataclass

default_operations = 400_000_000
default_characters = 2_000_000  # several times a full rewrite of the longest policy known
most_at_once = 64_000_000  # about the bytes of the table that one comparison needs


@dataclass(slots=True)
class Budget:
    """Operations left, a thing with a lifetime of one comparison. `coarse` says that something was refused.

    One operation is about a step of a bit-parallel table: comparing sequences of n and m tokens costs
    n * m / 64 + n + m of them and a fixed toll. `characters` are those that may still be read for what
    they mean.
    """

    left: int = default_operations
    characters: int = default_characters
    coarse: bool = False

    def spend(self, n: int, m: int) -> bool:
        """Pay for comparing n with m tokens; False (and coarse from now on) where the budget does not reach."""
        cost = n * m // 8 + n + m + 200
        if cost > min(self.left, most_at_once):
            self.coarse = True
            return False
        self.left -= cost
        return True

    def read(self, length: int) -> bool:
        """Pay for classing a place of so many characters; False (and coarse from now on) where that is too much."""
        cost = length + 50
        if cost > self.characters:
            self.coarse = True
            return False
        self.characters -= cost
        return True
