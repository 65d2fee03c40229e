"""What a registry's refusal means for a listing; finding a release is shown where packages are listed."""

import tempfile
from pathlib import Path

import pytest

from crawler.manners import StatusError
from crawler.release import outcome_of, registry_module, sentence, temporary_folder
from toolcensus.errors import FetchError, FetchReason, InputError, ToolcensusError

URL = "https://registry.example/x"


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "no-source"), (410, "no-source"), (401, "needs-credentials"), (503, "unreachable")]
)
def test_a_status_is_an_outcome(status: int, outcome: str) -> None:
    assert outcome_of(StatusError(URL, status)) == outcome


@pytest.mark.parametrize(
    ("reason", "outcome"), [("timeout", "timed-out"), ("too-large", "refused"), ("dns", "unreachable")]
)
def test_a_failure_is_an_outcome(reason: FetchReason, outcome: str) -> None:
    assert outcome_of(FetchError("no", url=URL, reason=reason)) == outcome


def test_a_sentence_says_what_to_do_and_that_a_package_is_not_there() -> None:
    assert sentence(InputError("it is broken", advice="repair it")) == "it is broken; repair it"
    assert sentence(StatusError(URL, 404)) == f"not in the registry: {URL} answers 404"


def test_a_temporary_folder_is_gone_afterwards() -> None:
    with temporary_folder() as folder:
        (folder / "file").write_text("x")
    assert not folder.exists()


def test_where_no_folder_can_be_made_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(Path("/nowhere")))
    with pytest.raises(ToolcensusError, match="no temporary folder can be made"), temporary_folder():
        pass


def test_every_ecosystem_has_its_module() -> None:
    assert [registry_module(name).ECOSYSTEM for name in ("npm", "pypi")] == ["npm", "pypi"]
