"""Adapters of published models that look at pictures, trained on the texts of a corpus."""

from backend.training.adapting.config import AdapterConfig, read_adapter_config
from backend.training.adapting.task import Adapting

__all__ = ["AdapterConfig", "Adapting", "read_adapter_config"]
