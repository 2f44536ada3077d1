"""The dialog for where the backend is."""

from __future__ import annotations

from qgis.gui import QgsAuthConfigSelect, QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ..settings import Settings
from ..translation import tr
from .widgets import caption, fill, form

SCHEMES = ("http://", "https://")
MARGIN = 9


class SettingsForm(QWidget):
    """A folder from which the plugin starts the backend, or the address of one that runs."""

    changed = pyqtSignal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.ours = QRadioButton(tr("&Start the backend on this computer"))
        self.theirs = QRadioButton(tr("&Use one that is running already"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(settings.folder)
        self.python = QgsFileWidget()
        self.python.setFilePath(settings.python)
        self.python.lineEdit().setPlaceholderText(tr("the folder's own, in .venv"))
        self.address = QLineEdit(settings.address, placeholderText="http://127.0.0.1:8000")
        self.tunnel = QCheckBox(tr("A t&unnel: the backend is on another computer"))
        self.tunnel.setChecked(settings.tunnel)
        self.token = QLineEdit(
            settings.token,
            echoMode=QLineEdit.EchoMode.Password,
            placeholderText=tr("kept until QGIS closes"),
        )
        self.authentication = QgsAuthConfigSelect()
        self.authentication.setConfigId(settings.authcfg)
        self._lay_out()
        self.theirs.toggled.connect(self._enable)
        self.address.textChanged.connect(self._enable)
        self.theirs.setChecked(bool(settings.address))
        self.ours.setChecked(not settings.address)
        self._enable()

    def settings(self) -> Settings:
        """Return what is set now. The address of another backend counts only where it is chosen."""
        return Settings(
            folder=self.folder.filePath(),
            python=self.python.filePath(),
            address=self.address.text().strip().rstrip("/") if self.theirs.isChecked() else "",
            tunnel=self.theirs.isChecked() and self.tunnel.isChecked(),
            authcfg=self.authentication.configId() if self.theirs.isChecked() else "",
            token=self.token.text().strip() if self.theirs.isChecked() else "",
        )

    @property
    def complete(self) -> bool:
        """False while an address is chosen and not typed yet."""
        return not self.theirs.isChecked() or self.address.text().strip().startswith(SCHEMES)

    def _lay_out(self) -> None:
        hint = caption(
            tr(
                "A token lasts until QGIS closes. To keep it, make an authentication entry of "
                "the kind API Header: Authorization = Bearer and the token."
            )
        )
        self._folder_part, self._address_part = QWidget(), QWidget()
        self._folder_part.setLayout(
            form(
                (tr("&Folder"), self.folder, self.folder), (tr("&Python"), self.python, self.python)
            )
        )
        address = form(
            (tr("&Address"), self.address, self.address),
            ("", self.tunnel, self.tunnel),
            (tr("&Token"), self.token, self.token),
            (tr("Aut&hentication"), self.authentication, self.authentication),
        )
        address.addRow(hint)
        self._address_part.setLayout(address)
        column = QVBoxLayout(self)
        for part in (self.ours, self._folder_part, self.theirs, self._address_part):
            column.addWidget(part)
        column.addStretch()

    def _enable(self) -> None:
        theirs = self.theirs.isChecked()
        self._folder_part.setEnabled(not theirs)
        self._address_part.setEnabled(theirs)
        self.changed.emit()


class SettingsDialog(QDialog):
    """The form with OK and Cancel."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("GLUE-Link settings"))
        self.form = SettingsForm(settings)
        self.settings = self.form.settings
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.form.changed.connect(self._enable)
        around = (0, 0, MARGIN, MARGIN)
        fill(QVBoxLayout(self), (self.form, 1), fill(QHBoxLayout(), self.buttons, margins=around))
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 70)
        self._enable()

    def _enable(self) -> None:
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(self.form.complete)
