"""The section of words: what is in the area, in sentences that light up their places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Union

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QModelIndex, QRect, QSize, Qt
from qgis.PyQt.QtGui import QMouseEvent, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ..client.protocol import ErrorBody
from ..describers import find_model
from ..jobs.describe import (
    AnswerReply,
    DescribeRequest,
    DescribeRun,
    Outcome,
    Passage,
    SentenceReply,
    about,
    beside,
)
from ..layers.scene import bounds_of
from ..maptools.area import Area, area_of_bounds, area_of_geojson, area_of_request
from ..maptools.light import Light
from ..session import Session
from ..translation import mark, tr
from .describers import DescriberChoice
from .section import Section
from .widgets import caption, fill, scroll_to

HINT = mark(
    "A few sentences about the area. Or ask above: end a line in “?”, such as “Is "
    "there water?”, or write “count ships”."
)
LIGHTING = mark("Press a sentence to light up its places; Enter goes there.")
PAD_PX = 4

Reply = Union[SentenceReply, AnswerReply, Passage]


class WordsView(Section):
    """A button that has the area described, and the sentences or the answer that came last."""

    name = "words"
    title = mark("In words")

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self._outcome: Outcome | None = None
        self._asked: DescribeRequest | None = None
        self._light = Light(canvas)
        self.describers = DescriberChoice(session)
        self.button = QPushButton(
            tr("&Describe this area"),
            toolTip=tr("What was measured there, in a few sentences"),
            clicked=lambda: self.describe(),
        )
        self.state = caption()
        self.list = SentenceList()
        self.by = caption()
        self.written = SentenceList()
        self.about = caption()
        self.layer = QPushButton(
            tr("Objects as a &layer"),
            toolTip=tr("Boxes of the bright objects, with length and score, kept as a file"),
            clicked=self._add_layer,
        )
        words = (self.state, self.list, self.by, self.written, self.about)
        fill(self.column, self.describers, self.button, *words, self.layer)
        for each, other in ((self.list, self.written), (self.written, self.list)):
            each.itemSelectionChanged.connect(partial(self._chosen, each, other))
            each.itemActivated.connect(lambda _item: self._light.go_there())
        session.described.connect(self._show)
        session.job_changed.connect(self._follow)
        session.scene_changed.connect(self._scene_changed)
        self._clear(tr(HINT))

    def describe(self, question: str | None = None) -> None:
        """Have the area described, or a question about it answered."""
        self._session.ask(lambda: DescribeRun(self._session, question))

    def choose(self, describer: str | None) -> bool:
        """Choose who describes, as an earlier run had it; return whether the backend can."""
        known = self._session.backend.capabilities
        if describer and known is not None and find_model(known, describer) is None:
            return False
        self._session.set_describer(describer)
        return True

    def panel_shown(self, shown: bool) -> None:
        """Show or hide what is lit up, as the panel itself is shown or hidden."""
        self._light.set_visible(shown)

    def remove(self) -> None:
        """Take what is lit up off the map."""
        self._light.remove()

    def _follow(self) -> None:
        """Say what is being asked; when that ends without an answer, say that as well."""
        run = self._session.run
        self.button.setEnabled(not self._session.busy)
        if run is not None and isinstance(run.request, DescribeRequest):
            if run.request is not self._asked:
                self._asked = run.request
                self._clear(_waiting_for(run.request))
        elif run is None and self._asked is not None:
            self._clear(_in_vain(self._asked))
            self._asked = None

    def _scene_changed(self) -> None:
        """Forget what was said of another scene."""
        if self._outcome is not None and self._session.source != self._outcome.source:
            self._clear(tr(HINT))

    def _clear(self, words: str) -> None:
        self._outcome = None
        for each in (self.list, self.written):
            each.clear()
        self._light.show(None)
        self.state.setText(words)
        for each in (self.list, self.by, self.written, self.about, self.layer):
            each.setVisible(False)

    def _show(self, outcome: Outcome) -> None:
        self._outcome, self._asked = outcome, None
        answer = outcome.result.answer
        replies = [answer] if answer is not None else outcome.result.sentences
        self.state.setText(
            f"{outcome.source.name}:" if answer is None else f"“{outcome.request.question}”"
        )
        self.list.say(replies, strong=answer is not None)
        self.list.setVisible(True)
        self._show_writing(outcome)
        self.about.setText(tr(LIGHTING))
        self.about.setVisible(True)
        self.layer.setVisible(bool(outcome.objects) and not outcome.is_count)
        if answer is not None:
            self.list.item(0).setSelected(True)
        scroll_to(self.layer if self.layer.isVisible() else self.about)

    def _show_writing(self, outcome: Outcome) -> None:
        """Show apart what a model wrote, or why it wrote nothing."""
        writing = outcome.result.writing
        self.by.setText(outcome.unasked)
        if writing is not None:
            self.by.setText(tr("{model} wrote, and may be wrong:", model=writing.title))
            self.written.say(writing.passages, slanted=True)
        self.by.setVisible(bool(self.by.text()))
        self.written.setVisible(writing is not None)

    def _chosen(self, chosen: SentenceList, other: SentenceList) -> None:
        """Light up the places of the sentence that is chosen, and say what it rests on."""
        reply = chosen.chosen()
        if reply is None and other.chosen() is not None:
            return
        if reply is not None:
            other.clearSelection()
        if reply is None or self._outcome is None:
            self._light.show(None)
            self.about.setText(tr(LIGHTING))
            return
        if isinstance(reply, Passage):
            self.about.setText(beside(reply))
            self._light_up(area_of_geojson(reply.place))
            scroll_to(self.about)
            return
        self.about.setText(about(reply))
        if isinstance(reply, AnswerReply) and not reply.answered:
            return
        place = reply.grounds.place
        area = self._whole(self._outcome.request) if place is None else area_of_geojson(place)
        self._light_up(area, ringed=bool(reply.grounds.objects))

    def _light_up(self, area: Area | None, ringed: bool = False) -> None:
        self._light.show(area, ringed=ringed)
        if not self._light.is_in_sight():
            self._light.go_there()

    def _whole(self, request: DescribeRequest) -> Area | None:
        """Return the area that was described."""
        scene = self._session.scene
        if request.aoi is None:
            return area_of_bounds(bounds_of(scene)) if scene is not None else None
        return area_of_request({"aoi": request.aoi, "aoi_crs": request.aoi_crs})

    def _add_layer(self) -> None:
        try:
            if self._outcome is not None:
                self._outcome.add_objects()
                self.layer.setVisible(False)
        except ValueError as error:
            self._session.report("job", ErrorBody("output_unwritable", str(error)))


class SentenceList(QListWidget):
    """Sentences below each other, whole, in as many lines as they need; the panel scrolls.

    The arrow keys go through them; a press on the one that is chosen lets go of it.
    """

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self._replies: list[Reply] = []
        self.setItemDelegate(Wrapped(self))
        for set_policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def say(self, replies: Sequence[Reply], strong: bool = False, slanted: bool = False) -> None:
        """List sentences in place of the earlier ones."""
        self.clear()
        self._replies = list(replies)
        for each in replies:
            item = QListWidgetItem(each.text)
            font = self.font()
            font.setBold(strong)
            font.setItalic(slanted)
            item.setFont(font)
            self.addItem(item)
        self._fit()

    def chosen(self) -> Reply | None:
        """Return the sentence that is chosen."""
        rows = [index.row() for index in self.selectedIndexes()]
        return self._replies[rows[0]] if rows else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let go of the sentence that is chosen already."""
        item = self.itemAt(event.pos())
        if item is not None and item.isSelected():
            self.clearSelection()
        else:
            super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the sentences where the panel is narrower now."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        self._fit()

    def _fit(self) -> None:
        rows = (self.sizeHintForRow(row) for row in range(self.count()))
        self.setFixedHeight(sum(rows) + 2 * self.frameWidth())


class Wrapped(QStyledItemDelegate):
    """Gives each entry the height that its words need at the width of the list."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return the width of the list, and the height of the words broken at it."""
        width, style = self.parent().viewport().width(), self.parent().style()
        self.initStyleOption(option, index)
        side = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        room = QRect(0, 0, width - 2 * side, 1 << 20)
        metrics = option.fontMetrics
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, option.text)
        lines = round(words.height() / metrics.lineSpacing())
        # The style draws lines a pixel further apart than the metrics measure them.
        return QSize(width, lines * (metrics.lineSpacing() + 1) + 2 * PAD_PX)


def _waiting_for(request: DescribeRequest) -> str:
    if request.question:
        return tr("Answering “{question}”…", question=request.question)
    return tr("Describing the area…")


def _in_vain(request: DescribeRequest) -> str:
    if request.question:
        return tr("“{question}” was not answered.", question=request.question)
    return tr("The area was not described.")
