"""Features are words by the place where they stand, and what the rules found."""

from classifier.definition import prepare
from classifier.features import MOST_WORDS, features_of
from classifier.judge import judge
from toolcensus.records import Tool


def features(tool: Tool) -> dict[str, set[str]]:
    definition = prepare(tool)
    return {block: set(given) for block, given in features_of(definition, judge(definition)).items()}


DELETE = Tool(
    name="deleteOldFiles",
    description="Deletes the files. Cannot be undone!",
    input_schema={
        "properties": {
            "filePath": {"type": "string", "description": "Which file"},
            "mode": {"type": "string", "enum": ["soft", "hardDelete"]},
        },
        "required": ["filePath"],
    },
)


def test_words_are_kept_apart_by_where_they_stand() -> None:
    given = features(DELETE)
    assert given["name"] == {"delete", "old", "file"}
    assert given["name pair"] == {"delete old", "old file"}
    assert given["name end"] == {"first delete", "last file"}
    assert given["description"] >= {"delete", "file", "undone"}
    assert "." not in given["description"]
    assert "file ." in given["description pair"], "where a sentence ends is worth knowing"
    assert given["told of parameters"] == {"which", "file"}


def test_a_schema_shows_what_may_be_given() -> None:
    given = features(DELETE)
    assert given["parameter"] >= {"file path", "path : string free", "path : required", "mode : string enum", "mode = "}
    assert given["value"] >= {"soft", "hard delete", "mode = soft", "mode = hard"}
    assert given["shape"] >= {"parameters 2", "required 1"}


def test_what_the_rules_make_of_it_is_a_feature() -> None:
    given = features(DELETE)
    assert given["verdict"] >= {"Write", "named Write", "Write by both verbs agree", "effect destructive"}
    assert "deletes-things" in given["rule"]


def test_an_empty_definition_has_few_features_and_no_error() -> None:
    given = features(Tool(name=""))
    assert given["name"] == given["description"] == given["value"] == set()
    assert given["deed"] >= {"named nothing", "told nothing"}


def test_a_long_description_is_read_up_to_its_bound() -> None:
    words = " ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(600))
    assert len(features(Tool(name="x", description=words))["description"]) <= MOST_WORDS
