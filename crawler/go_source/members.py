"""Members of packages and structs: declarations, fields, methods, and what is reached through embedded fields."""

from typing import TYPE_CHECKING, Final

from crawler.go_source import types
from crawler.go_source.packages import Declared, Package
from crawler.go_source.standard import VALUES
from crawler.go_source.syntax import unquoted
from crawler.go_source.values import (
    NIL,
    Assumed,
    Cell,
    Choice,
    External,
    Function,
    Pointer,
    Scope,
    Struct,
    Tuple,
    TypeRef,
    Unknown,
    Value,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

EMBED: Final = "//go:embed "
DEEPEST: Final = 6
DECLARED: Final = {"Tool", "ToolAnnotations", "ToolAnnotation"}
"""Structs of the SDKs whose fields are all plain: one that was not set is empty."""


def package_member(machine: "Machine", package: Package, name: str) -> Value:
    """Return what a package declares under a name, or None; a variable is read when it is first asked for."""
    cell = package.scope.cells.get(name)
    if cell is not None:
        return cell.value
    declared = package.values.get(name)
    if declared is not None:
        return package_value(machine, package, name, declared)
    function = package.functions.get(name)
    if function is not None:
        return Function(function.node, package, function.file.path, Scope())
    return types.declared_type(machine, package, name)


def package_value(machine: "Machine", package: Package, name: str, declared: Declared) -> Value:
    """Read a constant or variable of a package, once."""
    machine.start(package)
    cell = package.scope.cells.setdefault(name, Cell(Unknown(f"{name}, which is made of itself")))
    if not (isinstance(cell.value, Unknown) and cell.value.why.endswith("made of itself")):
        return cell.value
    spec = declared.like or declared.node
    names = [text_of(each) for each in declared.node.children_by_field_name("name") if each.type == "identifier"]
    at = names.index(name)
    scope = Scope()
    scope.cells["iota"] = Cell(declared.count)
    with machine.apart(package, declared.file):
        value = machine.evaluate(spec.child_by_field_name("value"), scope) if has_value(spec) else NIL
        if not has_value(spec):
            value = embedded(machine, declared) or zero_of(machine, spec, package)
    if isinstance(plain(value), Tuple):
        several = plain(value).values
        value = several[at] if at < len(several) else Unknown(name)
    cell.value = value
    return value


def has_value(spec: Value) -> bool:
    """Say whether a declaration gives a value."""
    return spec.child_by_field_name("value") is not None


def zero_of(machine: "Machine", spec: Value, package: Package) -> Value:
    """Return the value of a variable that is declared by its type alone."""
    written = spec.child_by_field_name("type")
    return types.zero(machine, TypeRef(written, package, Scope())) if written is not None else NIL


def embedded(machine: "Machine", declared: Declared) -> Value:
    """Return the text of the file that `//go:embed` names, where the tree has it."""
    before = declared.node.prev_named_sibling or (declared.node.parent and declared.node.parent.prev_named_sibling)
    words = text_of(before) if before is not None and before.type == "comment" else ""
    if not words.startswith(EMBED):
        return None
    folder = declared.file.path.rpartition("/")[0]
    named = words.removeprefix(EMBED).strip()
    path = f"{folder}/{named}".lstrip("/")
    path = unquoted(named) if named[:1] in '"`' else path
    return machine.program.files.get(path, Unknown(f"the file {named}"))


def member(machine: "Machine", holder: Value, name: str, words: str) -> Value:
    """Return a member of a package, a struct, or something outside."""
    if isinstance(holder, Choice):
        return Choice(tuple((member(machine, option, name, words), path) for option, path in holder.options))
    known = target(holder)
    if isinstance(known, External):
        full = f"{known.name}.{name}" if known.name else name
        return VALUES.get(f"{known.module}.{full}", External(known.module, full))
    found = None
    if isinstance(known, Package):
        with machine.apart(known, known.files[0]):
            found = package_member(machine, known, name)
    elif isinstance(known, Struct):
        found = struct_member(machine, holder, known, name)
    return Unknown(words) if found is None else found


def struct_member(machine: "Machine", holder: Value, struct: Struct, name: str) -> Value:
    """Return a struct's field or method, None where it has neither."""
    found = field_of(machine, struct, name)
    if found is not None:
        return Assumed(found) if isinstance(holder, Assumed) and isinstance(found, bool | str) else found
    if isinstance(struct.type, External) and struct.type.name in DECLARED:
        return NIL
    return method_value(machine, holder, struct, name)


def field_of(machine: "Machine", struct: Struct, name: str, depth: int = 0) -> Value:
    """Return a struct's field, its own or an embedded one's; None where it has no such field."""
    cell = field_cell(machine, struct, name, depth)
    return cell.value if cell is not None else None


def field_cell(machine: "Machine", struct: Struct, name: str, depth: int = 0) -> Cell | None:
    """Return the place of a struct's field; a field that was never set is made with its zero value."""
    if name in struct.fields:
        return struct.fields[name]
    if isinstance(struct.type, External):
        return None
    declared = types.fields(machine, struct.type)
    for field, kind, _ in declared:
        if field == name:
            value = Unknown(f"the field {name}") if struct.open else types.zero(machine, kind)
            if struct.open and isinstance(zeroed := types.zero(machine, kind), Struct):
                value = Struct(zeroed.type, open=True)
            return struct.fields.setdefault(name, Cell(value))
    for field, _, is_embedded in declared:
        if is_embedded and depth < DEEPEST:
            inner = target(field_of(machine, struct, field, depth + 1))
            found = field_cell(machine, inner, name, depth + 1) if isinstance(inner, Struct) else None
            if found is not None:
                return found
    return None


def method_value(machine: "Machine", holder: Value, struct: Struct, name: str) -> Value:
    """Return a method bound to its receiver, or None."""
    found = types.method_of(machine, struct.type, name)
    if found is None:
        return None
    declared, package, through = found
    receiver: Value = holder if isinstance(plain(holder), Pointer) else Pointer(Cell(struct))
    for field in through:
        inner = target(receiver)
        cell = field_cell(machine, inner, field) if isinstance(inner, Struct) else None
        receiver = Unknown(f"the field {field}") if cell is None else Pointer(cell)
        if cell is not None and isinstance(plain(cell.value), Pointer):
            receiver = cell.value
    return Function(declared.node, package, declared.file.path, Scope(), receiver)
