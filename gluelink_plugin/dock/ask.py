"""The ask section: phrases or a question, and the encoder and head that answer them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
)

from ..client.protocol import Capabilities, EncoderInfo, ErrorBody, HeadInfo
from ..jobs.alignment import AlignmentRun
from ..jobs.describe import DescribeRun, is_question
from ..live import LiveMap
from ..question import BY_RANK, Question
from ..session import Session
from ..settings import PYTHON, terminal_command
from ..translation import mark, plural, tr
from ..words import significant
from .combos import Combo
from .examples import ExamplesView
from .phrases import PhraseBox
from .section import Section
from .widgets import caption, fill, form, list_items, make_narrow, set_tab_order

NOT_LISTED = mark("Encoders and heads are listed once the backend has started.")
MAX_PHRASES = 32  # where the backend does not say
MAX_BANDS = 4  # that are named
PULL = re.compile(rf"Fetch them( \([^)]*\))?: ({PYTHON}.*?)\.?$")
MODALITIES = {
    "sentinel-1": "Sentinel-1",
    "alphaearth": "AlphaEarth",
    "tessera": "Tessera 1.0",
    "tessera-1.1-cambridge": "Tessera 1.1 (Cambridge)",
    "tessera-1.1-dclimate": "Tessera 1.1 (dClimate)",
}


class AskView(Section):
    """Phrases, of which Enter asks all, and a map that follows the typing where it can.

    `run` stands at the foot, always in sight.
    """

    name = "ask"
    title = mark("Ask")

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self._capabilities: Capabilities | None = None
        self._modality = ""  # of the scene; empty while it is not known
        self._dates = 1  # of the scene
        self._chosen: dict[str, str] = {}  # the encoder last chosen for each modality
        self._awaited: tuple[str, str | None] | None = None
        """The pair to choose once the backend says what it has."""
        self.box = PhraseBox()
        self.examples = ExamplesView(session, canvas)
        self.live = LiveMap(session)
        self._make_controls()
        self._lay_out()
        self.encoders.currentIndexChanged.connect(self._encoder_chosen)
        self.encoders.activated.connect(self._remember)
        self.heads.currentIndexChanged.connect(self._pair_chosen)
        self.examples.chosen.connect(self.box.add_question)
        self.box.asked.connect(self.ask)
        self.box.changed.connect(self._follow)
        self.live.changed.connect(self._say_live)
        self._say_live()
        session.backend.changed.connect(self.refresh)
        session.scene_changed.connect(self.refresh)
        session.scene_changed.connect(self._scene_changed)
        session.job_changed.connect(lambda: self.run.setEnabled(not session.busy))
        self.refresh()

    def _make_controls(self) -> None:
        self.follows = QCheckBox(
            tr("&Live"),
            checked=True,
            toolTip=tr("Let the map follow the typing"),
            toggled=self.live.switch,
        )
        self._live_words = caption()
        self.ranks = QCheckBox(
            tr("As &rank among words"),
            visible=False,
            toolTip=tr("As this was asked before; without it, the map is one of cosines"),
        )
        self.encoders = make_narrow(Combo())
        self.heads = make_narrow(Combo())
        self.unlisted = caption(tr(NOT_LISTED))
        self.run = self.pinned = QPushButton(
            tr("&Ask"), toolTip=tr("Enter in the line does the same"), clicked=self.ask
        )
        self.lacking = QPushButton(flat=True, visible=False)
        self.lacking.setMenu(QMenu(self.lacking))

    def _lay_out(self) -> None:
        pair = form(
            (tr("&Encoder"), self.encoders, self.encoders), (tr("&Head"), self.heads, self.heads)
        )
        live = fill(QHBoxLayout(), self.follows, (self._live_words, 1))
        lacking = (self.lacking, 0, Qt.AlignmentFlag.AlignLeft)
        fill(self.column, self.box, self.examples, self.ranks, live, pair, self.unlisted, lacking)

    def ask(self) -> None:
        """Ask what is written."""
        measure = BY_RANK if self.ranks.isChecked() else None
        if self.run.isEnabled():
            asked = self.box.question()
            questions = [phrase for phrase in asked.phrases if is_question(phrase)]
            self.box.remember()
            if not questions:
                if not asked.has_aim:
                    asked = replace(asked, phrases=("",))  # the backend says that it is empty
                self._session.ask(lambda: AlignmentRun(self._session, asked, measure))
            elif asked.count == 1:
                self._session.ask(lambda: DescribeRun(self._session, questions[0]))
            else:
                self._session.report("job", question_among_phrases(questions[0]))

    def ask_for(self, phrases: Sequence[str]) -> None:
        """Ask for phrases, in place of what is written."""
        self.write(Question(tuple(phrases)))
        self.ask()

    def write(self, question: Question) -> None:
        """Write a question in place of what is written."""
        examples = question.like, question.unlike
        self.offer_measure(None)
        self.box.set_question(question.phrases, question.but_not, *examples)

    def offer_measure(self, measure: str | None) -> None:
        """Ask by the measure of a run that is being changed; cosines are asked without a word."""
        self.ranks.setChecked(measure == BY_RANK)
        self.ranks.setVisible(measure == BY_RANK)

    def _scene_changed(self) -> None:
        if self._session.source is None:  # as in a project that was closed
            self.offer_measure(None)

    def choose_pair(self, encoder: str, head: str | None) -> bool:
        """Choose an encoder and its head, for the scene that is chosen or being checked.

        Return whether the backend has them; while none runs, they are chosen when one does.
        """
        capabilities = self._session.backend.capabilities
        self._awaited = (encoder, head) if capabilities is None else None
        if capabilities is None:
            return True
        has_head = head is None or any(one.name == head for one in self._heads_of(encoder))
        found = next((one for one in capabilities.encoders if one.name == encoder), None)
        if found is None or not found.available or not has_head:
            return False
        self._chosen[found.modality] = encoder
        self.encoders.setCurrentIndex(self.encoders.findData(encoder))
        if head is not None:
            self.heads.setCurrentIndex(self.heads.findData(head))
        return True

    def panel_shown(self, shown: bool) -> None:
        """Show or hide the marks of example cells with the panel."""
        self.examples.set_shown(shown)

    def remove(self) -> None:
        """Take the live map and the marks of example cells off the map."""
        self.live.close()
        self.examples.remove()

    def refresh(self) -> None:
        """List the pairs that the backend can run on the scene."""
        capabilities = self._session.backend.capabilities
        modality, dates = self._scene_kind()
        known = (self._capabilities, self._modality, self._dates)
        if known == (capabilities, modality, dates) and self.encoders.count():
            return
        self._capabilities, self._modality, self._dates = capabilities, modality, dates
        chosen = self._chosen.get(modality, self.encoders.currentData())
        encoders = capabilities.encoders if capabilities else []
        list_items(self.encoders, map(self._entry, encoders), None)
        self.unlisted.setVisible(capabilities is None)
        self.heads.setPlaceholderText("" if capabilities is None else tr("none fits"))
        for row, encoder in enumerate(encoders):
            self.encoders.model().item(row).setEnabled(not self._unusable(encoder))
        if encoders:
            self.encoders.setCurrentIndex(self._row_of(chosen, encoders))
        self.encoders.setEnabled(capabilities is not None)
        self._list_lacking(encoders)
        self.box.set_limit(self._limit())
        self._encoder_chosen()
        if capabilities is not None:
            self._choose_awaited()

    def _choose_awaited(self) -> None:
        """Choose the pair of a run that is asked again; without it, ask nothing."""
        awaited, self._awaited = self._awaited, None
        if awaited is not None and not self.choose_pair(*awaited):
            self._session.cancel()
            self._session.report("ask", pair_missing(*awaited))

    def _entry(self, encoder: EncoderInfo) -> tuple[str, str, str]:
        """Return the words, the value and the tooltip of an encoder."""
        few = len(encoder.bands) <= MAX_BANDS
        reads = ", ".join(encoder.bands) if few else _title(encoder.modality)
        side = f"{encoder.cell_m:.0f}"
        facts = tr(
            "{encoder}: {reads}; {dim} features per cell of {side} m; windows of {window} px",
            encoder=encoder.name,
            reads=reads,
            dim=encoder.dim,
            side=side,
            window=encoder.window_px,
        )
        licence = tr("Licence: {licence}", licence=encoder.licence)
        tip = f"{facts}\n{licence}\n{self._unusable(encoder)}".strip()
        return f"{encoder.title}, {side} m", encoder.name, tip

    def _list_lacking(self, encoders: list[EncoderInfo]) -> None:
        """Offer what fetches the weights of encoders that would read the scene."""
        lacking = [each for each in encoders if not each.available and not self._misfit(each)]
        few = plural("1 encoder lacks weights…", "%n encoders lack weights…", len(lacking))
        self.lacking.setText(few)
        self.lacking.setVisible(bool(lacking))
        menu = self.lacking.menu()
        menu.clear()
        for encoder in lacking:
            menu.addAction(encoder.title, lambda encoder=encoder: self._say_lacking(encoder))

    def _say_lacking(self, encoder: EncoderInfo) -> None:
        """Say what an encoder lacks, with the command that fetches it."""
        found = PULL.search(encoder.remedy)
        if found is None:
            error = ErrorBody(
                "error",
                encoder.remedy or tr("{encoder} cannot be used here.", encoder=encoder.title),
            )
            self._session.report("ask", error)
            return
        size, command = found.groups(default="")
        if self._session.backend.is_ours:
            command = terminal_command(self._session.backend.settings, command)
        sentence = tr(
            "The weights of {encoder}{size} are not on the backend's computer. Run this "
            "there in a terminal, and start the backend anew:",
            encoder=encoder.title,
            size=size,
        )
        self._session.report("ask", ErrorBody("weights_missing", sentence, command))

    def _unusable(self, encoder: EncoderInfo) -> str:
        """Return why an encoder cannot be chosen; empty when it can."""
        if misfit := self._misfit(encoder):
            return misfit
        if not encoder.available:
            return encoder.remedy or tr("Its weights are not on the backend's computer.")
        return "" if self._heads_of(encoder.name) else tr("No head fits it.")

    def _scene_kind(self) -> tuple[str, int]:
        """Return the scene's modality and how many dates it has.

        While the next scene is being checked they are those of the last.
        """
        scene = self._session.scene
        if scene is not None:
            return scene.modality, scene.dates
        return (self._modality, self._dates) if self._session.source is not None else ("", 1)

    def _misfit(self, encoder: EncoderInfo) -> str:
        """Return why an encoder does not read the scene; empty when it does."""
        if self._modality not in ("", encoder.modality):
            return tr(
                "It reads {reads}; the scene is {scene}.",
                reads=_title(encoder.modality),
                scene=_title(self._modality),
            )
        if self._modality and encoder.least_dates > self._dates:
            return tr(
                "It takes {least} dates or more; the scene has {dates}. State others of the "
                "place as “Other dates”, under “More”.",
                least=encoder.least_dates,
                dates=self._dates,
            )
        return ""

    def _row_of(self, chosen: str | None, encoders: list[EncoderInfo]) -> int:
        """Return the row of the encoder chosen before, else of one that can be, or that fits."""
        usable = [i for i, encoder in enumerate(encoders) if not self._unusable(encoder)]
        fitting = [i for i, encoder in enumerate(encoders) if not self._misfit(encoder)]
        same = self.encoders.findData(chosen)
        return same if same in usable else next(iter(usable + fitting), -1)

    def _remember(self, _place: int) -> None:
        self._chosen[self._modality] = self.encoders.currentData()

    def _heads_of(self, encoder: str) -> list[HeadInfo]:
        heads = self._capabilities.heads if self._capabilities else []
        return [head for head in heads if head.encoder == encoder]

    def _encoder_chosen(self, _place: int = -1) -> None:
        heads = self._heads_of(self.encoders.currentData() or "")
        entries = [(head.title, head.name, _about(head)) for head in heads]
        list_items(self.heads, entries, self.heads.currentData())
        self.heads.setEnabled(bool(heads))
        self._pair_chosen()

    def _pair_chosen(self, _place: int = -1) -> None:
        for combo in (self.encoders, self.heads):
            combo.setToolTip(combo.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self._session.set_pair(self.encoders.currentData() or "", self.heads.currentData())

    def _limit(self) -> int:
        known = self._capabilities
        return int(known.limit("max_phrases", MAX_PHRASES)) if known else MAX_PHRASES

    def _follow(self) -> None:
        """Let the live map follow the phrase that is being typed, or else the last one."""
        asked = self.box.question()
        self.examples.show_places(asked, self.box.is_full)
        typed = replace(asked, phrases=asked.phrases[-1:])
        self.live.follow(Question() if any(map(is_question, typed.phrases)) else typed)

    def _say_live(self) -> None:
        self._live_words.setText(self.live.words)

    def _settle_order(self) -> None:
        if self.run.window() is self.window():
            set_tab_order(
                self.box,
                self.examples,
                self.ranks,
                self.follows,
                self.encoders,
                self.heads,
                self.run,
            )

    def showEvent(self, event: QShowEvent) -> None:
        """Put the button at the foot, which the panel has placed there by now, last."""
        super().showEvent(event)
        self._settle_order()


def question_among_phrases(question: str) -> ErrorBody:
    """Return that a question is asked alone."""
    sentence = tr("“{question}” is a question, which is asked alone.", question=question)
    return ErrorBody("phrase_invalid", sentence, tr("Remove the other phrases, or this one."))


def pair_missing(encoder: str, head: str | None) -> ErrorBody:
    """Return that the backend cannot ask the same, as it lacks the encoder or the head."""
    sentence = tr(
        "This was asked with the encoder {encoder}, which cannot be used now.", encoder=encoder
    )
    if head:
        sentence = tr(
            "This was asked with the encoder {encoder} and the head {head}, which cannot be used "
            "now.",
            encoder=encoder,
            head=head,
        )
    return ErrorBody(
        "pair_missing",
        sentence,
        tr("Choose another pair under Encoder and Head, and press Ask."),
    )


def _title(modality: str) -> str:
    return MODALITIES.get(modality, modality)


def _about(head: HeadInfo) -> str:
    scores = "\n".join(f"{name}: {significant(value, 3)}" for name, value in head.scores.items())
    space = tr("Text space: {space} ({dim}-d)", space=head.text_space.name, dim=head.text_space.dim)
    return "\n".join(part for part in (head.summary, space, scores) if part)
