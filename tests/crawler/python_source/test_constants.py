"""What the names of tools are made of."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Served = Callable[..., dict[str, str | None]]
Read = Callable[..., Extraction]

SOURCE = """
import json, os, re, textwrap
from pathlib import Path
from fastmcp import FastMCP
mcp = FastMCP("demo")
PREFIX, NAMES = "db", ["list", "get"]
class Config:
    prefix = "cfg"
    def __init__(self): self.suffix = "end"
config = Config()
def f(): ...
mcp.add_tool(f, name={name})
def main(): mcp.run()
"""

NAMES = {
    "'a' + 'b'": "ab",
    "f'{PREFIX}_{NAMES[0]}'": "db_list",
    "'{}_{x}'.format(PREFIX, x=1)": "db_1",
    "'%s_%s' % (PREFIX, 'x')": "db_x",
    "'-'.join(NAMES)": "list-get",
    "'-'.join(reversed(NAMES[:1] + ['x']))": "list-x",
    "Config.prefix.upper()": "CFG",
    "config.suffix": "end",
    "getattr(config, 'prefix')": "cfg",
    "{'k': 'v'}['k']": "v",
    "{'k': 'v'}.get('x', 'other')": "other",
    "os.environ.get('NAME', 'fallback')": "fallback",
    "(os.getenv('NAME') or 'fallback')": "fallback",
    "'a' if PREFIX == 'db' else 'b'": "a",
    "next(n for n in NAMES if n.startswith('g'))": "get",
    "textwrap.dedent('  x').strip()": "x",
    "json.loads('{\"name\": \"j\"}')['name']": "j",
    "json.loads(Path(__file__).parent.joinpath('names.json').read_text())[0]": "from_file",
    "json.load(open(os.path.join(os.path.dirname(__file__), 'names.json')))[0]": "from_file",
    "(lambda x: x + '_')('y')": "y_",
    "str(1 + 2)": "3",
    "' Some Name '.strip().lower().replace(' ', '_')": "some_name",
    "f.__name__ + '_tool'": "f_tool",
    "type(config).__name__": "Config",
    "''.join('_' + c.lower() if c.isupper() else c for c in 'GetItem').lstrip('_')": "get_item",
}


@pytest.mark.parametrize(("expression", "name"), NAMES.items(), ids=NAMES)
def test_a_name_is_worked_out(expression: str, name: str, served: Served) -> None:
    files = {"pkg/server.py": SOURCE.replace("{name}", expression), "pkg/names.json": '["from_file"]'}
    assert served(files) == {name: None}


@pytest.mark.parametrize(
    "expression", ["input()", "re.sub('a', 'b', x)", "open('/etc/hostname').read()", "PREFIX + unknown"]
)
def test_a_name_that_cannot_be_worked_out_is_not_guessed(expression: str, extract: Read) -> None:
    found = extract(SOURCE.replace("{name}", expression))
    assert found.tools == ()
    assert len(found.unresolved) == 1


def test_a_name_that_depends_has_every_value_with_its_condition(served: Served) -> None:
    assert served(SOURCE.replace("{name}", "'a' if os.getenv('X') else 'b'")) == {"a": "os.getenv('X')", "b": None}
