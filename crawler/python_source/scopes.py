"""Scopes: which value a name stands for, here and under the guards that hold now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from crawler.python_source.guards import Guards, beyond, contradicted, implied
from crawler.python_source.values import Choice, Item, Module, Value, flattened

OPTIONS = 8


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, class or function call; `born` are the guards that held when it was opened."""

    kind: Literal["module", "class", "function"]
    parent: "Scope | None" = None
    born: Guards = ()
    names: dict[str, Value] = field(default_factory=dict)
    elsewhere: dict[str, "Scope"] = field(default_factory=dict)
    module: Module | None = None

    def chain(self) -> Iterator["Scope"]:
        """Yield this scope and those around it; an outer class is not seen from inside its methods."""
        yield self
        outer = self.parent
        while outer is not None:
            if outer.kind != "class":
                yield outer
            outer = outer.parent

    def find(self, name: str, guards: Guards) -> Value | None:
        """Return what a name stands for under `guards`, or None where nothing here defines it."""
        for scope in self.chain():
            value = scope.elsewhere[name].names.get(name) if name in scope.elsewhere else scope.names.get(name)
            if value is not None:
                return settled(value, guards)
        return None

    def set(self, name: str, value: Value, guards: Guards) -> None:
        """Bind a name; under a guard that did not hold when the scope was opened, the old value stays possible."""
        scope = self.elsewhere.get(name, self)
        scope.names[name] = stored(scope.names.get(name), value, guards, scope.born)


def stored(old: Value | None, new: Value, guards: Guards, born: Guards) -> Value:
    """Return what a place holds once `new` was put where `old` was, under `guards`."""
    extra = beyond(guards, born)
    if not extra or old is None or old is new:
        return new
    options = list(old.options) if isinstance(old, Choice) else [Item(old)]
    options = [option for option in options if not implied(extra, option.guards)]
    other_way = (*extra[:-1], extra[-1].negated())
    if any(set(option.guards) == set(other_way) for option in options):
        options = [option for option in options if not implied(option.guards, extra[:-1])]
    options += flattened([Item(new, extra)])
    return new if len(options) == 1 else Choice(options[:1] + options[1:][-OPTIONS:])


def settled(value: Value, guards: Guards) -> Value:
    """Return a choice without the options that cannot hold under `guards`."""
    if not isinstance(value, Choice):
        return value
    possible = [option for option in value.options if not contradicted(option.guards, guards)]
    for position in reversed(range(len(possible))):
        if implied(possible[position].guards, guards):
            possible = possible[position:]
            break
    if not possible:
        return value
    return possible[0].value if len(possible) == 1 else Choice(possible)
