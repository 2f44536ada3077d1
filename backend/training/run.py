"""The life of a run, whatever it trains."""

from backend.training.folder import RunFolder
from backend.training.task import Model, Task


def train(task: Task[Model], *, fresh: bool = False) -> Model:
    """Train a task to its end and return its model, or the model that a finished run left.

    A run that was stopped, killed even, goes on after its last whole epoch; `fresh` forgets it.

    Example:
        head = train(Linking(read_config(Path("paper.yaml"), {"survey": survey})))

    Raises:
        ConfigInvalid: the output belongs to another run, or the checkpoint is damaged.
        SurveyInvalid: what the run learns from has changed since it was begun.
        DiskFull: the disk of the output is full.
        OutputUnwritable: the output cannot be written, or another run is writing it.
    """
    folder = RunFolder(task.output)
    with folder.held():
        folder.begin(task.configuration, fresh)
        if not folder.finished:
            folder.resume(task)
            for _ in task.epochs():
                folder.keep(task)
            folder.finish(task)
        return task.load()
