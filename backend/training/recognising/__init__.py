"""Training recognisers: small networks on an encoder's frozen features.

config  what is trained on what
task    the task itself
card    the model card
"""

from backend.training.recognising.config import RecogniserConfig, read_recogniser_config
from backend.training.recognising.task import Recognising

__all__ = ["RecogniserConfig", "Recognising", "read_recogniser_config"]
