"""The attempts with one installed package: with nothing, stand-ins, placeholders; the largest list is kept."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from crawler.sandbox import placeholders, stand_ins, subcommands, transports
from crawler.sandbox.conversation import Heard, ask
from crawler.sandbox.launch import Launch
from crawler.sandbox.limits import Limits

ROUNDS = 4
NOTHING: Mapping[str, str] = MappingProxyType({})
ENDS = {"refused", "timed-out"}
"""Outcomes that no placeholder changes: whoever breaks a limit or says nothing is not asking for a key."""


async def list_launch(launch: Launch, limits: Limits) -> Heard:
    """Start the server with an empty environment and, where it exits or lists nothing, with harmless placeholders."""
    deadline = time.monotonic() + limits.package_seconds
    known = await asyncio.to_thread(placeholders.variables, launch.sources)
    best = await _ask(launch, {}, limits)
    best = await _with_stand_ins(launch, best, limits)
    launch, best = await _with_subcommand(launch, best, limits)
    launch, best = await _over_stdio(launch, best, known, limits)
    if best.tools or best.outcome in ENDS:
        return best
    return await _with_placeholders(launch, best, known, limits, deadline)


async def _with_placeholders(
    launch: Launch, best: Heard, known: tuple[str, ...], limits: Limits, deadline: float
) -> Heard:
    """Give it harmless values: for credentials that it reads and what it complains about, then for addresses too."""
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
        if transports.opened_a_port(heard.words):
            launch, heard = await _over_stdio(launch, heard, known, limits, environment)
        best = _larger(best, heard)
        if best.tools or heard.outcome in ENDS:
            break
    return best


async def _over_stdio(
    launch: Launch, heard: Heard, known: tuple[str, ...], limits: Limits, given: Mapping[str, str] = NOTHING
) -> tuple[Launch, Heard]:
    """Where it opened a port instead of speaking, choose stdio by the option or variable that its source reads."""
    if heard.spoke or not transports.opened_a_port(heard.words):
        return launch, heard
    words = await asyncio.to_thread(transports.option, launch.sources)
    chosen = transports.variables(known)
    if not (words or chosen):
        return launch, heard
    facts = {**launch.facts, "stdio_by": " ".join([*words, *sorted(chosen)])}
    told = replace(launch, command=(*launch.command, *words), environment={**launch.environment, **chosen}, facts=facts)
    again = await _ask(told, given, limits)
    return (told, again) if again.spoke or again.outcome == "needs-credentials" else (launch, heard)


async def _ask(launch: Launch, environment: Mapping[str, str], limits: Limits) -> Heard:
    heard = await ask(launch.jail({**launch.environment, **environment}), launch.command, limits)
    facts = {**launch.facts, **heard.facts}
    if environment:
        facts["placeholders"] = placeholders.described(environment)
    return replace(heard, facts=facts)


async def _with_subcommand(launch: Launch, heard: Heard, limits: Limits, depth: int = 2) -> tuple[Launch, Heard]:
    """Where it only tells its usage, try the subcommands that this offers; keep one that gets further."""
    if heard.answered or heard.outcome in ENDS or depth == 0:
        return launch, heard
    for name in subcommands.offered(heard.words):
        facts = {**launch.facts, "subcommand": f"{launch.facts.get('subcommand', '')} {name}".strip()}
        told = replace(launch, command=(*launch.command, name), facts=facts)
        deeper, again = await _with_subcommand(told, await _ask(told, {}, limits), limits, depth - 1)
        if again.answered or again.outcome == "needs-credentials":
            return deeper, again
    return launch, heard


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
    """Keep the larger list, and of two misses the later one, which had more and so got further."""
    if heard.tools or best.tools:
        return max(best, heard, key=lambda one: len(one.tools))
    return best if best.answered > heard.answered or heard.outcome in ENDS else heard
