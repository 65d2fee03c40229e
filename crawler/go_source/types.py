"""What a written type means, what its zero value is, and what a generic function's type parameters are bound to."""

from typing import TYPE_CHECKING, Any

from tree_sitter import Node

from crawler.go_source.packages import Declared, Package, specs
from crawler.go_source.syntax import fields_of, parameter_types
from crawler.go_source.values import (
    NIL,
    External,
    Function,
    MapValue,
    Named,
    Scope,
    Slice,
    Struct,
    TypeRef,
    Unknown,
    Value,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

GO_TYPES = frozenset(
    {"string", "bool", "byte", "rune", "error", "any", "int", "int8", "int16", "int32", "int64", "uint", "uint8"}
    | {"uint16", "uint32", "uint64", "uintptr", "float32", "float64", "complex64", "complex128", "comparable"}
)
NUMBERS = GO_TYPES - {"string", "bool", "error", "any", "comparable"}
POINTERS = {"pointer_type", "interface_type", "function_type", "channel_type"}
LOOPS = 8


def resolve(machine: "Machine", kind: TypeRef) -> Any:
    """Return what a type's name stands for: Named, External, a Go type's name, or the TypeRef of a type literal."""
    node, package = kind.node, kind.package
    while node.type in {"parenthesized_type", "type_elem"}:
        node = node.named_children[0]
    if node.type == "generic_type":
        return generic(machine, TypeRef(node, package, kind.bound))
    if node.type == "qualified_type":
        return qualified(machine, kind, node)
    if node.type not in {"type_identifier", "identifier"}:
        return TypeRef(node, package, kind.bound)
    name = text_of(node)
    bound = kind.bound.find_type(name)
    if bound is not None:
        return bound if not isinstance(bound, TypeRef) else resolve(machine, bound)
    return declared_type(machine, package, name) or (name if name in GO_TYPES else Unknown(f"the type {name}"))


def declared_type(machine: "Machine", package: Package, name: str, depth: int = 0) -> Any:
    """Return a package's own type; what another name stands for is followed."""
    declared = package.types.get(name)
    if declared is None:
        return None
    written = declared.node.child_by_field_name("type")
    if declared.node.type == "type_alias" and written is not None and depth < LOOPS:
        return resolve(machine, TypeRef(written, package, Scope()))
    return Named(name, package, Scope())


def qualified(machine: "Machine", kind: TypeRef, node: Node) -> Any:
    """Return the type of another package."""
    prefix = text_of(node.child_by_field_name("package"))
    name = text_of(node.child_by_field_name("name"))
    found = imported(machine, kind.package, prefix, node)
    if isinstance(found, Package):
        return declared_type(machine, found, name) or Unknown(f"the type {prefix}.{name}")
    return External(found, name) if found else Unknown(f"the type {prefix}.{name}")


def imported(machine: "Machine", package: Package, name: str, node: Node) -> Package | str | None:
    """Return what a file calls by this name: a package of the program, or an import path outside."""
    path = next((file.imports[name] for file in candidates(machine, package) if name in file.imports), None)
    if path is None:
        paths = [each for file in candidates(machine, package) for each in file.imports.values()]
        named = ((each, machine.program.find(each)) for each in paths)
        inside = next((found for _, found in named if found is not None and found.name == name), None)
        if inside is not None:
            return inside
        path = next((each for each in paths if name in each.rpartition("/")[2].replace("-", "_").split("_")), None)
    del node
    return (machine.program.find(path) or path) if path is not None else None


def candidates(machine: "Machine", package: Package) -> list[Any]:
    """Return the files of a package, the one that is being followed first."""
    current = machine.frame.file if machine.frames and machine.frame.package is package else None
    return [current, *package.files] if current is not None else list(package.files)


def generic(machine: "Machine", kind: TypeRef) -> Any:
    """Return a generic type with its parameters bound to what is written."""
    base = kind.node.child_by_field_name("type")
    arguments = kind.node.child_by_field_name("type_arguments")
    if base is None:
        return Unknown("a generic type")
    found = resolve(machine, TypeRef(base, kind.package, kind.bound))
    if not isinstance(found, Named) or arguments is None:
        return found
    declared = found.package.types[found.name].node
    bound = Scope()
    for name, given in zip(type_parameters(declared), arguments.named_children, strict=False):
        bound.types[name] = TypeRef(given, kind.package, kind.bound)
    return Named(found.name, found.package, bound)


def type_parameters(node: Node) -> list[str]:
    """Return the names of a declaration's type parameters."""
    parameters = node.child_by_field_name("type_parameters")
    found: list[str] = []
    for declaration in parameters.named_children if parameters is not None else ():
        found += [text_of(name) for name in declaration.children_by_field_name("name") if name.type == "identifier"]
    return found


def underlying(machine: "Machine", kind: Any) -> Any:
    """Return the type literal or Go type behind a declared type."""
    for _ in range(LOOPS):
        if isinstance(kind, TypeRef):
            found = resolve(machine, kind)
            if isinstance(found, TypeRef):
                return found
            kind = found
        if not isinstance(kind, Named):
            return kind
        written = kind.package.types[kind.name].node.child_by_field_name("type")
        if written is None:
            return kind
        kind = TypeRef(written, kind.package, kind.bound)
    return kind


def zero(machine: "Machine", kind: Any) -> Value:
    """Return the value that a variable of a type has before it is set."""
    named = resolve(machine, kind) if isinstance(kind, TypeRef) else kind
    found = underlying(machine, named)
    if isinstance(found, str):
        return {"string": "", "bool": False}.get(found, 0 if found in NUMBERS else NIL)
    if not isinstance(found, TypeRef):
        return struct_of(named) if isinstance(named, External) else Unknown("a value of a type that is not known")
    if found.node.type == "struct_type":
        return Struct(named if isinstance(named, Named) else found)
    if found.node.type in {"slice_type", "array_type"}:
        return Slice()
    if found.node.type == "map_type":
        return MapValue(element=element_of(found))
    return NIL if found.node.type in POINTERS else Unknown("a value of a type that is not known")


def struct_of(kind: External) -> Value:
    """Return an empty struct of a type outside, whose fields are not known."""
    return Struct(kind, open=True)


def element_of(kind: TypeRef) -> TypeRef | None:
    """Return the type of the elements of a slice or map type."""
    written = kind.node.child_by_field_name("element") or kind.node.child_by_field_name("value")
    return TypeRef(written, kind.package, kind.bound) if written is not None else None


def fields(machine: "Machine", kind: Any) -> list[tuple[str, TypeRef, bool]]:
    """Return a struct type's fields in order: name, type, and whether it is embedded."""
    literal = underlying(machine, kind)
    if not isinstance(literal, TypeRef) or literal.node.type != "struct_type":
        return []
    found: list[tuple[str, TypeRef, bool]] = []
    for declaration in fields_of(literal.node):
        written = declaration.child_by_field_name("type")
        if written is None:
            continue
        inner = TypeRef(written, literal.package, literal.bound)
        names = [text_of(name) for name in declaration.children_by_field_name("name") if name.type != ","]
        found += [(name, inner, False) for name in names]
        if not names:
            found.append((text_of(written).lstrip("*").rpartition(".")[2].partition("[")[0], inner, True))
    return found


def bind(machine: "Machine", function: Function, arguments: list[Value], scope: Scope) -> None:
    """Bind a generic function's type parameters by what it is called with."""
    wanted = set(type_parameters(function.node))
    if not wanted:
        return
    for kind, argument in zip(parameter_types(function.node), arguments, strict=False):
        known = target(argument)
        if isinstance(known, Function):
            unify_function(kind, known, wanted, scope)
        elif isinstance(known, Struct) and text_of(kind).lstrip("*") in wanted and isinstance(known.type, Named):
            scope.types.setdefault(text_of(kind).lstrip("*"), known.type)
    del machine


def unify_function(kind: Node, known: Function, wanted: set[str], scope: Scope) -> None:
    """Bind the type parameters in a function's type by the types of a function that is given for it."""
    given = list(parameter_types(known.node))
    if kind.type == "generic_type":
        arguments = kind.child_by_field_name("type_arguments")
        names = [text_of(each) for each in arguments.named_children] if arguments is not None else []
        if names and names[0] in wanted and given:
            last = given[-1].named_children[0] if given[-1].type == "pointer_type" else given[-1]
            scope.types.setdefault(names[0], TypeRef(last, known.package, known.scope))
        return
    if kind.type == "function_type":
        for written, actual in zip(parameter_types(kind), given, strict=False):
            name = text_of(written).lstrip("*")
            if name in wanted:
                bare = actual.named_children[0] if actual.type == "pointer_type" else actual
                scope.types.setdefault(name, TypeRef(bare, known.package, known.scope))


def local_types(node: Node, scope: Scope, package: Package) -> None:
    """Declare the types of a block."""
    for spec in specs(node):
        written = spec.child_by_field_name("type")
        if written is not None:
            scope.types[text_of(spec.child_by_field_name("name"))] = TypeRef(written, package, scope)


def method_of(
    machine: "Machine", kind: Any, name: str, depth: int = 0
) -> tuple[Declared, Package, tuple[str, ...]] | None:
    """Return a type's method, and the embedded fields through which it is reached."""
    if isinstance(kind, TypeRef):
        kind = resolve(machine, kind)
    if isinstance(kind, TypeRef) and kind.node.type == "pointer_type":
        return method_of(machine, TypeRef(kind.node.named_children[0], kind.package, kind.bound), name, depth + 1)
    if depth > LOOPS or not isinstance(kind, Named | TypeRef):
        return None
    if isinstance(kind, Named):
        declared = kind.package.methods.get(kind.name, {}).get(name)
        if declared is not None:
            return declared, kind.package, ()
    for field, inner, embedded in fields(machine, kind):
        found = method_of(machine, inner, name, depth + 1) if embedded else None
        if found is not None:
            return found[0], found[1], (field, *found[2])
    return None
