"""The dialog for where the backend is."""

from __future__ import annotations

from qgis.gui import QgsAuthConfigSelect, QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ..settings import Settings
from .widgets import caption

SCHEMES = ("http://", "https://")


class SettingsDialog(QDialog):
    """A folder from which the plugin starts the backend, or the address of one that runs."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("GLUE-Link settings")
        self.ours = QRadioButton("&Start the backend on this computer")
        self.theirs = QRadioButton("&Use one that is running already")
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(settings.folder)
        self.python = QgsFileWidget()
        self.python.setFilePath(settings.python)
        self.python.lineEdit().setPlaceholderText("the folder's own, in .venv")
        self.address = QLineEdit(settings.address)
        self.address.setPlaceholderText("http://127.0.0.1:8000")
        self.token = QLineEdit(settings.token)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("kept until QGIS closes")
        self.authentication = QgsAuthConfigSelect()
        self.authentication.setConfigId(settings.authcfg)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.theirs.toggled.connect(self._enable)
        self.address.textChanged.connect(self._enable)
        self.theirs.setChecked(bool(settings.address))
        self.ours.setChecked(not settings.address)
        self._enable()

    def settings(self) -> Settings:
        """What is set now. The address of another backend counts only where it is chosen."""
        return Settings(
            folder=self.folder.filePath(),
            python=self.python.filePath(),
            address=self.address.text().strip().rstrip("/") if self.theirs.isChecked() else "",
            authcfg=self.authentication.configId() if self.theirs.isChecked() else "",
            token=self.token.text().strip() if self.theirs.isChecked() else "",
        )

    def _lay_out(self) -> None:
        self._folder_part = QWidget()
        folder = QFormLayout(self._folder_part)
        folder.addRow("&Folder", self.folder)
        folder.addRow("&Python", self.python)
        self._address_part = QWidget()
        address = QFormLayout(self._address_part)
        address.addRow("&Address", self.address)
        address.addRow("&Token", self.token)
        address.addRow("A&uthentication", self.authentication)
        address.addRow(
            caption(
                "A token lasts until QGIS closes. To keep it, make an authentication entry of the "
                "kind API Header: Authorization = Bearer and the token."
            )
        )
        column = QVBoxLayout(self)
        column.addWidget(self.ours)
        column.addWidget(self._folder_part)
        column.addWidget(self.theirs)
        column.addWidget(self._address_part)
        column.addStretch()
        column.addWidget(self.buttons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 70)

    def _enable(self) -> None:
        theirs = self.theirs.isChecked()
        self._folder_part.setEnabled(not theirs)
        self._address_part.setEnabled(theirs)
        complete = not theirs or self.address.text().strip().startswith(SCHEMES)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(complete)
