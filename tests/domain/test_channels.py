"""Channels: the words in which the audit trail tells who cancelled."""

from jeongsan.domain.channels import Channel


def test_the_five_paths_of_a_cancel_keep_their_published_words() -> None:
    published = {"api", "merchant-admin", "developer-centre", "network-cancel", "gateway-forced"}
    assert {Channel(word).value for word in published} == published
