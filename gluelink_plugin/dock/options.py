"""The fields of a scene's options, drawn from the backend's list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from qgis.gui import QgsCollapsibleGroupBoxBasic, QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..backend_words import translated
from ..client.protocol import EMBEDDING, SceneInfo, SceneOption
from ..translation import tr
from .combos import Combo
from .widgets import fill, form, list_items, make_narrow, scroll_to, set_hint

DETECTED = {item.name for item in fields(SceneInfo)}
MOST_BANDS = 999

# Every field emits `stated` with a value, or with None for what holds by itself; `show_value` gets
# the value that is stated and the words for what holds otherwise.


class ChoiceField(Combo):
    """One of a few values."""

    stated = pyqtSignal(object)

    def __init__(self, option: SceneOption) -> None:
        super().__init__()
        make_narrow(self, letters=16 if option.advanced else 6)
        self._option = option
        self.activated.connect(lambda _: self.stated.emit(self.currentData()))

    def show_value(self, value: Any, otherwise: str) -> None:
        """List the choices, and what holds without one."""
        choices = [(translated(choice.title), choice.value, "") for choice in self._option.choices]
        list_items(self, [(otherwise, None, ""), *choices], value)


class LineField(QLineEdit):
    """A text, a date or a number."""

    stated = pyqtSignal(object)

    def __init__(self, option: SceneOption) -> None:
        super().__init__()
        self._is_number = option.kind == "number"
        self._value: Any = None
        self.editingFinished.connect(self._finished)

    def show_value(self, value: Any, otherwise: str) -> None:
        """Show the value as it is typed."""
        self._value = value
        set_hint(self, otherwise)
        self.setText("" if value is None else str(value))

    def _finished(self) -> None:
        text = self.text().strip()
        try:
            value = float(text.replace(",", ".")) if text and self._is_number else text or None
        except ValueError:
            self.show_value(self._value, self.placeholderText())
        else:
            self.stated.emit(value)


class FlagField(QCheckBox):
    """Yes or no."""

    stated = pyqtSignal(object)

    def __init__(self, option: SceneOption) -> None:
        super().__init__()
        self._default = bool(option.default)
        self.clicked.connect(lambda on: self.stated.emit(None if on == self._default else on))

    def show_value(self, value: Any, _otherwise: str) -> None:
        """Tick the box, or not."""
        self.setChecked(self._default if value is None else bool(value))


class BandsField(QWidget):
    """The number of each band in the file; stated once all have one."""

    stated = pyqtSignal(object)

    def __init__(self, option: SceneOption) -> None:
        super().__init__()
        row = fill(QHBoxLayout(self))
        self.numbers: dict[str, QSpinBox] = {}
        for choice in option.choices:
            number = self.numbers[choice.value] = QSpinBox(
                maximum=MOST_BANDS,
                prefix=f"{choice.title} ",
                specialValueText=f"{choice.title} –",
                keyboardTracking=False,  # 1 is not stated while 12 is being typed
            )
            number.setMinimumWidth(number.sizeHint().width())
            number.valueChanged.connect(self._changed)
            row.addWidget(number)
        self.setFocusProxy(next(iter(self.numbers.values()), None))

    def show_value(self, value: Any, _otherwise: str) -> None:
        """Show the numbers; what is not stated completely stays as it is."""
        if value is None and not all(number.value() for number in self.numbers.values()):
            return
        for name, number in self.numbers.items():
            number.blockSignals(True)
            number.setValue((value or {}).get(name, 0))
            number.blockSignals(False)

    def _changed(self, _number: int) -> None:
        values = {name: number.value() for name, number in self.numbers.items()}
        self.stated.emit(values if all(values.values()) else None)


class PathsField(QgsFileWidget):
    """Several files."""

    stated = pyqtSignal(object)

    def __init__(self, _option: SceneOption) -> None:
        super().__init__()
        self.setStorageMode(QgsFileWidget.StorageMode.GetMultipleFiles)
        self.lineEdit().editingFinished.connect(self._finished)
        self.fileChanged.connect(self._chosen)

    def show_value(self, value: Any, otherwise: str) -> None:
        """Show the paths."""
        set_hint(self.lineEdit(), otherwise)
        self.blockSignals(True)
        self.setFilePath(" ".join(f'"{path}"' for path in value or []))
        self.blockSignals(False)

    def _chosen(self, _paths: str) -> None:
        if not self.lineEdit().hasFocus():  # by the dialog, and not while paths are being typed
            self._finished()

    def _finished(self) -> None:
        self.stated.emit(QgsFileWidget.splitFilePaths(self.filePath()) or None)


FIELDS: dict[str, Callable[[SceneOption], Any]] = {
    "choice": ChoiceField,
    "number": LineField,
    "text": LineField,
    "date": LineField,
    "flag": FlagField,
    "bands": BandsField,
    "paths": PathsField,
}


class OptionForm(QWidget):
    """A row for each option; those that few people need are folded away under "More"."""

    stated = pyqtSignal(str, object)  # the option's name, and its value or None

    def __init__(self) -> None:
        super().__init__()
        self.options: list[SceneOption] = []
        self.fields: dict[str, Any] = {}
        self.more = QgsCollapsibleGroupBoxBasic(tr("More"))
        self._plain = QWidget()
        fill(QVBoxLayout(self), self._plain, self.more)
        self.draw([])

    def draw(self, options: list[SceneOption]) -> None:
        """Replace the fields; an option of a kind that is unknown here gets none."""
        self.options = [option for option in options if option.kind in FIELDS]
        self.fields = {option.name: FIELDS[option.kind](option) for option in self.options}
        for name, field in self.fields.items():
            field.stated.connect(lambda value, name=name: self.stated.emit(name, value))
        self.more.setCollapsed(False)  # or rows that are added now would be seen
        for box, advanced, letter in ((self._plain, False, "&"), (self.more, True, "")):
            each = [option for option in self.options if option.advanced == advanced]
            rows = [
                (letter + translated(o.title), self.fields[o.name], self.fields[o.name])
                for o in each
            ]
            if box.layout() is not None:
                QWidget().setLayout(box.layout())  # which takes the earlier rows along
            box.setLayout(form(*rows))
            box.setVisible(bool(rows))
        self._plain.layout().setContentsMargins(0, 0, 0, 0)
        self.more.layout().setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.more.setCollapsed(True)

    def refresh(self, scene: SceneInfo | None, is_chosen: bool, stated: dict[str, Any]) -> None:
        """Show what is stated and what was found, and allow what fits the scene's imagery."""
        for option in self.options:
            field = self.fields[option.name]
            found = scene if option.name not in stated else None
            field.show_value(stated.get(option.name), self._otherwise(option, found))
            fits = scene is None or option.modality in (None, scene.modality)
            field.setEnabled(is_chosen and fits)
            reason = getattr(scene, f"{option.name}_reason", "")
            field.setToolTip(f"{translated(option.help)}\n{reason}".strip())

    def edit(self, name: str) -> None:
        """Go to the field of an option, if there is one."""
        field = self.fields.get(name)
        if field is None:
            return
        if self.more.isAncestorOf(field):
            self.more.setCollapsed(False)
        scroll_to(field)
        field.setFocus()
        if isinstance(field, ChoiceField):
            field.showPopup()
        elif isinstance(field, LineField):
            field.selectAll()

    def words(self, name: str, scene: SceneInfo) -> str:
        """Return what was found in the scene, as the option's choices call it; may be empty."""
        titles = {
            c.value: translated(c.title) for o in self.options if o.name == name for c in o.choices
        }
        value = getattr(scene, name) or ""
        if scene.units == EMBEDDING:
            value = {"units": tr("annual embedding"), "date": value[:4]}.get(name, value)
        return titles.get(value, value)

    def _otherwise(self, option: SceneOption, scene: SceneInfo | None) -> str:
        """Return what holds while nothing is stated."""
        if option.default not in (None, "", [], {}):
            titles = {choice.value: translated(choice.title) for choice in option.choices}
            return titles.get(option.default, str(option.default))
        if option.name not in DETECTED:
            return tr("Not set")
        if scene is None:
            return tr("Automatic")
        return tr("Automatic ({found})", found=self.words(option.name, scene) or tr("none found"))
