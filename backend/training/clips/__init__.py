"""Training a CLIP on, from published weights: natural pictures, then optical ones, then radar.

config    the YAML file; chips: pictures and captions; learner: what one batch teaches
task      the life of it; card: what is told of the trained one
"""

from backend.training.clips.config import ClipConfig, read_clip_config
from backend.training.clips.task import Clips, train_clip

__all__ = ["ClipConfig", "Clips", "read_clip_config", "train_clip"]
