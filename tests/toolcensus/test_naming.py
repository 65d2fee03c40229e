"""Which packages sightings name: those of other sources, those of one reading, those that nobody could find."""

import sqlalchemy

from toolcensus import naming, readings
from toolcensus.readings import SourceReading
from toolcensus.records import Sighting

EARLY, LATE = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"


def show(index: sqlalchemy.Connection, source: str, *packages: str, digest: str = "d", at: str = LATE) -> SourceReading:
    """Let a reading show one sighting a package."""
    reading = readings.begin(index, source, "https://base.example", at)
    sightings = [
        Sighting(source=source, source_id=purl, seen=at, name=purl, packages=(purl,), digest=digest)
        for purl in packages
    ]
    readings.show(index, reading, sightings)
    return reading


def test_packages_of_others_are_named_as_often_as_they_are_seen_now(index: sqlalchemy.Connection) -> None:
    show(index, "npm", "pkg:npm/own")
    show(index, "official", "pkg:npm/tea@1", "pkg:npm/kite")
    gone = show(index, "glama", "pkg:npm/tea@2", "pkg:npm/gone")
    readings.remove(index, gone, ["pkg:npm/gone"])
    assert sorted(naming.packages_of_others(index, "npm")) == ["pkg:npm/kite", "pkg:npm/tea@1", "pkg:npm/tea@2"]


def test_packages_shown_are_those_of_this_reading_alone(index: sqlalchemy.Connection) -> None:
    show(index, "npm", "pkg:npm/before")
    reading = show(index, "npm", "pkg:npm/tea", "pkg:npm/gone")
    readings.remove(index, reading, ["pkg:npm/gone"])
    assert list(naming.packages_shown(index, reading)) == ["pkg:npm/tea"]


def test_packages_missing_were_asked_for_since_then_and_never_told_of(index: sqlalchemy.Connection) -> None:
    long_ago = show(index, "npm", "pkg:npm/forgotten", digest="", at=EARLY)
    readings.remove(index, long_ago, ["pkg:npm/forgotten"])
    reading = show(index, "npm", "pkg:npm/missing", "pkg:npm/there", digest="")
    told = show(index, "npm", "pkg:npm/withdrawn")
    assert readings.remove(index, reading, ["pkg:npm/missing"]) == 1
    assert readings.remove(index, told, ["pkg:npm/withdrawn"]) == 0
    assert list(naming.packages_missing(index, "npm", "2026-02-01T00:00:00Z")) == ["pkg:npm/missing"]
