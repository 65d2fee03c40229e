"""The attempts with one installed package: with nothing, stand-ins, placeholders; the largest list is kept."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace

from crawler.sandbox import placeholders, stand_ins
from crawler.sandbox.conversation import Heard, ask
from crawler.sandbox.launch import Launch
from crawler.sandbox.limits import Limits

ROUNDS = 4
ENDS = {"refused", "timed-out"}
"""Outcomes that no placeholder changes: whoever breaks a limit or says nothing is not asking for a key."""


async def list_launch(launch: Launch, limits: Limits) -> Heard:
    """Start the server with an empty environment and, where it exits or lists nothing, with harmless placeholders."""
    deadline = time.monotonic() + limits.package_seconds
    best = await _ask(launch, {}, limits)
    best = await _with_stand_ins(launch, best, limits)
    if best.tools or best.outcome in ENDS:
        return best
    known = await asyncio.to_thread(placeholders.variables, launch.sources)
    tried: list[Mapping[str, str]] = [{}]
    complaints: dict[str, str] = {}
    heard = best
    for number in range(ROUNDS):
        complaints |= placeholders.complained_about(f"{heard.words}\n{heard.reason}")
        read = placeholders.credentials(known) if number == 0 else placeholders.settings(known)
        environment = complaints | read
        if environment in tried or time.monotonic() > deadline:
            continue
        tried.append(environment)
        heard = await _ask(launch, environment, limits)
        best = _larger(best, heard)
        if best.tools:
            break
    return best


async def _ask(launch: Launch, environment: Mapping[str, str], limits: Limits) -> Heard:
    heard = await ask(launch.jail(environment), launch.command, limits)
    facts = {**launch.facts, **heard.facts}
    if environment:
        facts["placeholders"] = placeholders.described(environment)
    return replace(heard, facts=facts)


async def _with_stand_ins(launch: Launch, heard: Heard, limits: Limits) -> Heard:
    """Put stand-ins for the native modules that it misses since no script built them, and ask again."""
    put: tuple[str, ...] = ()
    while not heard.answered and (missing := stand_ins.missing(launch.folder, heard.words)):
        put = (*put, *missing)
        stand_ins.put(launch.folder, missing)
        again = await _ask(launch, {}, limits)
        heard = replace(again, facts={**again.facts, "stand_ins": " ".join(put)})
    return heard


def _larger(best: Heard, heard: Heard) -> Heard:
    """Keep the larger list, and of two misses the one that got further."""
    if len(heard.tools) > len(best.tools):
        return heard
    return heard if heard.answered and not best.answered else best
