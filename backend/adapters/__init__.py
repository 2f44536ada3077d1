"""Low-rank adapters (Hu et al., LoRA, 2022) in PEFT's two files: read, put into a model, written.

    adapter_config.json          rank, alpha, the layers, the model that it belongs to
    adapter_model.safetensors    A and B of every layer: W' = W + (alpha / rank) · B · A

The library opens an adapter whose tensors it does not recognise as the bare model, with a warning.
Here every tensor is used, or the adapter is refused.
"""

from backend.adapters.files import Adapter, Base, find_adapter, is_adapter
from backend.adapters.lora import add_adapter, attach, linear_layers, merged, save_adapter

__all__ = [
    "Adapter",
    "Base",
    "add_adapter",
    "attach",
    "find_adapter",
    "is_adapter",
    "linear_layers",
    "merged",
    "save_adapter",
]
