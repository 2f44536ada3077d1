"""Blocks that are shared out among the jobs of an array."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import ConfigInvalid
from backend.features.many.shards import WHOLE, Shard


@given(st.lists(st.integers(0, 30), max_size=5), st.integers(1, 9))
def test_every_block_of_every_scene_is_one_jobs_and_no_job_has_two_more_than_another(
    scenes: list[int], count: int
) -> None:
    taken: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    before = 0
    for scene, blocks in enumerate(scenes):
        everything = [(scene, block) for block in range(blocks)]
        assert WHOLE.take(everything, before) == everything
        for number in range(count):
            taken[number] += Shard.parse(f"{number}/{count}").take(everything, before)
        before += blocks
    everywhere = sorted(block for each in taken for block in each)
    assert everywhere == [(s, b) for s, n in enumerate(scenes) for b in range(n)]
    sizes = [len(each) for each in taken]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("text", ["2/2", "1", "-1/2", "0/0", "1/2/3", "a/b", ""])
def test_a_wrong_shard_is_one_sentence(text: str) -> None:
    with pytest.raises(ConfigInvalid, match=r"Expected i/n with i from 0 to n - 1"):
        Shard.parse(text)
