"""The plugin's words and their translations fit together, and what does not fit is found."""

import re
from pathlib import Path

import pytest

from backend.scenes.options import SceneOptions
from scripts import package
from scripts.translations import (
    FOLDER,
    Words,
    collect,
    language_of,
    problems,
    problems_of,
    problems_of_code,
    read,
    write,
)

BACKEND = package.ROOT / "backend"
STAGED = (
    "maps/*.py",
    "features/**/*.py",
    "scenes/stac/fetch.py",
    "service/queue/*.py",
    "service/model_cache.py",
    "service/kinds/accuracy.py",
)
STAGE = re.compile(r'(?:progress\(|STAGE = |stage=|_watched\()"([^"]+)"')


def test_every_word_of_the_plugin_is_translated() -> None:
    assert problems() == []
    assert {"gluelink_de.ts", "gluelink_es.ts", "gluelink_fr.ts"} <= {
        file.name for file in FOLDER.iterdir()
    }


def test_what_can_be_stated_of_a_scene_is_among_the_words() -> None:
    words = collect()
    for option in SceneOptions.described().values():
        for text in (option.title, option.help, *option.choices.values()):
            assert text in words or text in ("dB", "GRD", "RTC", "VV", "VH"), text


def test_stages_of_the_jobs_that_the_panel_starts_are_among_the_words() -> None:
    stages = {
        stage
        for part in STAGED
        for file in (BACKEND.glob(part) if "*" in part else [BACKEND / part])
        for stage in STAGE.findall(file.read_text(encoding="utf-8"))
    }
    assert {"Encoding windows", "Fetching imagery", "Waiting"} <= stages <= set(collect())


def test_what_the_plugin_manager_says_is_translated_as_well() -> None:
    metadata = package.read_metadata((package.ROOT / "metadata.txt").read_text(encoding="utf-8"))
    for file in FOLDER.glob("*.ts"):
        for key in ("description", "about"):
            assert metadata[f"{key}[{language_of(file)}]"] not in ("", metadata[key])


def test_writing_a_file_anew_changes_nothing(tmp_path: Path) -> None:
    words = collect()
    for file in FOLDER.glob("*.ts"):
        again = tmp_path / file.name
        write(again, words, read(file))
        assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("tr(f'{name} is gone')", "tr() is called with what is put together"),
        ("tr('Maps of ' + name)", "tr() is called with what is put together"),
        ("tr(title)", None),  # which is a mark() elsewhere
        ("tr('{name} is gone', layer=1)", "has the fields ['name'], and is given ['layer']"),
        ("tr('{name} is gone')", "has the fields ['name'], and is given []"),
        ("tr(text, name=1)", "fills fields into something computed"),
        ("mark(name)", "is called with something computed"),
        ("plural(one, '%n maps', 2)", "needs two plain texts"),
        ("plural('1 map', '%n maps', 2)", None),
        ("say('sending…')", "'sending…' is said without tr()"),
    ],
)
def test_words_that_could_not_be_translated_are_found(
    tmp_path: Path, code: str, problem: str | None
) -> None:
    (tmp_path / "own.py").write_text(code)
    found = list(problems_of_code(tmp_path))
    assert (found == []) if problem is None else (problem in found[0])


@pytest.mark.parametrize(
    ("source", "translation", "problem"),
    [
        ("a new word", None, "gluelink_de.ts has no translation of 'a new word'"),
        ("{name} is gone.", "{nahme} ist fort.", "differ in their {fields}"),
        ("&Head", "Kopf", "differ in their & for a letter"),
        ("Sending…", "Wird gesendet", "differ in how they end"),
        (None, "fort", "which no code says"),
    ],
)
def test_a_translation_that_does_not_fit_is_found(
    tmp_path: Path, source: str | None, translation: str | None, problem: str
) -> None:
    file = tmp_path / "gluelink_de.ts"
    words = {source: Words(source, False, ["../own.py"])} if source is not None else {}
    listed = words or {"gone": Words("gone", False)}
    write(file, listed, {text: [translation] for text in listed if translation is not None})
    (found,) = problems_of(file, words)
    assert problem in found


def test_a_word_that_changes_loses_its_translation_alone(tmp_path: Path) -> None:
    file = tmp_path / "gluelink_pl.ts"
    maps = Words("%n maps", True)
    before = {"Area": Words("Area", False), "%n maps": maps}
    write(file, before, {"Area": ["Obszar"], "%n maps": ["%n mapa", "%n mapy", "%n map"]})
    write(file, {"The area": Words("The area", False), "%n maps": maps}, read(file))
    assert read(file) == {"%n maps": ["%n mapa", "%n mapy", "%n map"]}
