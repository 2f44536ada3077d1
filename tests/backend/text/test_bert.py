"""Our BERT gives the numbers of transformers', and takes no longer to import than to answer."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from backend.errors import WeightsInvalid
from backend.text.minilm import MAX_TOKENS, model_folder
from backend.text.networks.bert import Bert, BertTokenizer
from tests.support import forked

CPU = torch.device("cpu")
TEXTS = ["open water", "Ein See, 12 ships", "a village in winter " * 80, "x"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A BERT of random weights in the published layout, with the pooler that nobody needs."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 4}
    BertModel(BertConfig(vocab_size=50, intermediate_size=40, **sizes)).save_pretrained(tmp_path)
    return tmp_path


def test_a_small_model_has_the_states_of_transformers(small: Path) -> None:
    tokens = torch.randint(0, 50, (5, 9), generator=torch.Generator().manual_seed(1))
    attended = torch.arange(9) < torch.tensor([9, 1, 4, 8, 2])[:, None]
    theirs = BertModel.from_pretrained(small).eval()
    with torch.inference_mode():
        ours = Bert.read(small, CPU)(tokens, attended)
        wanted = theirs(input_ids=tokens, attention_mask=attended.long()).last_hidden_state
    assert torch.allclose(ours[attended], wanted[attended], atol=1e-5)


def test_minilm_has_the_states_of_transformers_for_texts_of_any_length() -> None:
    folder = model_folder()
    tokens, attended = BertTokenizer(folder, MAX_TOKENS)(TEXTS)
    assert tokens.shape == (len(TEXTS), MAX_TOKENS)
    assert attended.sum(1).tolist()[2:] == [MAX_TOKENS, 3]  # begin, the letter, end
    theirs = BertModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        ours = Bert.read(folder, CPU)(tokens, attended)
        wanted = theirs(input_ids=tokens, attention_mask=attended.long()).last_hidden_state
    assert torch.allclose(ours[attended], wanted[attended], atol=1e-5)


@pytest.mark.parametrize("change", ["lacks", "has more"])
def test_weights_that_are_not_those_of_the_configuration_are_refused(
    small: Path, change: str
) -> None:
    file, name = small / "model.safetensors", "encoder.layer.2.output.dense.bias"
    weights = load_file(file)
    if change == "lacks":
        del weights[name]
    else:
        name = "encoder.layer.3.output.dense.bias"
        weights[name] = torch.zeros(24)
    save_file(weights, file)
    with pytest.raises(WeightsInvalid, match=f"{name} is in one of them alone"):
        Bert.read(small, CPU)


def test_a_phrase_imports_neither_transformers_nor_a_compiler() -> None:
    code = (
        "import sys; from backend.text import load_text_encoder as load; "
        "load('minilm', remember=False).embed(['open water']); "
        "print({'transformers', 'sympy', 'torch._dynamo'} & set(sys.modules) or 'none')"
    )
    assert forked.run("-c", code).stdout.strip() == "none"
