"""The area section: where the scene is asked, and what that costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsGeometry,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QSizePolicy, QToolButton

from ..client.protocol import ErrorBody, Estimate
from ..layers.scene import bounds_of
from ..maptools.area import DEGREES, Area, area_of_bounds, area_of_layer, area_of_view
from ..maptools.draw import BoxTool, DrawTool, PolygonTool, area_band
from ..maptools.hatch import Hatch
from ..session import Session
from ..translation import mark, plural, tr
from ..words import km2_in_words, seconds_in_words, share_in_words
from .combos import LayerCombo
from .flow import FlowLayout
from .remedies import Action
from .section import Section
from .widgets import caption, fill, make_narrow

NO_BREAK = "\u00a0"
NO_SCENE = mark("What an area takes stands here once there is a scene: km², windows and time.")
ESTIMATING = mark("Working out size and time…")
EDITED_AFTER_MS = 100  # so that a thousand pasted polygons are read once

# What QGIS says of a layer when its polygons are others than before. A layer that says nothing, as
# one whose file another program writes, is read again before it is asked.
LAYER_SIGNALS = (
    "selectionChanged",
    "layerModified",
    "dataChanged",
    "dataSourceChanged",
    "afterRollBack",
    "subsetStringChanged",
    "crsChanged",
)


class AreaChoice(Enum):
    """How the area is chosen: the button's word, its QGIS icon and its tooltip."""

    BOX = (mark("Box"), "/mActionSelectRectangle.svg", mark("Drag a box on the map"))
    POLYGON = (
        mark("Polygon"),
        "/mActionSelectPolygon.svg",
        mark("Click a polygon on the map; the right button or Enter closes it"),
    )
    VIEW = (
        mark("View"),
        "/mActionZoomActual.svg",
        mark("What the map shows, also after it was moved"),
    )
    LAYER = (
        mark("Layer"),
        "/mIconPolygonLayer.svg",
        mark("The polygons of a layer, or those selected"),
    )
    SCENE = (mark("Scene"), "/mIconRaster.svg", mark("The whole scene"))


class AreaView(Section):
    """Five choices of an area, its outline on the map, its cost, and what is encoded already."""

    name = "area"
    title = mark("Area")

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self._choice = AreaChoice.VIEW
        self._earlier_tool: QgsMapTool | None = None
        self._tools: dict[AreaChoice, DrawTool] = {
            AreaChoice.BOX: BoxTool(canvas),
            AreaChoice.POLYGON: PolygonTool(canvas),
        }
        self._band = area_band(canvas)
        self._hatch = Hatch(canvas)
        self._complete = False
        """Whether all of the area is encoded, as far as is known."""
        self._shown = True
        self._layer: QgsVectorLayer | None = None
        self._edited_soon = QTimer(
            self, singleShot=True, interval=EDITED_AFTER_MS, timeout=self._read_layer
        )
        self.buttons: dict[AreaChoice, QToolButton] = {}
        self.polygons = make_narrow(LayerCombo())
        self.polygons.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.polygons.setVisible(False)
        self.cost = caption()
        self._lay_out()
        for choice, tool in self._tools.items():
            tool.drawn.connect(lambda geometry, choice=choice: self._drawn(choice, geometry))
            tool.given_up.connect(self._give_up)
        self.polygons.layerChanged.connect(self._layer_changed)
        canvas.extentsChanged.connect(self._view_moved)
        canvas.destinationCrsChanged.connect(self._crs_changed)
        canvas.mapToolSet.connect(self._tool_changed)
        session.asking.connect(self._read_layer)
        session.estimate_changed.connect(self.refresh)
        session.scene_changed.connect(self._outline)
        self.choose(AreaChoice.VIEW)

    def _lay_out(self) -> None:
        row = FlowLayout(spacing=2, fills=True)
        for choice in AreaChoice:
            word, icon, tip = choice.value
            button = QToolButton(
                text=tr(word),
                icon=QgsApplication.getThemeIcon(icon),
                toolTip=tr(tip),
                toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextUnderIcon,
                checkable=True,
                autoExclusive=True,
                focusPolicy=Qt.FocusPolicy.TabFocus,
            )
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, choice=choice: self.choose(choice))
            row.addWidget(button)
            self.buttons[choice] = button
        fill(self.column, row, self.polygons, self.cost)

    def actions(self) -> dict[Action, Callable[[], None]]:
        """Return what leads to an area that fits the scene."""
        return {Action.ZOOM: self.zoom_to_scene, Action.DRAW: lambda: self.choose(AreaChoice.BOX)}

    def choose(self, choice: AreaChoice) -> None:
        """Choose the area so; drawing begins on the map, and counts when it is finished."""
        self.buttons[choice].setChecked(True)
        self.polygons.setVisible(choice is AreaChoice.LAYER)
        if choice in self._tools:
            if self._canvas.mapTool() not in self._tools.values():
                self._earlier_tool = self._canvas.mapTool()
            self._canvas.setMapTool(self._tools[choice])
            return
        self._choice = choice
        self._put_tool_back()
        self._update()

    def take(self, area: Area | None) -> None:
        """Take an area that was asked before, as if it had been drawn; None is the whole scene."""
        self._put_tool_back()
        self._choice = AreaChoice.SCENE if area is None else AreaChoice.POLYGON
        self.buttons[self._choice].setChecked(True)
        self.polygons.setVisible(False)
        self._set_area(area)

    def zoom_to_scene(self) -> None:
        """Show the whole scene on the map."""
        scene = self._session.scene
        if scene is None:
            return
        crs = QgsCoordinateReferenceSystem(DEGREES)
        try:
            self._canvas.setReferencedExtent(QgsReferencedRectangle(bounds_of(scene), crs))
        except QgsCsException:
            sentence = tr("The scene's footprint cannot be shown in the CRS of the map.")
            self._session.report("area", ErrorBody("no_transform", sentence))
        self._canvas.refresh()

    def panel_shown(self, shown: bool) -> None:
        """Show or hide the area on the map, as the panel itself is shown or hidden."""
        self._shown = shown
        self._band.setVisible(shown)
        self._show_hatch()

    def remove(self) -> None:
        """Take everything off the map, and stop listening to it."""
        self._canvas.extentsChanged.disconnect(self._view_moved)
        self._canvas.destinationCrsChanged.disconnect(self._crs_changed)
        self._canvas.mapToolSet.disconnect(self._tool_changed)
        self._watch(None)
        self._put_tool_back()
        for tool in self._tools.values():
            tool.remove()
            tool.deleteLater()
        self._canvas.scene().removeItem(self._band)
        self._hatch.remove()

    def refresh(self) -> None:
        """Show what the area costs, and what is encoded already."""
        self.cost.setText(self._cost())
        self._hatch.cover(self._session.footprint)
        self._show_hatch()

    def _cost(self) -> str:
        session = self._session
        if session.estimate is not None:
            return cost_in_words(session.estimate, session.has_answered)
        if session.scene is None:
            return tr(NO_SCENE)
        return tr(ESTIMATING) if session.estimating else ""

    def _update(self) -> None:
        """Take the area again from the view, the layer or the scene; a drawn one stays."""
        if self._choice is AreaChoice.VIEW:
            self._set_area(area_of_view(self._canvas))
        elif self._choice is AreaChoice.LAYER:
            try:
                self._set_area(area_of_layer(self.polygons.currentLayer()))
            except ValueError as error:
                self._session.refuse_area(ErrorBody("area_missing", str(error)))
        elif self._choice is AreaChoice.SCENE:
            self._set_area(None)

    def _set_area(self, area: Area | None) -> None:
        self._session.set_area(area)
        self._outline()

    def _drawn(self, choice: AreaChoice, geometry: QgsGeometry) -> None:
        self._choice = choice
        self._set_area(Area(geometry, self._canvas.mapSettings().destinationCrs()))
        self._put_tool_back()

    def _give_up(self) -> None:
        self._put_tool_back()
        self.buttons[self._choice].setChecked(True)

    def _put_tool_back(self) -> None:
        if self._canvas.mapTool() not in self._tools.values():
            return
        if self._earlier_tool is not None:
            self._canvas.setMapTool(self._earlier_tool)
        else:
            self._canvas.unsetMapTool(self._canvas.mapTool())

    def _tool_changed(self, tool: object, _earlier: object = None) -> None:
        self._show_hatch()
        if tool not in self._tools.values():
            self.buttons[self._choice].setChecked(True)
            self.polygons.setVisible(self._choice is AreaChoice.LAYER)

    def _view_moved(self) -> None:
        if self._choice is AreaChoice.VIEW:
            self._update()

    def _crs_changed(self) -> None:
        """Take the view in its new CRS: QGIS 3.22 reports the new extent before the new CRS."""
        self._view_moved()
        self._outline()

    def _layer_changed(self, layer: QgsVectorLayer | None) -> None:
        self._watch(layer)
        self._read_layer()

    def _read_layer(self) -> None:
        """Take the layer's polygons as they are now."""
        self._edited_soon.stop()
        if self._choice is AreaChoice.LAYER:
            self._update()

    def _edited(self, *_what: object) -> None:
        self._edited_soon.start()

    def _watch(self, layer: QgsVectorLayer | None) -> None:
        """Follow the polygons of `layer` and of no other."""
        earlier, self._layer = self._layer, layer
        for name in LAYER_SIGNALS:
            if earlier is not None and not sip.isdeleted(earlier):
                getattr(earlier, name).disconnect(self._edited)
            if layer is not None:
                getattr(layer, name).connect(self._edited)

    def _show_hatch(self) -> None:
        """Show the hatch while it tells something: it would only veil an area that is all encoded.

        It comes back while a new area is being drawn.
        """
        estimate = self._session.estimate
        if estimate is not None:
            self._complete = estimate.encoded >= 1
        drawing = self._canvas.mapTool() in self._tools.values()
        self._hatch.set_visible(self._shown and (drawing or not self._complete))

    def _outline(self) -> None:
        """Draw the area's outline; the view needs none, its edge is the map's."""
        self._band.reset()
        if self._choice is AreaChoice.SCENE:
            source, scene = self._session.source, self._session.scene
            layer = QgsProject.instance().mapLayer(source.layer_id) if source else None
            if layer is not None:
                self._band.setToGeometry(QgsGeometry.fromRect(layer.extent()), layer.crs())
            elif scene is not None:
                outline = area_of_bounds(bounds_of(scene))
                self._band.setToGeometry(outline.geometry, outline.crs)
        elif self._choice is not AreaChoice.VIEW and self._session.area is not None:
            self._band.setToGeometry(self._session.area.geometry, self._session.area.crs)
        self._band.setVisible(self._shown)  # which drawing sets


def cost_in_words(estimate: Estimate, is_warm: bool = True) -> str:
    """Return size, what is still to be encoded, its time, and what is encoded already.

    `is_warm` tells whether the backend has its models loaded.
    """
    # A number stays on the line of its unit.
    return re.sub(r"(?<=\d) (?=[^·])", NO_BREAK, " · ".join(_costs(estimate, is_warm)))


def _costs(estimate: Estimate, is_warm: bool) -> list[str]:
    words = [km2_in_words(estimate.km2)]
    if estimate.encoded >= 1:
        if is_warm:
            return [*words, tr("encoded already: answers at once")]
        return [*words, tr("encoded already: answers as soon as the models are loaded")]
    windows = estimate.windows if estimate.lacking is None else estimate.lacking
    words.append(plural("1 window", "%n windows", windows))
    if estimate.seconds is None:
        words.append(tr("time unknown before the first run"))
    else:
        words.append(tr("about {time}", time=seconds_in_words(estimate.seconds)))
    if estimate.encoded > 0:
        words.append(tr("{share} is encoded already", share=share_in_words(estimate.encoded)))
    return words
