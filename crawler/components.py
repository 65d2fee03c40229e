"""Things that turn out to be one: a union-find whose sets can be walked, and that remembers by what each was joined."""

from array import array
from collections.abc import Iterator


class Components:
    """Disjoint sets over 0…size-1, nine bytes a member; `kinds` is by what each member was first joined, 0 for none."""

    def __init__(self, size: int) -> None:
        self._parent = array("i", range(size))
        self._next = array("i", range(size))
        self.kinds = bytearray(size)

    def find(self, member: int) -> int:
        """Return the set's representative: its smallest member."""
        parent = self._parent
        while parent[member] != member:
            parent[member] = member = parent[parent[member]]
        return member

    def join(self, one: int, other: int, kind: int) -> int:
        """Make one set of two, by `kind`; return its representative."""
        for member in (one, other):
            self.kinds[member] = self.kinds[member] or kind
        first, second = sorted((self.find(one), self.find(other)))
        if first != second:
            self._parent[second] = first
            self._next[first], self._next[second] = self._next[second], self._next[first]
        return first

    def members(self, member: int) -> Iterator[int]:
        """Yield everything in the member's set, itself first."""
        yield member
        following = self._next[member]
        while following != member:
            yield following
            following = self._next[following]

    def numbers(self) -> "array[int]":
        """Return the number of each member's set: 0, 1, 2… in the order of their smallest members."""
        given = array("i", [-1]) * len(self._parent)
        count = 0
        for member in range(len(self._parent)):
            first = self.find(member)
            if first == member:
                given[member] = count
                count += 1
            else:
                given[member] = given[first]
        return given
