"""Phrases are written, and only encoders and heads that fit can be chosen."""

from __future__ import annotations

from tests.plugin.conftest import Desk


def test_only_pairs_that_fit_can_be_chosen(desk: Desk) -> None:
    ask = desk.ask
    heads = [ask.heads.itemData(i) for i in range(ask.heads.count())]
    capabilities = desk.session.backend.capabilities
    assert heads == [h.name for h in capabilities.heads if h.encoder == ask.encoders.currentData()]
    assert "Text space" in ask.heads.toolTip()


def test_more_phrases_than_the_backend_takes_cannot_be_added(desk: Desk) -> None:
    limit = desk.session.backend.capabilities.limits.max_phrases
    for _ in range(limit + 3):
        desk.ask.add_line()
    assert len(desk.ask.lines) == limit
