import sqlalchemy

from toolcensus import pages

PAGE = pages.Page(url="https://example.org/a", digest="sha256:1", fetched="2026-01-01T00:00:00Z", etag='"1"')


def test_a_page_is_remembered_by_its_validators(index: sqlalchemy.Connection) -> None:
    assert pages.get_page(index, PAGE.url) is None
    pages.save_page(index, PAGE)
    assert pages.get_page(index, PAGE.url) == PAGE


def test_a_page_that_was_fetched_again_takes_the_place_of_the_old_one(index: sqlalchemy.Connection) -> None:
    newer = pages.Page(url=PAGE.url, digest="sha256:2", fetched="2026-01-02T00:00:00Z", last_modified="yesterday")
    pages.save_page(index, PAGE)
    pages.save_page(index, newer)
    assert pages.get_page(index, PAGE.url) == newer
