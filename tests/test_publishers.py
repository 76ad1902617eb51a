"""Pages of one publisher are one publisher, whatever sub-domain or archive holds them."""

from __future__ import annotations

import pytest

from geo.publishers import publisher, publishers, web_address


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.dawn.com/news/1", "dawn.com"),
        ("http://epaper.dawn.com./x", "dawn.com"),
        ("https://www.thenews.com.pk/print/1", "thenews.com.pk"),
        ("https://www.bbc.co.uk/urdu", "bbc.co.uk"),
        ("https://web.archive.org/web/20200101/https://tribune.com.pk/story/1", "tribune.com.pk"),
        ("https://archive.ph/2020/http://www.dawn.com/x", "dawn.com"),
        ("https://archive.org/details/report", "archive.org"),
        ("https://Example.PK:8443/a", "example.pk"),
        ("http://10.0.0.1/a", "10.0.0.1"),
        ("http://[::1]/a", "::1"),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("Dawn, 3 March", None),
        ("", None),
        (None, None),
    ],
)
def test_the_publisher_is_the_site_of_the_page(address: str | None, site: str | None) -> None:
    assert publisher(address) == site


def test_two_pages_of_one_site_are_one_publisher() -> None:
    pages = ["https://www.dawn.com/1", None, "https://epaper.dawn.com/2", "https://geo.tv/3", "no address"]
    assert publishers(pages) == ("dawn.com", "geo.tv")


@pytest.mark.parametrize("text", ["https://www.dawn.com/news/1", "http://x.pk/a?b=c"])
def test_web_addresses_are_kept(text: str) -> None:
    assert web_address(text) == text


@pytest.mark.parametrize(
    "text",
    [None, "", "javascript:alert(1)", "data:text/html,x", "//x.pk", "https://", "file:///etc/passwd", "http://["],
)
def test_anything_else_is_no_link(text: str | None) -> None:
    assert web_address(text) is None
