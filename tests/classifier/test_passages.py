"""Which strings of a definition are read, and what each is called."""

from classifier.passages import MAX_PASSAGES, Passage, passages, whole_text
from toolcensus.records import Tool


def test_every_string_is_a_passage_with_the_field_that_evidence_names() -> None:
    tool = Tool(
        name="run",
        title="Run it",
        description="Runs.",
        input_schema={
            "type": "object",
            "properties": {"a/b": {"type": "string", "enum": ["x", "y"], "default": "x"}, "c~d": {"description": "D"}},
        },
        output_schema={"anyOf": [{"title": "T"}]},
        annotations={"title": "Runner", "readOnlyHint": True},
    )
    assert passages(tool) == (
        Passage("name", "run"),
        Passage("title", "Run it"),
        Passage("description", "Runs."),
        Passage("/inputSchema/properties", "properties"),
        Passage("/inputSchema/properties/a~1b", "a/b"),
        Passage("/inputSchema/properties/c~0d", "c~d"),
        Passage("/inputSchema/properties/a~1b/enum/0", "x"),
        Passage("/inputSchema/properties/a~1b/enum/1", "y"),
        Passage("/inputSchema/properties/a~1b/default", "x"),
        Passage("/inputSchema/properties/c~0d/description", "D"),
        Passage("/outputSchema/anyOf/0/title", "T"),
        Passage("/annotations/title", "Runner"),
    )


def test_the_number_of_passages_is_bounded() -> None:
    tool = Tool(name="a", input_schema={"enum": ["x"] * (MAX_PASSAGES + 5)})
    assert len(passages(tool)) == MAX_PASSAGES


def test_the_whole_text_keeps_passages_apart() -> None:
    assert whole_text([Passage("name", "run"), Passage("description", "Runs.")]) == "run\n\nRuns."
