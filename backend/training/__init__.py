"""The life of a run (`folder`, `curve`), and tasks: `linking`, `adapting`, `towers`, `clips`.

`searching` measures how a tower or a CLIP finds the chips and texts of a corpus.
"""

from typing import TYPE_CHECKING

from backend.modules import lazy_names

if TYPE_CHECKING:
    from backend.training.folder import RunFolder, train
    from backend.training.linking import TrainConfig, read_config, train_head
    from backend.training.task import Finished, Task

__all__ = [
    "Finished",
    "RunFolder",
    "Task",
    "TrainConfig",
    "read_config",
    "train",
    "train_head",
]

__getattr__ = lazy_names(
    __name__,
    {
        "folder": ("RunFolder", "train"),
        "linking": ("TrainConfig", "read_config", "train_head"),
        "task": ("Finished", "Task"),
    },
)
