"""The parts of Python's standard library that decide which tools are served, and facts about where servers run."""

# ruff: noqa: ARG001, ARG005  # all that is modelled here takes (machine, given), whether it needs them or not

import ast
import inspect
import textwrap

from crawler.python_source.builtin_functions import BUILTINS
from crawler.python_source.containers import copied
from crawler.python_source.functions import agreed, ancestors, documentation
from crawler.python_source.iteration import elements
from crawler.python_source.machine import Machine
from crawler.python_source.operators import truth
from crawler.python_source.texts import lifted
from crawler.python_source.values import (
    NONE,
    Arguments,
    Bound,
    Choice,
    Class,
    Const,
    External,
    Function,
    Instance,
    Item,
    Mapping,
    Module,
    Native,
    Partial,
    Sequence,
    Value,
    text,
    unknown,
)


def _partial(_machine: Machine, given: Arguments) -> Value:
    if not given.positional:
        return unknown("partial()")
    return Partial(given.positional[0], given.positional[1:], given.keywords)


def _wraps(_machine: Machine, given: Arguments) -> Value:
    original = given.positional[0] if given.positional else NONE
    return Native("wraps", lambda machine, again: wrapped(again.positional[0] if again.positional else NONE, original))


def wrapped(wrapper: Value, original: Value) -> Value:
    """Make a function look like the one that it wraps."""
    original = agreed(original)
    original = original.options[0].value if isinstance(original, Choice) else original
    if isinstance(wrapper, Function) and isinstance(original, Function | Bound):
        wrapper.wrapped = original
        inner = original.function if isinstance(original, Bound) else original
        wrapper.attributes = {**inner.attributes, **wrapper.attributes}
    return wrapper


def _update_wrapper(_machine: Machine, given: Arguments) -> Value:
    return wrapped(given.positional[0], given.positional[1]) if len(given.positional) > 1 else NONE


def _import_module(machine: Machine, given: Arguments) -> Value:
    name, package = text(given.get(0, "name")), text(given.get(1, "package"))
    if name is None:
        return unknown("a module whose name is not known")
    if name.startswith("."):
        level = len(name) - len(name.lstrip("."))
        base = (package or "").split(".")
        name = ".".join([*base[: len(base) - level + 1], name.lstrip(".")])
    return machine.load(name) or machine.outside(name)


def _iter_modules(machine: Machine, given: Arguments) -> Value:
    return _modules_below(machine, given, deep=False)


def _walk_packages(machine: Machine, given: Arguments) -> Value:
    return _modules_below(machine, given, deep=True)


def _modules_below(machine: Machine, given: Arguments, *, deep: bool) -> Value:
    prefix = text(given.get(1, "prefix")) or ""
    found = Sequence()
    for item in elements(machine, given.get(0, "path") or NONE).items:
        folder = machine.attribute(item.value, "as_posix") if isinstance(item.value, Instance) else item.value
        path = text(machine.call_with(folder, node=ast.Pass())) if isinstance(folder, Native) else text(folder)
        if path is None and isinstance(item.value, Instance):
            path = getattr(item.value.native, "path", None)
        if path is not None:
            found.items += _module_infos(machine, path.strip("/"), prefix, deep=deep)
    return found if found.items else unknown("the modules of a package")


def _module_infos(machine: Machine, folder: str, prefix: str, *, deep: bool) -> list[Item]:
    infos: list[Item] = []
    for name, is_package in machine.index.children(folder):
        machine.spend()
        parts: list[Value] = [unknown("a finder"), Const(prefix + name), Const(is_package)]
        named = dict(zip(("module_finder", "name", "ispkg"), parts, strict=True))
        infos.append(Item(Instance(External("pkgutil.ModuleInfo"), named, parts)))
        if deep and is_package:
            infos += _module_infos(machine, f"{folder}/{name}".strip("/"), f"{prefix}{name}.", deep=deep)
    return infos


def _get_members(machine: Machine, given: Arguments) -> Value:
    subject = given.get(0, "object") or NONE
    predicate = given.get(1, "predicate")
    of = subject.of if isinstance(subject, Instance) else subject
    names: dict[str, None] = {}
    for each in reversed(ancestors(of)):
        if isinstance(each, Class | Module):
            names.update(dict.fromkeys(each.scope.names))
    found = Sequence()
    for name in sorted(names):
        value = machine.attribute(subject, name)
        if _passes(machine, predicate, value, given):
            found.items.append(Item(Sequence([Item(Const(name)), Item(value)], "tuple")))
    return found if names else unknown("the members of something")


def _passes(machine: Machine, predicate: Value | None, value: Value, given: Arguments) -> bool:
    if isinstance(predicate, External):
        kinds = {"isfunction": Function, "ismethod": Bound, "iscoroutinefunction": Function | Bound, "isclass": Class}
        kind = kinds.get(predicate.last)
        if predicate.last == "iscoroutinefunction":
            return is_async(value)
        return isinstance(value, kind) if kind is not None else isinstance(value, Function | Bound)
    if predicate is None or (isinstance(predicate, Const) and predicate.value is None):
        return True
    return truth(machine.call_with(predicate, value, node=given.node)).known is not False


def is_async(value: Value) -> bool:
    """Say whether a function is a coroutine function."""
    function = value.function if isinstance(value, Bound) else value
    return isinstance(function, Function) and isinstance(function.node, ast.AsyncFunctionDef)


def _checks(kind: type[Value] | tuple[type[Value], ...]) -> Native:
    def code(_machine: Machine, given: Arguments) -> Value:
        value = given.positional[0] if given.positional else NONE
        return unknown("inspection") if isinstance(value, External) else Const(isinstance(value, kind))

    return Native("inspect", code)


def _is_coroutine(_machine: Machine, given: Arguments) -> Value:
    value = given.positional[0] if given.positional else NONE
    return Const(is_async(value)) if isinstance(value, Function | Bound) else unknown("inspection")


def _getdoc(_machine: Machine, given: Arguments) -> Value:
    value = given.positional[0] if given.positional else NONE
    function = value.function if isinstance(value, Bound) else value
    documented = documentation(function) if isinstance(function, Function) else None
    return Const(inspect.cleandoc(documented)) if documented is not None else unknown("documentation")


def _dedent(_machine: Machine, given: Arguments) -> Value:
    plain = text(given.positional[0]) if given.positional else None
    return lifted(textwrap.dedent(plain)) if plain is not None else unknown("a text")


def _default_dict(machine: Machine, given: Arguments) -> Value:
    return Mapping(born=machine.guards)


def _chain(machine: Machine, given: Arguments) -> Value:
    made = Sequence(born=machine.guards)
    for each in given.positional:
        found = elements(machine, each)
        made.items += found.items
        made.rest = made.rest or found.rest
    return made


def _chain_all(machine: Machine, given: Arguments) -> Value:
    spread = [item.value for item in elements(machine, given.positional[0]).items] if given.positional else []
    return _chain(machine, Arguments(spread, {}, given.node, given.where))


def _getenv(environment: Mapping) -> Native:
    def code(machine: Machine, given: Arguments) -> Value:
        return machine.call(machine.attribute(environment, "get"), given)

    return Native("os.getenv", code)


def _copied(machine: Machine, given: Arguments) -> Value:
    value = given.positional[0] if given.positional else NONE
    return copied(value, machine.guards) if isinstance(value, Sequence | Mapping) else value


def standard_library() -> dict[str, Value]:
    """Return what the names of the standard library stand for; a server runs on Linux, with nothing set."""
    environment = Mapping(assumed=True)
    known: dict[str, Value] = {f"builtins.{name}": Native(name, code) for name, code in BUILTINS.items()}
    codes = {
        "functools.partial": _partial,
        "functools.wraps": _wraps,
        "functools.update_wrapper": _update_wrapper,
        "importlib.import_module": _import_module,
        "pkgutil.iter_modules": _iter_modules,
        "pkgutil.walk_packages": _walk_packages,
        "inspect.getmembers": _get_members,
        "inspect.iscoroutinefunction": _is_coroutine,
        "asyncio.iscoroutinefunction": _is_coroutine,
        "inspect.getdoc": _getdoc,
        "inspect.cleandoc": _dedent,
        "textwrap.dedent": _dedent,
        "collections.defaultdict": _default_dict,
        "collections.OrderedDict": BUILTINS["dict"],
        "types.MappingProxyType": BUILTINS["dict"],
        "collections.deque": BUILTINS["list"],
        "itertools.chain": _chain,
        "itertools.chain.from_iterable": _chain_all,
        "copy.copy": _copied,
        "copy.deepcopy": _copied,
    }
    known |= {name: Native(name, code) for name, code in codes.items()}
    known |= {
        "os.environ": environment,
        "os.getenv": _getenv(environment),
        "os.fspath": Native("os.fspath", BUILTINS["str"]),
        "inspect.isfunction": _checks(Function),
        "inspect.ismethod": _checks(Bound),
        "inspect.isclass": _checks(Class),
        "inspect.isroutine": _checks((Function, Bound, Native)),
        "sys.argv": Sequence([Item(Const("server", assumed=True))], assumed=True),
        "sys.platform": Const("linux", assumed=True),
        "os.name": Const("posix", assumed=True),
        "platform.system()": Const("Linux", assumed=True),
        "platform.system": Native("platform.system", lambda machine, given: Const("Linux", assumed=True)),
        "sys.version_info": Sequence([Item(Const(3)), Item(Const(12)), Item(Const(0))], "tuple"),
        "ctx.invoked_subcommand": Const(None, assumed=True),
        "context.invoked_subcommand": Const(None, assumed=True),
        "os.sep": Const("/"),
        "os.linesep": Const("\n"),
    }
    return known
