"""The search for scenes in a STAC catalogue: over the panel's area, between two days."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from qgis.core import QgsCoordinateReferenceSystem
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QDate, QSize, Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QHideEvent, QPalette, QShowEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDateEdit,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..client.api import is_loopback
from ..client.backend import State
from ..client.protocol import (
    CatalogueList,
    ErrorBody,
    FoundScene,
    FoundScenes,
    ImagerySearch,
    NewestScene,
)
from ..jobs.fetch import FetchRequest, FetchRun
from ..layers.scene import bounds_of
from ..maptools.area import DEGREES, Area, area_of_bounds, area_of_view, geometry_of
from ..maptools.draw import FOOTPRINT, area_band
from ..session import Session
from ..translation import mark, plural, tr
from .combos import Combo
from .message import MessageView
from .widgets import STRETCH, caption, fill, form, list_items, make_narrow

DAYS = 30  # searched at first
ISO = "yyyy-MM-dd"
COLUMNS = (
    mark("Time (UTC)"),
    mark("Orbit"),
    mark("Track"),
    mark("Bands"),
    mark("Type"),
    mark("Covers, %"),
)
ORBITS = {None: mark("any"), "ascending": mark("ascending"), "descending": mark("descending")}
HINT = mark("Searches the panel's area; where there is none, what the map shows.")
SIZE = QSize(660, 440)
ROOM = 12  # px, which some styles forget beside the arrow


class CatalogueDialog(QDialog):
    """Stays beside the map; the scene that is chosen shows its outline there."""

    asked = pyqtSignal(object)  # Action

    def __init__(self, session: Session, canvas: QgsMapCanvas, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Search a catalogue"))
        self._session = session
        self._canvas = canvas
        self._band = area_band(canvas, FOOTPRINT)
        self._scenes: list[FoundScene] = []
        self._searched: Area | None = None
        self._searching = False
        self._abouts: dict[str, str] = {}  # what each catalogue delivers, by its name
        self._newest: dict[str, str] = {}  # and how far its scenes reach
        self._hosts: dict[str, str] = {}  # and the server, where that is another computer
        self.catalogues = make_narrow(Combo())
        self.about = caption()
        today = QDate.currentDate()
        self.first, self.last = _day(today.addDays(-DAYS)), _day(today)
        self.orbits = Combo()
        list_items(self.orbits, [(tr(words), orbit, "") for orbit, words in ORBITS.items()], None)
        self.search = QPushButton(tr("&Search"), default=True, clicked=self._search_or_stop)
        self.table = _table()
        self.summary = QLabel(wordWrap=True)
        self.message = MessageView(session.backend)
        self.message.asked.connect(self.asked)
        self.fetch = QPushButton(tr("&Fetch"), clicked=self._fetch)
        self._lay_out()
        self.catalogues.currentIndexChanged.connect(self._catalogue_chosen)
        self.table.itemSelectionChanged.connect(self._selected)
        self.table.itemDoubleClicked.connect(self._fetch)
        canvas.destinationCrsChanged.connect(self._outline)
        session.backend.changed.connect(self._backend_changed)
        session.job_changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        orbits = QLabel(tr("&Orbit"))
        orbits.setBuddy(self.orbits)
        where = fill(QHBoxLayout(), self.catalogues, orbits, self.orbits)
        days = fill(QHBoxLayout(), self.first, QLabel(tr("to")), self.last, STRETCH, self.search)
        close = QPushButton(tr("&Close"), clicked=self.close)
        column = QVBoxLayout(self)
        rows = form((tr("C&atalogue"), where, self.catalogues), (tr("F&rom"), days, self.first))
        rows.insertRow(1, "", self.about)
        column.addLayout(rows)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(fill(QHBoxLayout(), (self.summary, 1), self.fetch, close))
        self.resize(SIZE)

    def remove(self) -> None:
        """Take the outline off the map for good, and stop listening to it."""
        self.hide()
        self._canvas.destinationCrsChanged.disconnect(self._outline)
        self._canvas.scene().removeItem(self._band)

    def showEvent(self, event: QShowEvent) -> None:
        """List the catalogues again, and show the outline."""
        super().showEvent(event)
        self._list_catalogues()
        self._outline()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the search, and hide the outline."""
        super().hideEvent(event)
        self._stop()
        self._outline()

    # The search

    def _list_catalogues(self) -> None:
        self._session.backend.api.get(
            "/v1/imagery/catalogues", CatalogueList, self._listed, self._failed, lane="catalogues"
        )

    def _listed(self, known: CatalogueList) -> None:
        self._abouts = {c.name: c.about for c in known.catalogues}
        self._hosts = {c.name: host_of(c.url) for c in known.catalogues}
        entries = [(c.name, c.name, f"{c.collection} · {c.url}") for c in known.catalogues]
        list_items(self.catalogues, entries, self.catalogues.currentData())
        self._catalogue_chosen()
        self._refresh()

    def _catalogue_chosen(self) -> None:
        """Say what the catalogue delivers, and ask it how far its scenes reach."""
        self._describe()
        name = self.catalogues.currentText()
        if name and name not in self._newest:
            self._session.contact(self._hosts.get(name, ""))
            self._session.backend.api.get(
                f"/v1/imagery/catalogues/{quote(name, safe='')}/newest",
                NewestScene,
                self._newest_known,
                lambda _error: None,  # a search says what is wrong
                lane="newest",
            )

    def _newest_known(self, newest: NewestScene) -> None:
        if newest.day is not None:
            self._newest[newest.catalogue] = tr("Newest scene: {day}.", day=newest.day)
            self._describe()

    def _describe(self) -> None:
        name = self.catalogues.currentText()
        host = self._hosts.get(name)
        warning = tr("A search sends area and dates to {host}.", host=host) if host else ""
        parts = (self._abouts.get(name, ""), self._newest.get(name, ""), warning)
        self.about.setText(" ".join(filter(None, parts)))

    def _search_or_stop(self) -> None:
        if self._searching:
            self._stop()
            return
        self._show([])
        if self._session.area_problem is not None:
            self._failed(self._session.area_problem)
            return
        self._searched = self._search_area()
        request = ImagerySearch(
            self.catalogues.currentText(),
            self._searched.as_geojson(),
            self._searched.crs_name(),
            self.first.date().toString(ISO),
            self.last.date().toString(ISO),
            self.orbits.currentData(),
        )
        self._searching = True
        self._refresh()
        self._session.backend.api.post(
            "/v1/imagery/search", request, FoundScenes, self._found, self._failed, lane="search"
        )

    def _search_area(self) -> Area:
        """Return the session's area; of a whole scene its outline; else what the map shows."""
        scene = self._session.scene
        if self._session.area is not None:
            return self._session.area
        return area_of_bounds(bounds_of(scene)) if scene else area_of_view(self._canvas)

    def _stop(self) -> None:
        if self._searching:
            self._session.backend.api.drop_lane("search")
            self._searching = False
            self._refresh()

    def _found(self, found: FoundScenes) -> None:
        self._searching = False
        self._show(found.scenes)

    def _failed(self, error: ErrorBody) -> None:
        self._searching = False
        self.message.show_error("search", error)
        self._refresh()

    def _backend_changed(self) -> None:
        if self._session.backend.state is not State.READY:
            self._searching = False  # the search was dropped
        elif self.isVisible():
            self._list_catalogues()
        self._refresh()

    def _refresh(self) -> None:
        """Say how things stand, and allow what can be done."""
        ready, scene = self._session.backend.state is State.READY, self._chosen()
        self.search.setText(tr("&Stop") if self._searching else tr("&Search"))
        self.search.setEnabled(ready and self.catalogues.count() > 0)
        can = scene is not None and not scene.unavailable
        self.fetch.setEnabled(ready and can and not self._session.busy)
        self.summary.setText(self._words(ready, scene))

    def _words(self, ready: bool, scene: FoundScene | None) -> str:
        if not ready:
            return tr("The backend is not running.")
        if self._searching:
            return tr("Searching…")
        if scene is not None and scene.unavailable:
            return _unavailable(scene)
        count = len(self._scenes)
        return plural("1 scene.", "%n scenes.", count) if count else tr(HINT)

    # What was found

    def _show(self, scenes: list[FoundScene]) -> None:
        self.message.clear()
        self._scenes = scenes
        self.table.setSortingEnabled(False)  # or rows would move while they are filled
        self.table.setRowCount(len(scenes))
        faint = self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        for row, scene in enumerate(scenes):
            for column, value in enumerate(_cells(scene)):
                item = QTableWidgetItem()
                item.setData(Qt.ItemDataRole.DisplayRole, value)
                item.setData(Qt.ItemDataRole.UserRole, row)
                item.setToolTip(f"{scene.id}\n{_unavailable(scene)}".strip())
                if scene.unavailable:
                    item.setForeground(faint)
                self.table.setItem(row, column, item)
        self.table.setSortingEnabled(True)
        self._selected()

    def _chosen(self) -> FoundScene | None:
        items = self.table.selectedItems()
        return self._scenes[items[0].data(Qt.ItemDataRole.UserRole)] if items else None

    def _selected(self) -> None:
        self._outline()
        self._refresh()

    def _outline(self) -> None:
        """Show on the map where the chosen scene lies, while the dialog is open."""
        self._band.reset()
        scene = self._chosen()
        if scene is not None and self.isVisible():
            crs = QgsCoordinateReferenceSystem(DEGREES)
            self._band.setToGeometry(geometry_of(scene.footprint), crs)

    def _fetch(self) -> None:
        scene, area = self._chosen(), self._searched
        if scene is None or area is None or not self.fetch.isEnabled():
            return
        request = FetchRequest(scene.catalogue, scene.id, area.as_geojson(), area.crs_name())
        self.hide()
        self._session.start(lambda: FetchRun(self._session, request))


def host_of(url: str) -> str:
    """Return the server of an address; empty where that is this computer."""
    return "" if is_loopback(url) else str(QUrl(url).host())


def _cells(scene: FoundScene) -> tuple[object, ...]:
    """Return the cells of the scene's row; numbers stay numbers, and are sorted as such."""
    return (
        _time(scene.time),
        scene.orbit or "",
        scene.relative_orbit if scene.relative_orbit is not None else "",
        ", ".join(scene.polarisations),
        scene.product_type or "",
        int(100 * scene.cover),
    )


def _time(iso: str) -> str:
    """Return the time to the minute; as the catalogue has it where it cannot be read."""
    try:
        return datetime.fromisoformat(iso[:16]).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return iso


def _unavailable(scene: FoundScene) -> str:
    return (
        tr("It cannot be fetched: {reason}.", reason=scene.unavailable) if scene.unavailable else ""
    )


def _day(date: QDate) -> QDateEdit:
    edit = QDateEdit(date, displayFormat=ISO, calendarPopup=True)
    edit.setMinimumWidth(edit.sizeHint().width() + ROOM)
    return edit


def _table() -> QTableWidget:
    table = QTableWidget(
        0,
        len(COLUMNS),
        selectionBehavior=QAbstractItemView.SelectionBehavior.SelectRows,
        selectionMode=QAbstractItemView.SelectionMode.SingleSelection,
        editTriggers=QAbstractItemView.EditTrigger.NoEditTriggers,
        tabKeyNavigation=False,
    )
    table.setHorizontalHeaderLabels([tr(each) for each in COLUMNS])
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for column in (0, 1):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    header.setHighlightSections(False)  # bold would not fit
    header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)  # the newest first
    return table
