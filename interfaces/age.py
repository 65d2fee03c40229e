"""Ages as people write them on the command line: `90s`, `12h`, `7d`, `2w`, or 0."""

import re
from datetime import UTC, datetime, timedelta

from toolcensus.errors import InputError

AGE = re.compile(r"(\d{1,6})([smhdw])|0")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_age(text: str) -> timedelta:
    """Read an age; raise InputError where it is none."""
    match = AGE.fullmatch(text)
    if match is None:
        raise InputError(f"{text!r} is no age", advice="write a number and s, m, h, d or w, such as 7d, or 0")
    return timedelta(**{UNITS[match[2]]: int(match[1])}) if match[1] else timedelta(0)


def read_moment(text: str, at: datetime) -> str:
    """Read an age before `at`, a day or a time (UTC where it does not say), as the index writes times."""
    if AGE.fullmatch(text):
        try:
            return _written(at - read_age(text))
        except OverflowError as error:
            raise InputError(f"{text!r} is before all time", advice="write a younger age, such as 52w") from error
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is no time", advice="write an age such as 7d, or a day such as 2026-01-31"
        ) from error
    return _written(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
