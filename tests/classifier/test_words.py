"""Names and sentences become the base forms that rules are written in."""

import pytest

from classifier.words import STOP, VOCABULARY, base_form, normalise, split, split_name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("get_dataset", "get dataset"),
        ("getDataset-v2", "get dataset v 2"),
        ("listAccessKeys", "list access key"),
        ("HTTPRequest", "http request"),
        ("getURLs", "get url"),
        ("listEC2Instances", "list ec 2 instance"),
        ("user.list", "user list"),
        ("GitHubSearch", "github search"),
        ("youTube_YouTube", "you tube youtube"),
        ("delMsg", "delete message"),
        ("eliminar_archivo", "delete file"),
        ("удалить_файл", "delete file"),
        ("删除文件", "delete file"),
        ("メッセージ送信", "message send"),
        ("파일삭제", "file delete"),
        ("", ""),
        ("___", ""),
    ],
)
def test_a_name_is_split_at_case_kind_and_separator(name: str, words: str) -> None:
    assert " ".join(word.text for word in split_name(name)) == words


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("deletes", "delete"),
        ("deleting", "delete"),
        ("searches", "search"),
        ("applies", "apply"),
        ("stopping", "stop"),
        ("queries", "query"),
        ("policies", "policy"),
        ("boxes", "box"),
        ("status", "status"),
        ("access", "access"),
        ("kubernetes", "kubernetes"),
        ("settings", "setting"),
        ("setting", "setting"),
        ("löscht", "delete"),
        ("supprimer", "delete"),
        ("excluir", "delete"),
        ("ejecutar", "execute"),
        ("sends", "send"),
        ("sent", "send"),
        ("deleted", "deleted"),
    ],
)
def test_verbs_lose_their_endings_and_nouns_their_plural(form: str, base: str) -> None:
    assert base_form(form) == base


def test_a_stop_ends_a_clause_but_not_inside_a_word() -> None:
    assert normalise("Lists users. See node.js at 12:30: done") == f"list user {STOP} see node js at 12 30 {STOP} done"
    assert normalise("[Mail] Deletes — now") == f"{STOP} mail {STOP} delete {STOP} now"


def test_every_word_knows_where_it_stands() -> None:
    text = "Deletes 🗑 the records"
    assert [(word.text, text[word.start : word.end]) for word in split(text, 100)] == [
        ("delete", "Deletes"),
        ("the", "the"),
        ("record", "records"),
    ]


def test_at_most_the_limit_is_read() -> None:
    assert [word.text for word in split("delete all of it", 10)] == ["delete", "all"]


@pytest.mark.parametrize("text", ["Deletes the records. Then stops!", "获取 the files, 删除一个文件", "a\nb · c"])
def test_normalising_gives_what_splitting_gives(text: str) -> None:
    assert normalise(text) == " ".join(word.text for word in split(text, 1_000))


def test_each_verb_has_one_class_and_a_noun_among_them_is_a_verb_too() -> None:
    assert VOCABULARY.verbs["get"] == "Read"
    assert VOCABULARY.verbs["delete"] == "Write"
    assert VOCABULARY.verbs["run"] == "Execute"
    assert VOCABULARY.verbs["regenerate"] == "Write", "doing again what reads may write"
    assert VOCABULARY.verbs["redeploy"] == "Execute"
    assert VOCABULARY.nounish - VOCABULARY.verbs.keys() == set()
    assert VOCABULARY.making - VOCABULARY.verbs.keys() <= {"compose", "construct", "prepare", "produce"}
