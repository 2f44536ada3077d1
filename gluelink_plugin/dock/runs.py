"""The runs section: what was asked, where, of which scene, and how long it took."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsCsException,
    QgsProject,
    QgsRasterLayer,
    QgsReferencedRectangle,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSizePolicy,
)

from ..client.protocol import ErrorBody
from ..jobs.alignment import AlignmentRequest
from ..layers.command import command_of
from ..layers.runs import MOST_RUNS, KeptRun, keep_runs, kept_runs
from ..session import Session
from ..settings import terminal_command
from ..translation import mark, tr
from ..words import cannot_write
from .change import ChangeTask, add_change, can_change, in_order
from .compare import CompareDialog
from .flow import FlowLayout
from .run_list import RunList, details, in_words
from .section import Section
from .widgets import WrappedRows, caption, fill

NOTHING_YET = mark("Each question is listed here once it is answered.")


class RunsView(Section):
    """The runs of the project, the newest first; they are kept when it is saved."""

    name = "runs"
    title = mark("Runs")
    again = pyqtSignal(object)  # Recipe, to be asked
    changed = pyqtSignal(object)  # Recipe, to be filled in
    shown = pyqtSignal(object)  # QgsRasterLayer, the one to look at
    noted = pyqtSignal(str)  # a sentence for the foot

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self.runs: list[KeptRun] = []
        self._compared: CompareDialog | None = None
        self._task: ChangeTask | None = None
        self.hint = caption(tr(NOTHING_YET))
        self.list = RunList(
            selectionMode=QAbstractItemView.SelectionMode.ExtendedSelection,
            wordWrap=True,
            alternatingRowColors=True,
            spacing=1,
            contextMenuPolicy=Qt.ContextMenuPolicy.CustomContextMenu,
            horizontalScrollBarPolicy=Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
            resizeMode=QListWidget.ResizeMode.Adjust,
        )
        self.list.setItemDelegate(WrappedRows(self.list))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.actions_of_run = self._make_actions()
        self._buttons = FlowLayout(spacing=4, fills=True)
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(lambda _item: self.actions_of_run["Zoom"].trigger())
        self.list.deleted.connect(self.actions_of_run["Remove from the list"].trigger)
        self.list.customContextMenuRequested.connect(self._open_menu)
        session.run_kept.connect(self._add)
        session.job_changed.connect(self._say_under_way)
        project = QgsProject.instance()
        project.writeProject.connect(self._project_written)
        project.readProject.connect(self._project_read)
        project.cleared.connect(self._project_cleared)
        project.layersRemoved.connect(self._layers_changed)
        self._project_read()

    def _make_actions(self) -> dict[str, QAction]:
        """Return what can be done with a run, by its words."""
        calls: dict[str, tuple[Callable[[], None], str]] = {
            mark("Ask again"): (self._ask_again, mark("Ask the same of the same scene and area")),
            mark("Change…"): (
                self._change,
                mark("Fill the panel with what was asked, and change it there"),
            ),
            mark("Zoom"): (self._zoom, mark("Go to its area and show its map")),
            mark("Compare"): (
                self._compare,
                mark("Two runs, or two phrases of one run, side by side. Select two of them"),
            ),
            mark("Change between two"): (
                self._subtract,
                mark("The later map minus the earlier one, of one phrase. Select two runs"),
            ),
            mark("Export map…"): (self._export, mark("Write its map as a GeoTIFF")),
            mark("Copy as command line"): (self._copy_command, mark("For a terminal")),
            mark("Copy as JSON"): (self._copy_json, mark("Scene, phrases, area, encoder and head")),
            mark("Remove from the list"): (self._remove, mark("Its map stays")),
        }
        actions = {}
        for words, (call, tip) in calls.items():
            actions[words] = QAction(tr(words), self, toolTip=tr(tip), triggered=call)
        return actions

    def _lay_out(self) -> None:
        for words in ("Ask again", "Change…", "Zoom", "Compare"):
            action = self.actions_of_run[words]
            button = QPushButton(action.text(), toolTip=action.toolTip(), clicked=action.trigger)
            self.buttons[words] = button
            self._buttons.addWidget(button)
        more = self.buttons["More"] = QPushButton(tr("More"))
        menu = QMenu(more)
        menu.addActions(list(self.actions_of_run.values())[4:])
        more.setMenu(menu)
        self._buttons.addWidget(more)
        fill(self.column, self.hint, self.list, self._buttons)

    def remove(self) -> None:
        """Stop listening to the project, close what compares maps, and leave the runs to it."""
        project = QgsProject.instance()
        if self.runs:  # for the panel of a plugin that is being reloaded
            keep_runs(self.runs)
        project.writeProject.disconnect(self._project_written)
        project.readProject.disconnect(self._project_read)
        project.cleared.disconnect(self._project_cleared)
        project.layersRemoved.disconnect(self._layers_changed)
        self._close_comparison()
        if self._task is not None:
            self._task.give_up()

    def chosen(self) -> list[KeptRun]:
        """Return the runs that are selected, from top to bottom."""
        return [self.runs[self.list.row(item)] for item in self._selected_items()]

    def _selected_items(self) -> list[QListWidgetItem]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item for item in items if item.isSelected()]

    def _add(self, run: KeptRun) -> None:
        self.runs = [run, *self.runs][:MOST_RUNS]
        QgsProject.instance().setDirty(True)
        self._list(select=0)

    def _list(self, select: int | None = None) -> None:
        """List the runs anew; the selection goes to a row, or stays."""
        rows = (
            {select} if select is not None else {self.list.row(i) for i in self._selected_items()}
        )
        self.list.clear()
        for row, run in enumerate(self.runs):
            item = QListWidgetItem(in_words(run))
            item.setToolTip(details(run))
            self.list.addItem(item)
            item.setSelected(row in rows)
            if row in rows:
                self.list.setCurrentItem(item)
                item.setSelected(True)
        for widget in (self.list, *self.buttons.values()):
            widget.setVisible(bool(self.runs))
        self._say_under_way()
        self._enable()

    def _say_under_way(self) -> None:
        """Say what is being asked, above the runs that are listed already."""
        run = self._session.run
        request = run.request if run is not None else None
        words = tr(NOTHING_YET)
        if isinstance(request, AlignmentRequest):
            asked = request.summary
            words = tr("“{run}” is being asked, and is listed once it is answered.", run=asked)
        self.hint.setText(words)
        self.hint.setVisible(isinstance(request, AlignmentRequest) or not self.runs)

    def _enable(self) -> None:
        """Enable what can be done with what is selected."""
        chosen = self.chosen()
        one = len(chosen) == 1
        has_map = one and bool(chosen[0].maps())
        able = {
            "Compare": len(self._pair()) == 2,
            "Change between two": self._task is None and bool(self._two_dates()),
            "Export map…": has_map,
            "Remove from the list": bool(chosen),
        }
        for words, action in self.actions_of_run.items():
            action.setEnabled(able.get(words, one))
            if words in self.buttons:
                self.buttons[words].setEnabled(action.isEnabled())
        self.buttons["More"].setEnabled(bool(chosen))

    def _pair(self) -> list[QgsRasterLayer]:
        """Return the two maps to compare: of two runs, or of two phrases of one; else fewer."""
        maps = [run.maps() for run in self.chosen()]
        if len(maps) == 1:
            return maps[0][:2]
        return [each[0] for each in maps if each] if len(maps) == 2 else []

    def _ask_again(self) -> None:
        (run,) = self.chosen()
        self.again.emit(run.recipe)

    def _change(self) -> None:
        (run,) = self.chosen()
        self.changed.emit(run.recipe)

    def _zoom(self) -> None:
        """Go to the area of the run, and show its map where that is still there."""
        (run,) = self.chosen()
        try:
            where = QgsReferencedRectangle(
                run.rectangle.buffered(0.05 * run.rectangle.width()), run.map_crs
            )
            self._canvas.setReferencedExtent(where)
        except QgsCsException:
            sentence = tr("The area of this run cannot be shown in the CRS of the map.")
            self._session.report("job", ErrorBody("no_transform", sentence))
            return
        self._canvas.refresh()
        for layer in run.maps()[:1]:
            node = QgsProject.instance().layerTreeRoot().findLayer(layer)
            if node is not None:
                node.setItemVisibilityCheckedParentRecursive(True)
            self.shown.emit(layer)

    def _compare(self) -> None:
        """Show two maps side by side in a window of their own."""
        self._close_comparison()
        first, second = self._pair()
        self._compared = CompareDialog(first, second, self._canvas, self)
        self._compared.show()

    def _two_dates(self) -> list[QgsRasterLayer]:
        """Return maps of one phrase, of the two runs that are selected, the earlier one first."""
        maps = [run.maps() for run in self.chosen()[::-1]]  # the newest run is the first
        pairs = [[one, other] for one in maps[0] for other in maps[1]] if len(maps) == 2 else []
        return next((in_order(pair) for pair in pairs if can_change(pair)), [])

    def _subtract(self) -> None:
        """Add the change between two maps as a layer."""
        # Kept until it has finished: a task without a Python reference never runs.
        self._task = ChangeTask(*self._two_dates())
        self._task.ended.connect(self._subtracted)
        self._enable()
        QgsApplication.taskManager().addTask(self._task)

    def _subtracted(self) -> None:
        task, self._task = self._task, None
        self._enable()
        if task is None:
            return
        project = QgsProject.instance()
        if task.isCanceled() or None in map(project.mapLayer, task.ids):
            task.discard()
            return
        try:
            if task.found is None:
                raise ValueError(task.problem)
            self.shown.emit(add_change(task.found, task.names))
        except ValueError as problem:
            text = tr("The change cannot be shown: {reason}", reason=problem)
            self._session.report("job", ErrorBody("output_unwritable", text))

    def _close_comparison(self) -> None:
        if self._compared is not None:
            self._compared.end()
            self._compared = None

    def _export(self) -> None:
        (run,) = self.chosen()
        source = Path(run.maps()[0].source())
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export the map"), source.name, "GeoTIFF (*.tif)"
        )
        if path:
            self.export_to(run, Path(path))

    def export_to(self, run: KeptRun, path: Path) -> None:
        """Copy the map of a run, with all its phrases and tags."""
        try:
            shutil.copyfile(run.maps()[0].source(), path)
        except (OSError, shutil.SameFileError) as problem:
            text = cannot_write(path, getattr(problem, "strerror", "") or problem)
            self._session.report("job", ErrorBody("output_unwritable", text))
        else:
            self.noted.emit(tr("{file} was written.", file=path.name))

    def _copy_command(self) -> None:
        """Put the command that asks the same on the clipboard."""
        (run,) = self.chosen()
        try:
            command, area = command_of(run.recipe)
        except OSError as problem:
            text = cannot_write(problem.filename, problem.strerror)
            self._session.report("job", ErrorBody("output_unwritable", text))
            return
        if self._session.backend.is_ours:
            command = terminal_command(self._session.backend.settings, command)
        QgsApplication.clipboard().setText(command)
        note = tr("The command is on the clipboard.")
        if area is not None:
            note = f"{note} {tr('Its area is in {file}.', file=area)}"
        self.noted.emit(note)

    def _copy_json(self) -> None:
        (run,) = self.chosen()
        QgsApplication.clipboard().setText(run.recipe.as_json())
        self.noted.emit(tr("What was asked is on the clipboard, as JSON."))

    def _remove(self) -> None:
        """Take the selected runs off the list."""
        rows = {self.list.row(item) for item in self._selected_items()}
        self.runs = [run for row, run in enumerate(self.runs) if row not in rows]
        QgsProject.instance().setDirty(True)
        self._list(select=min(rows, default=0))

    def _open_menu(self, place: QPoint) -> None:
        if self.chosen():
            menu = QMenu(self)
            menu.addActions(list(self.actions_of_run.values()))
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _project_written(self, _document: object) -> None:
        keep_runs(self.runs)

    def _project_read(self, _document: object = None) -> None:
        self.runs = kept_runs()
        self._list()

    def _project_cleared(self) -> None:
        self._close_comparison()
        self.runs = []
        self._list()

    def _layers_changed(self, ids: Iterable[str]) -> None:
        """Say of runs whose map was removed that it is gone."""
        if self._compared is not None and self._compared.shows(ids):
            self._close_comparison()
        self._list()
