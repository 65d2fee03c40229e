"""policy.json is read strictly and written in one canonical order."""

from pathlib import Path

import msgspec
import pytest

from gateway.policy import LARGEST_POLICY, Approval, Condition, Denial, Entry, Limit, Policy, decode, encode
from toolcensus.errors import InputError, LimitError

WHOLE = b"""{
  "version": "1",
  "default": "deny",
  "mode": "shadow",
  "hide": ["drop_everything"],
  "all_tools": {"limits": [{"window": "day", "max": 1000, "scope": "session"}]},
  "tools": {
    "list_issues": {},
    "create_charge": {
      "require": [{"conditions": [{"path": "args.currency", "op": "in", "value": ["eur", "usd"]}]}],
      "deny_if": [{"conditions": [{"path": "args.amount", "op": "gt", "value": 100}], "on_deny": "needs approval",
                   "approve": {"by": "person", "expires": "10m"}}],
      "limits": [{"counter": "create_charge_rate", "window": "minute", "max": 30, "scope": "grant"}],
      "pin": "sha256:0000000000000000000000000000000000000000000000000000000000000000"}}}"""


def with_entry(entry: str) -> bytes:
    return b'{"version": "1", "default": "deny", "tools": {"ok": {}, "a/b": %s}}' % entry.encode()


def with_condition(condition: str) -> bytes:
    return with_entry(f'{{"require": [{{"conditions": [{condition}]}}]}}')


def test_a_whole_document_is_read() -> None:
    policy = decode(WHOLE)
    assert (policy.default, policy.mode, policy.hide) == ("deny", "shadow", ("drop_everything",))
    assert policy.tools["list_issues"] == Entry()
    charge = policy.tools["create_charge"]
    assert charge.deny_if[0].approve == Approval(by="person", expires="10m")
    assert charge.limits == (Limit(counter="create_charge_rate", window="minute", max=30),)


def test_what_is_written_reads_back_as_it_was() -> None:
    assert decode(encode(decode(WHOLE))) == decode(WHOLE)


def test_writing_sorts_tools_and_leaves_out_what_says_nothing() -> None:
    policy = Policy(version="1", default="deny", hide=("z", "y"), tools={"b": Entry(), "B": Entry(), "a": Entry()})
    text = '{"version":"1","default":"deny","hide":["y","z"],"tools":{"B":{},"a":{},"b":{}}}'
    assert msgspec.json.format(encode(policy), indent=-1).decode() == text


def test_a_denial_with_no_conditions_is_written_as_an_empty_list() -> None:
    entry = Entry(deny_if=(Denial(conditions=()),))
    assert msgspec.json.encode(entry) == b'{"deny_if":[{"conditions":[]}]}'


def test_a_limit_always_says_its_scope_and_leaves_out_a_default_counter() -> None:
    assert msgspec.json.encode(Limit(window="hour", max=5)) == b'{"window":"hour","max":5,"scope":"grant"}'


@pytest.mark.parametrize(
    ("document", "where", "what"),
    [
        (b'{"version": "1", "default": "deny", "toolz": {}}', "at /:", "unknown field `toolz`"),
        (b'{"default": "deny"}', "at /:", "missing required field `version`"),
        (b'{"version": "2", "default": "deny"}', "at /version:", "Invalid enum value '2'"),
        (b'{"version": "1", "default": "ask"}', "at /default:", "Invalid enum value 'ask'"),
        (b"[]", "at /:", "Expected `object`"),
        (with_entry('{"limit": []}'), "at /tools/a~1b:", "unknown field `limit`"),
        (with_entry('{"limits": [{"window": "week", "max": 3}]}'), "at /tools/a~1b/limits/0/window:", "'week'"),
        (with_entry('{"limits": [{"window": "day", "max": true}]}'), "at /tools/a~1b/limits/0/max:", "got `bool`"),
        (with_entry('{"limits": [{"window": "day", "max": -1}]}'), "at /tools/a~1b/limits/0/max:", ">= 0"),
        (with_entry('{"pin": "sha256:abc"}'), "at /tools/a~1b/pin:", "matching regex"),
        (
            with_entry('{"deny_if": [{"conditions": [], "approve": {"by": "person", "expires": "soon"}}]}'),
            "at /tools/a~1b/deny_if/0/approve/expires:",
            "matching regex",
        ),
        (with_condition('{"path": "x", "op": "exists"}'), "conditions/0/path:", "matching regex"),
        (with_condition('{"path": "args.x", "op": "is"}'), "conditions/0/op:", "'is'"),
        (with_condition('{"path": "args.x", "op": "gt"}'), "conditions/0:", "`gt` needs a value"),
        (with_condition('{"path": "args.x", "op": "gt", "value": true}'), "conditions/0:", "`gt` needs a number"),
        (with_condition('{"path": "args.x", "op": "in", "value": "a"}'), "conditions/0:", "needs a list"),
        (with_condition('{"path": "args.x", "op": "exists", "value": 1}'), "conditions/0:", "takes true or false"),
        (with_condition('{"path": "args.x", "op": "regex", "value": "(?=a)"}'), "conditions/0:", "that RE2 knows"),
        (with_condition('{"path": "args.x", "op": "regex", "value": 5}'), "conditions/0:", "needs a pattern"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(document: bytes, where: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(document)
    assert where in caught.value.message
    assert what in caught.value.message


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (b'{"version": "1", "default": "deny", "tools": {"a": {}, "a": {}}}', "the key 'a' stands twice"),
        (b'{"version": "1", "default": "deny"', "not readable as JSON"),
        (b'{"version": "1", "default": "\xff"}', "not readable as JSON"),
        (with_condition('{"path": "args.x", "op": "eq", "value": NaN}'), "NaN is no JSON number"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_document_is_refused(document: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        decode(document)


def test_a_huge_document_is_refused_before_it_is_read() -> None:
    with pytest.raises(LimitError, match="bytes"):
        decode(b" " * (LARGEST_POLICY + 1))


def test_null_is_a_value_that_an_argument_can_equal() -> None:
    policy = decode(with_condition('{"path": "args.x", "op": "eq", "value": null}'))
    assert policy.tools["a/b"].require[0].conditions == (Condition(path="args.x", op="eq", value=None),)


def test_the_example_in_the_documentation_is_a_policy() -> None:
    page = (Path(__file__).parents[2] / "docs/policy.md").read_text()
    example = page.partition("```json\n")[2].partition("```")[0]
    assert set(decode(example.encode()).tools) == {"list_invoices", "create_refund"}
