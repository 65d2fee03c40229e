"""What every sighting claims, kept as eight-byte marks in flat columns, so that 200,000 of them are small."""

import hashlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crawler.authority import rank_of_code
from crawler.claims import Claims, title_of
from crawler.remote import endpoint, normal_remote
from crawler.repository import Place, read_place
from toolcensus.records import Sighting


def mark(text: str) -> int:
    """Return eight bytes of the text's digest; 0 for none."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) if text else 0


def _words() -> "array[int]":
    return array("Q")


@dataclass
class Many:
    """A column of any number of marks a sighting."""

    marks: "array[int]" = field(default_factory=_words)
    ends: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, values: list[int]) -> None:
        """Add the next sighting's marks."""
        self.marks.extend(values)
        self.ends.append(len(self.marks))

    def of(self, number: int) -> "array[int]":
        """Return one sighting's marks."""
        return self.marks[self.ends[number - 1] if number else 0 : self.ends[number]]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield (mark, sighting) in the sightings' order."""
        begin = 0
        for number, end in enumerate(self.ends):
            for at in range(begin, end):
                yield self.marks[at], number
            begin = end


@dataclass
class Ledger:
    """One row a sighting in every column; `moved` leads from a repository's earlier name to its present one."""

    sources: list[str] = field(default_factory=list)
    source: "array[int]" = field(default_factory=lambda: array("H"))
    mentions: bytearray = field(default_factory=bytearray)
    repository: "array[int]" = field(default_factory=_words)
    owner: "array[int]" = field(default_factory=_words)
    repository_name: "array[int]" = field(default_factory=_words)
    folder: "array[int]" = field(default_factory=_words)
    registered: "array[int]" = field(default_factory=_words)
    called: "array[int]" = field(default_factory=_words)
    namespace: "array[int]" = field(default_factory=_words)
    packages: Many = field(default_factory=Many)
    families: Many = field(default_factory=Many)
    titles: Many = field(default_factory=Many)
    remotes: Many = field(default_factory=Many)
    endpoints: Many = field(default_factory=Many)
    stems: Many = field(default_factory=Many)
    said: list[tuple[int, int]] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)
    _numbered: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.source)

    def add(self, sighting: Sighting, claimed: Claims) -> int:
        """Add a sighting and what it claims; return its number."""
        if sighting.source not in self.sources:
            self.sources.append(sighting.source)
        self.source.append(self.sources.index(sighting.source))
        self.mentions.append(sighting.mentions and not sighting.tools)
        self._add_place(claimed.place)
        self._add_names(claimed)
        number = len(self.source) - 1
        for word in sighting.same_as:
            self._add_word(number, word, claimed.place)
        if sighting.repository_id and claimed.place:
            self._add_rename(number, mark(sighting.repository_id))
        return number

    def present(self, repository: int) -> int:
        """Return the present name of a repository, both as marks."""
        seen = {repository}
        while (later := self.moved.get(repository, repository)) not in seen:
            seen.add(later)
            repository = later
        return repository

    def rank(self, number: int) -> int:
        """Return how far back a sighting stands where it is asked whose code something is."""
        return rank_of_code(self.sources[self.source[number]])

    def _add_place(self, place: Place | None) -> None:
        self.repository.append(mark(place.repository) if place else 0)
        self.owner.append(mark(place.owner) if place else 0)
        self.repository_name.append(mark(place.name.lower()) if place else 0)
        self.folder.append(mark(place.folder) if place else 0)

    def _add_names(self, claimed: Claims) -> None:
        self.registered.append(mark(claimed.registered))
        self.called.append(mark(claimed.called))
        self.namespace.append(mark(claimed.registered.partition("/")[0]))
        self.packages.add([mark(purl) for purl, _ in claimed.packages])
        self.families.add([mark(family) for _, family in claimed.packages])
        self.titles.add([mark(title_of(purl)) for purl, _ in claimed.packages])
        self.remotes.add([mark(remote) for remote in claimed.remotes])
        self.endpoints.add([mark(endpoint(remote)) for remote in claimed.remotes])
        self.stems.add(sorted(mark(stem) for stem in claimed.stems))

    def _add_word(self, number: int, word: str, own: Place | None) -> None:
        """Keep what the source says that this is too: a registry's name, a package, a remote, an old repository."""
        place = read_place(word)
        if place and own and place.repository != own.repository:
            self.moved.setdefault(mark(place.repository), mark(own.repository))
        elif word.startswith("official:"):
            self.said.append((mark(word.removeprefix("official:")), number))
        elif not place:
            self.said.append((mark(word if word.startswith("pkg:") else normal_remote(word) or ""), number))

    def _add_rename(self, number: int, identity: int) -> None:
        """One number at its forge is one repository; a row that keeps neither owner nor name is not believed."""
        known = self._numbered.setdefault(identity, number)
        if self.repository[known] != self.repository[number] and related(self, known, number):
            self.moved.setdefault(self.repository[known], self.repository[number])


def related(ledger: Ledger, one: int, other: int) -> bool:
    """Whether two sightings' repositories may be one under two names: they have the owner or the name in common."""
    columns = (ledger.owner, ledger.repository_name)
    return any(column[one] == column[other] for column in columns)


def sharing(pairs: Iterator[tuple[int, int]], kept: Callable[[int], bool] = bool) -> Iterator[tuple[int, list[int]]]:
    """Yield each mark that several sightings have, with those sightings in order; the marks in order."""
    marks, numbers = _words(), array("I")
    for value, number in pairs:
        if kept(value):
            marks.append(value)
            numbers.append(number)
    group: list[int] = []
    last = 0
    for at in sorted(range(len(marks)), key=marks.__getitem__):
        if marks[at] != last:
            if len(group) > 1:
                yield last, group
            last, group = marks[at], []
        if not group or group[-1] != numbers[at]:
            group.append(numbers[at])
    if len(group) > 1:
        yield last, group
