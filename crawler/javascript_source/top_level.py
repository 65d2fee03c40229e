"""A module's top level: imports and exports, and declarations that are evaluated when they are needed first."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

from crawler.javascript_source import classes, statements
from crawler.javascript_source.limits import CALL_SHARE, EARLY_SHARE, LARGE_SOURCE, PROGRAM_STARTS
from crawler.javascript_source.syntax import FUNCTIONS, line_of, parts, string_value, text_of
from crawler.javascript_source.values import UNDEFINED, Cell, FunctionValue, Jump, OutOfFuelError, Return, Thrown, Value

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

INERT: Final = FUNCTIONS | {"class", "string", "number", "true", "false", "null", "regex", "undefined"}
"""Values whose evaluation does nothing."""
PUT_OFF: Final = INERT | {"object", "array", "template_string"}
DECLARATIONS: Final = frozenset({"lexical_declaration", "variable_declaration"})
CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration"})


def run_module(machine: "Machine", module: Any) -> None:
    """Read a module: bind its imports, list its exports, do its statements, then evaluate what was put off."""
    nodes = parts(module.root)
    statements.declare_functions(machine, nodes, module.scope)
    for node in nodes:
        prepare(machine, node, module)
    for node in nodes:
        if node.type == "import_statement" or (node.type == "export_statement" and source_of(node)):
            load_import(machine, node, module)
    is_large = len(module.text) > LARGE_SOURCE
    for node in nodes:
        if node.type not in statements.FUNCTION_DECLARATIONS:
            guarded(machine, module, node, lambda node=node: run_statement(machine, node, module, is_large=is_large))  # type: ignore[misc]
    for node in reversed(nodes):
        guarded(machine, module, node, lambda node=node: drain(machine, node, module))  # type: ignore[misc]


def guarded(machine: "Machine", module: Any, node: Node, act: Callable[[], None]) -> None:
    """Do one top-level statement; what it throws ends nothing but itself, nor does it take all the fuel."""
    path, floor = machine.path, machine.floor
    machine.floor = max(floor, machine.allowance - int((machine.allowance - floor) * share_of(node, module)))
    try:
        act()
    except (Thrown, Return, Jump):
        machine.path = path
    except OutOfFuelError:
        if machine.allowance < floor or machine.fuel < 0:
            raise
        machine.loader.unread[f"{module.path}:{line_of(node)}"] = "a statement took so many steps that it was left"
    finally:
        machine.path, machine.floor = path, floor


def share_of(node: Node, module: Any) -> float:
    """Return the part of the fuel that a statement may take: in a bundle the program itself comes last."""
    is_early = len(module.text) > LARGE_SOURCE and node.end_byte < len(module.text) * PROGRAM_STARTS
    return EARLY_SHARE if is_early else CALL_SHARE


def prepare(machine: "Machine", node: Node, module: Any) -> None:
    """Declare what a top-level statement names, without evaluating it."""
    declared = node
    if node.type == "export_statement":
        prepare_export(machine, node, module)
        declared = node.child_by_field_name("declaration") or node
    if node.type == "import_statement":
        prepare_import(machine, node, module)
    elif declared.type in DECLARATIONS:
        for declarator in parts(declared):
            prepare_declarator(machine, declarator, module)
    elif declared.type in CLASSES:
        name = declared.child_by_field_name("name")
        if name is not None:
            put_off(module, text_of(name), declared, lambda: classes.class_value(machine, declared, module.scope))
    elif declared.type == "enum_declaration":
        machine.execute(declared, module.scope)


def put_off(module: Any, name: str, node: Node, compute: Callable[[], Value]) -> None:
    """Declare a variable that is computed when it is read first."""
    module.scope.cells[name] = Cell(pending=compute, node=node)


def prepare_declarator(machine: "Machine", declarator: Node, module: Any) -> None:
    """Declare a variable with its value put off; a pattern's names each put off the whole pattern."""
    name, value_node = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
    if name is None or value_node is None or declarator.type != "variable_declarator":
        return
    if name.type == "identifier":
        put_off(module, text_of(name), value_node, lambda: named(machine, value_node, module, text_of(name)))
        return
    for identifier in pattern_names(name):
        put_off(module, identifier, value_node, lambda key=identifier: taken(machine, declarator, module, key))  # type: ignore[misc]


def named(machine: "Machine", value_node: Node, module: Any, name: str) -> Value:
    """Evaluate a put-off declaration; a function takes the variable's name."""
    value = machine.evaluate(value_node, module.scope)
    if hasattr(value, "name") and not value.name:
        value.name = name
    return value


def taken(machine: "Machine", declarator: Node, module: Any, key: str) -> Value:
    """Evaluate a put-off pattern and return the part that one name gets."""
    statements.declare_variable(machine, declarator, module.scope, module.scope)
    return module.scope.cells[key].value


def pattern_names(pattern: Node) -> list[str]:
    """Return the names that a pattern declares."""
    found: list[str] = []
    waiting = [pattern]
    while waiting:
        node = waiting.pop()
        if node.type in {"identifier", "type_identifier", "shorthand_property_identifier_pattern"}:
            found.append(text_of(node))
        elif node.type in {"assignment_pattern", "object_assignment_pattern"}:
            left = node.child_by_field_name("left")
            waiting += [left] if left else []
        elif node.type == "pair_pattern":
            value = node.child_by_field_name("value")
            waiting += [value] if value else []
        else:
            waiting += parts(node)
    return found


def run_statement(machine: "Machine", node: Node, module: Any, *, is_large: bool) -> None:
    """Do a top-level statement; a large file's declarations wait until they are needed."""
    declared = node
    if node.type == "export_statement":
        declared = node.child_by_field_name("declaration") or node
    if declared.type in DECLARATIONS:
        for declarator in parts(declared):
            declare(machine, declarator, module, is_large=is_large)
    elif declared.type not in CLASSES and declared.type not in {"import_statement", "enum_declaration"}:
        machine.execute(declared, module.scope)


def declare(machine: "Machine", declarator: Node, module: Any, *, is_large: bool) -> None:
    """Evaluate a declaration whose value may do something, unless it waits."""
    value_node, name = declarator.child_by_field_name("value"), declarator.child_by_field_name("name")
    if name is None:
        return
    if value_node is None:
        module.scope.cells.setdefault(text_of(name), Cell())
    elif not is_large and value_node.type not in PUT_OFF:
        force(machine, name, module)


def force(machine: "Machine", name: Node, module: Any) -> None:
    """Evaluate what was put off for a declaration's names."""
    for identifier in pattern_names(name):
        cell = module.scope.cells.get(identifier)
        if cell is not None and not cell.live:
            machine.read(cell)


def drain(machine: "Machine", node: Node, module: Any) -> None:
    """Evaluate what nobody needed, since a declaration may register something too."""
    declared = node
    if node.type == "export_statement":
        declared = node.child_by_field_name("declaration") or node
    if declared.type in CLASSES and b"@" in (node.text or b""):
        name = declared.child_by_field_name("name")
        if name is not None:
            force(machine, name, module)
    if declared.type not in DECLARATIONS:
        return
    for declarator in parts(declared):
        value_node, name = declarator.child_by_field_name("value"), declarator.child_by_field_name("name")
        if name is not None and value_node is not None and value_node.type not in INERT:
            force(machine, name, module)


def source_of(node: Node) -> str | None:
    """Return the specifier of an import or of an export from another module."""
    source = node.child_by_field_name("source")
    if source is None:
        clause = next((child for child in parts(node) if child.type == "import_require_clause"), None)
        source = clause.child_by_field_name("source") if clause else None
    return string_value(source) if source else None


def load_import(machine: "Machine", node: Node, module: Any) -> None:
    """Read the module that an import names, before the importing module's own statements."""
    specifier = source_of(node)
    if specifier is not None and not any(child.type == "type" for child in node.children):
        machine.loader.find(machine, specifier, module.path)


def prepare_import(machine: "Machine", node: Node, module: Any) -> None:
    """Declare the names that an import binds."""
    specifier = source_of(node)
    if specifier is None:
        return

    def bind(local: str, name: str | None) -> None:
        def read() -> Value:
            found = machine.loader.find(machine, specifier, module.path)
            held = found if name is None else machine.get(found, name)
            return found if held is UNDEFINED and name == "default" else held

        module.scope.cells[local] = Cell(pending=read, live=True)

    for clause in parts(node):
        if clause.type == "import_require_clause":
            bind(text_of(parts(clause)[0]), None)
        for part in parts(clause) if clause.type == "import_clause" else []:
            bind_clause(part, bind)


def bind_clause(part: Node, bind: Callable[[str, str | None], None]) -> None:
    """Bind one part of an import: the default, the whole namespace, or a list of names."""
    if part.type == "identifier":
        bind(text_of(part), "default")
    elif part.type == "namespace_import":
        bind(text_of(parts(part)[0]), None)
    elif part.type == "named_imports":
        for name, alias in specifiers(part):
            bind(alias, name)


def specifiers(clause: Node) -> list[tuple[str, str]]:
    """Return the (name, alias) pairs of an import or export list."""
    pairs: list[tuple[str, str]] = []
    for item in parts(clause):
        name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
        if name is not None:
            text = string_value(name) if name.type == "string" else text_of(name)
            pairs.append((text, text_of(alias) if alias else text))
    return pairs


def prepare_export(machine: "Machine", node: Node, module: Any) -> None:
    """List what an export statement gives."""
    declared = node.child_by_field_name("declaration")
    specifier = source_of(node)
    is_default = any(child.type == "default" for child in node.children)
    value = node.child_by_field_name("value")
    if is_default:
        export_default(machine, declared or value, module)
    elif declared is not None:
        for name in declared_names(declared):
            module.exports[name] = reader(machine, module, name)
    elif specifier is not None:
        export_from(machine, node, specifier, module)
    else:
        for clause in parts(node):
            if clause.type == "export_clause":
                for name, alias in specifiers(clause):
                    module.exports[alias] = reader(machine, module, name)


def reader(machine: "Machine", module: Any, name: str) -> Callable[[], Value]:
    """Return what reads one of the module's variables."""

    def read() -> Value:
        cell = module.scope.cells.get(name)
        return machine.read(cell) if cell else UNDEFINED

    return read


def export_default(machine: "Machine", declared: Node | None, module: Any) -> None:
    """List a module's default export."""
    if declared is None:
        return
    name = declared.child_by_field_name("name") if declared.type != "identifier" else None
    if name is not None and declared.type in (statements.FUNCTION_DECLARATIONS | CLASSES):
        module.exports["default"] = reader(machine, module, text_of(name))
        return
    put_off(module, "%default", declared, lambda: default_value(machine, declared, module))
    module.exports["default"] = reader(machine, module, "%default")


def default_value(machine: "Machine", declared: Node, module: Any) -> Value:
    """Evaluate a default export that has no name."""
    if declared.type in statements.FUNCTION_DECLARATIONS:
        return FunctionValue(declared, module.scope, "default")
    if declared.type in CLASSES:
        return classes.class_value(machine, declared, module.scope)
    return machine.evaluate(declared, module.scope)


def declared_names(declared: Node) -> list[str]:
    """Return the names that a declaration declares."""
    if declared.type in DECLARATIONS:
        return [
            name
            for item in parts(declared)
            if (pattern := item.child_by_field_name("name"))
            for name in pattern_names(pattern)
        ]
    name = declared.child_by_field_name("name")
    return [text_of(name)] if name else []


def export_from(machine: "Machine", node: Node, specifier: str, module: Any) -> None:
    """List what is given on from another module."""

    def given(name: str | None) -> Callable[[], Value]:
        def read() -> Value:
            found = machine.loader.find(machine, specifier, module.path)
            return found if name is None else machine.get(found, name)

        return read

    clause = next(iter(parts(node)), None)
    if clause is not None and clause.type == "export_clause":
        for name, alias in specifiers(clause):
            module.exports[alias] = given(name)
    elif clause is not None and clause.type == "namespace_export":
        module.exports[text_of(parts(clause)[0])] = given(None)
    else:
        module.stars.append(machine.loader.find(machine, specifier, module.path))
