"""The endpoints file: services asked elsewhere."""

import pytest

from crawler.endpoints import bases, read_endpoints
from toolcensus.errors import InputError


def test_services_named_are_asked_there_and_the_others_at_their_own_address() -> None:
    elsewhere = read_endpoints(b'glama = "http://127.0.0.1:9/glama/"\n# a comment\n')
    assert elsewhere == {"glama": "http://127.0.0.1:9/glama"}
    assert bases({"glama": "https://g.example", "npm": "https://n.example"}, elsewhere) == {
        "glama": "http://127.0.0.1:9/glama",
        "npm": "https://n.example",
    }


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"glama = ", "is no TOML"),
        (b"\xff", "is no TOML"),
        (b'nowhere = "http://127.0.0.1"', "'nowhere', which is no service"),
        (b"glama = 7", r"gives glama no http\(s\) base URL"),
        (b'glama = "ftp://x"', "gives glama no"),
        (b'glama = "https://x/?a=b"', "gives glama no"),
    ],
)
def test_wrong_file_is_told_the_service(document: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_endpoints(document)
