"""What classes, their instances and their fields mean."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import calls, objects, outside, patterns, statements, zod_bundled
from crawler.javascript_source.limits import CALL_DEPTH
from crawler.javascript_source.syntax import has_token, line_of, parts, summary_of, text_of
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    ArrayValue,
    Choice,
    ClassValue,
    FunctionValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    Scope,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

FIELDS: Final = frozenset({"field_definition", "public_field_definition"})
SMALLEST_KNOWN_CLASS: Final = 3
SDK: Final = "@modelcontextprotocol/sdk"
KNOWN_CLASSES: Final[tuple[tuple[str, str, frozenset[str]], ...]] = (
    ("McpServer", SDK, frozenset({"setToolRequestHandlers", "registerTool"})),
    ("McpServer", SDK, frozenset({"setToolRequestHandlers", "tool"})),
    ("Server", SDK, frozenset({"assertNotificationCapability", "assertRequestHandlerCapability", "createMessage"})),
    ("Protocol", SDK, frozenset({"setRequestHandler", "assertCanSetRequestHandler", "setNotificationHandler"})),
    ("Protocol", SDK, frozenset({"setRequestHandler", "removeRequestHandler", "setNotificationHandler"})),
    ("FastMCP", "fastmcp", frozenset({"addTool", "addPrompt", "addResourceTemplate", "embedded"})),
    ("Command", "commander", frozenset({"requiredOption", "parseAsync", "action"})),
    ("YargsInstance", "yargs", frozenset({"positional", "demandCommand", "parseAsync"})),
    ("Ajv", "ajv", frozenset({"compileAsync", "addKeyword", "validateSchema"})),
    ("CAC", "cac", frozenset({"globalCommand", "runMatchedCommand"})),
)
"""Classes of well-known packages as they appear in bundles, where their methods keep their names."""


def class_value(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate a class; the SDK's own, met in a bundle, is the same as the SDK outside."""
    body = node.child_by_field_name("body")
    name_node = node.child_by_field_name("name")
    name = text_of(name_node) if name_node else ""
    members = parts(body) if body else []
    known = known_class(members)
    if known is not None:
        return known
    parent = heritage(machine, node, scope)
    inherited = parent.prototype if isinstance(parent, ClassValue) else parent
    prototype = ObjectValue(prototype=inherited if isinstance(inherited, ObjectValue | Opaque) else None)
    inner = scope.block()
    made = ClassValue(node, inner, name, parent, prototype, {}, [])
    prototype.properties["constructor"] = made
    if name:
        patterns.declare(inner, name, made)
    fill(machine, made, members)
    return made


def known_class(members: list[Node]) -> Opaque | None:
    """Return the well-known package's class that has these members, or None."""
    if len(members) < SMALLEST_KNOWN_CLASS:
        return None
    names = {text_of(name) for member in members if (name := member.child_by_field_name("name"))}
    return next((Opaque(label, package) for label, package, wanted in KNOWN_CLASSES if wanted <= names), None)


def heritage(machine: "Machine", node: Node, scope: Scope) -> ClassValue | Opaque | FunctionValue | None:
    """Return what a class extends."""
    clause = next((child for child in parts(node) if child.type == "class_heritage"), None)
    if clause is None:
        return None
    expression: Node | None = parts(clause)[0]
    if expression is not None and expression.type == "extends_clause":
        expression = expression.child_by_field_name("value")
    if expression is None or expression.type == "implements_clause":
        return None
    parent = usual(machine.evaluate(expression, scope))
    return parent if isinstance(parent, ClassValue | Opaque | FunctionValue) else None


def fill(machine: "Machine", made: ClassValue, members: list[Node]) -> None:
    """Give a class its methods, fields and static parts, and run its decorators."""
    decorators: list[Node] = []
    for member in members:
        if member.type == "decorator":
            decorators.append(member)
            continue
        if member.type == "method_definition":
            add_method(machine, made, member)
            decorators += member.children_by_field_name("decorator")
            decorate(machine, made, member, decorators)
        elif member.type in FIELDS:
            add_field(machine, made, member)
        elif member.type == "class_static_block":
            scope = static_scope(made)
            statements.execute_body(machine, member.child_by_field_name("body"), scope)
        decorators = []


def add_method(machine: "Machine", made: ClassValue, member: Node) -> None:
    """Add a method, accessor or constructor."""
    properties = made.properties if has_token(member, "static") else made.prototype.properties
    previous = properties.get("constructor")
    method = objects.add_method(machine, properties, member, made.scope)
    if method is None:
        return
    method.home = made
    if method.name == "constructor" and not has_token(member, "static"):
        made.constructor = method
        if previous is not None:
            properties["constructor"] = previous


def add_field(machine: "Machine", made: ClassValue, member: Node) -> None:
    """Keep a field for each instance, or set a static one."""
    if not has_token(member, "static"):
        made.fields.append(member)
        return
    set_field(machine, made, made, member, static_scope(made))


def static_scope(made: ClassValue) -> Scope:
    """Make the scope in which a class's static parts run."""
    scope = Scope(made.scope, made.scope.module)
    patterns.declare(scope, "this", made)
    return scope


def decorate(machine: "Machine", made: ClassValue, member: Node, decorators: list[Node]) -> None:
    """Call each decorator with the class and the method's name."""
    key = member.child_by_field_name("name")
    for decorator in decorators:
        value = machine.evaluate(parts(decorator)[0], made.scope) if parts(decorator) else UNDEFINED
        target = ArrayValue([made.prototype, text_of(key) if key else ""])
        machine.call(value, UNDEFINED, target, decorator)


def new_expression(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `new Class(…)`."""
    maker, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    if maker is None:
        return Opaque(summary_of(node))
    given = calls.arguments_of(machine, arguments, scope) if arguments else ArrayValue()
    return construct(machine, machine.evaluate(maker, scope), given, node)


def construct(machine: "Machine", maker: Value, arguments: ArrayValue, node: Node | None) -> Value:
    """Make an instance."""
    if isinstance(maker, Choice | Setting):
        maker = usual(maker)
    schema = zod_bundled.schema_from(machine, maker, arguments)
    if schema is not None:
        return schema
    if isinstance(maker, ClassValue):
        where = f"{maker.scope.module.path}:{line_of(maker.node)}"
        made = ObjectValue(prototype=maker.prototype, maker=maker, path=machine.path, where=where)
        initialise(machine, maker, made, arguments)
        return made
    if isinstance(maker, FunctionValue):
        return construct_by_function(machine, maker, arguments)
    if isinstance(maker, NativeFunction):
        return maker.run(machine, UNDEFINED, arguments)
    return outside.construct(machine, maker, arguments, node)


def construct_by_function(machine: "Machine", maker: FunctionValue, arguments: ArrayValue) -> Value:
    """Make an instance as code from before classes does; a function that returns an object gives that one."""
    prototype = machine.get(maker, "prototype")
    made = ObjectValue(prototype=prototype if isinstance(prototype, ObjectValue | Opaque) else None, path=machine.path)
    returned = machine.call(maker, made, arguments)
    return returned if isinstance(returned, ObjectValue | ArrayValue | FunctionValue) else made


def initialise(machine: "Machine", maker: Value, made: Value, arguments: ArrayValue) -> None:
    """Run a class's fields and constructor, and its parents', on a new instance."""
    if isinstance(maker, FunctionValue):
        machine.call(maker, made, arguments)
    if isinstance(maker, Opaque):
        outside.extended(machine, maker, made, arguments)
    if not isinstance(maker, ClassValue) or len(machine.frames) > CALL_DEPTH:
        return
    if maker.parent is None:
        set_fields(machine, maker, made)
    if maker.constructor is not None:
        calls.invoke(machine, maker.constructor, made, arguments)
    elif maker.parent is not None:
        machine.with_frame(lambda: initialise(machine, maker.parent, made, arguments))
        set_fields(machine, maker, made)


def call_super(machine: "Machine", arguments: ArrayValue, scope: Scope) -> Value:
    """Evaluate `super(…)`."""
    home, this = scope.find("%home"), scope.find("this")
    if home is None or this is None:
        return Opaque("super")
    initialise(machine, home.value.parent, this.value, arguments)
    set_fields(machine, home.value, this.value)
    return UNDEFINED


def set_fields(machine: "Machine", maker: ClassValue, made: Value) -> None:
    """Set the fields that a class gives to each instance."""
    scope = Scope(maker.scope, maker.scope.module)
    patterns.declare(scope, "this", made)
    patterns.declare(scope, "%home", maker)
    for member in maker.fields:
        set_field(machine, maker, made, member, scope)


def set_field(machine: "Machine", maker: ClassValue, made: Value, member: Node, scope: Scope) -> None:
    """Set one field of an instance or class."""
    key = member.child_by_field_name("name") or member.child_by_field_name("property")
    if key is None:
        return
    value_node = member.child_by_field_name("value")
    name = patterns.property_name(machine, key, maker.scope)
    value = machine.evaluate(value_node, scope) if value_node else UNDEFINED
    held = made.properties if isinstance(made, ObjectValue | ClassValue) else None
    if held is not None and not isinstance(held.get(name), Accessor):
        if value_node is not None or name not in held:
            held[name] = value
    else:
        machine.put(made, name, value)


def class_declaration(machine: "Machine", node: Node, scope: Scope) -> None:
    """Declare a class."""
    name = node.child_by_field_name("name")
    if name is None:
        return
    cell = scope.cells.get(text_of(name))
    if cell is not None and cell.node == node:
        machine.read(cell)
        return
    patterns.declare(scope, text_of(name), class_value(machine, node, scope), machine.path, node)


EXPRESSION_HANDLERS: Final[dict[str, Callable[["Machine", Node, Scope], Value]]] = {
    "class": class_value,
    "new_expression": new_expression,
}
STATEMENT_HANDLERS: Final[dict[str, Callable[["Machine", Node, Scope], None]]] = {
    "class_declaration": class_declaration,
    "abstract_class_declaration": class_declaration,
}
