import re
from pathlib import Path

import pytest

from crawler.sandbox import placeholders


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENWEATHER_API_KEY", "placeholder"),
        ("GITHUB_TOKEN", "placeholder"),
        ("DATABASE_URL", "postgresql://user:placeholder@127.0.0.1:9/db"),
        ("JIRA_BASE_URL", "http://127.0.0.1:9"),
        ("SMTP_PORT", "9"),
        ("CONTACT_EMAIL", "nobody@example.com"),
        ("NODE_EXTRA_CA_CERTS_PATH", None),
        ("PYTHON_KEY", None),
        ("PATH", None),
        ("LOG_LEVEL", None),
    ],
)
def test_placeholder_reaches_nobody(name: str, value: str | None) -> None:
    assert placeholders.placeholder(name) == value


def test_variables_are_those_that_the_source_reads(tmp_path: Path) -> None:
    source = tmp_path / "server.js"
    source.write_text("""
        const a = process.env.STRIPE_SECRET_KEY, b = process.env["SHOP_URL"], c = process.env?.ORG_ID;
        os.environ["PY_TOKEN"]; os.environ.get('PY_HOST'); os.getenv("PY_USER")
        // MENTIONED_KEY is only mentioned
    """)
    found = placeholders.variables([source])
    assert found == ("ORG_ID", "PY_HOST", "PY_TOKEN", "PY_USER", "SHOP_URL", "STRIPE_SECRET_KEY")
    assert placeholders.credentials(found).keys() == {"PY_TOKEN", "STRIPE_SECRET_KEY"}
    assert placeholders.settings(found).keys() == {"ORG_ID", "PY_TOKEN", "PY_USER", "SHOP_URL", "STRIPE_SECRET_KEY"}


def test_complaints_name_variables_in_any_wording() -> None:
    said = "Error: please set ACME_API_KEY (see NODE_OPTIONS) and `ACME_SITE_URL`"
    assert placeholders.complained_about(said) == {"ACME_API_KEY": "placeholder", "ACME_SITE_URL": "http://127.0.0.1:9"}


def test_a_flood_of_names_is_bounded() -> None:
    said = " ".join(f"A_{'ABCDEFGHIJ'[n % 10]}{n}_KEY" for n in range(10_000))
    assert len(placeholders.complained_about(said)) == placeholders.MOST_VARIABLES
    assert re.fullmatch(r"[A-Z0-9_ ]+", placeholders.described(placeholders.complained_about(said)))
