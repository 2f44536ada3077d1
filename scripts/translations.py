"""Keep the plugin's translations beside its words: gluelink_plugin/i18n/gluelink_<language>.ts.

    python -m scripts.translations            # take in new words, and make the .qm files
    python -m scripts.translations --check    # what `make lint` runs
    python -m scripts.translations --add it   # begin a language

Words are what `tr`, `mark` and `plural` of gluelink_plugin/translation.py are called with, and what
the backend says of a scene's options. What is translated stays; what no code says any longer goes.
New words are "unfinished" until somebody translates them, in Qt Linguist or in any editor:
docs/translate.md. QGIS reads the .qm files, which Qt's lrelease makes (Debian: qttools5-dev-tools).

lupdate and pylupdate know methods of a class only, so the words are collected here.
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "gluelink_plugin"
OPTIONS = ROOT / "backend" / "scenes" / "options.py"
FOLDER = PLUGIN / "i18n"
CONTEXT = "gluelink"
WORDS_IN = {"tr": 1, "mark": 1, "plural": 2}
"""The functions, and how many words each is called with; `plural` is listed by the last one."""
FORMS = {
    **dict.fromkeys(("fa", "hu", "id", "ja", "ko", "ms", "th", "tr", "vi", "zh"), 1),
    **dict.fromkeys(("cs", "hr", "lt", "lv", "pl", "ro", "ru", "sk", "sr", "uk"), 3),
    "sl": 4,
}
"""How many forms of a number a language has, where these are not two."""
RELEASES = ("lrelease", "lrelease-qt5", "lrelease-qt6", "/usr/lib/qt6/bin/lrelease")
ENDINGS = ".:…?"
UNDER_WAY = re.compile(r"[A-Za-z][a-z].*…")
"""What only people are told."""
REMEDY = "Run `python -m scripts.translations`, and translate it (docs/translate.md)."


@dataclass
class Words:
    """One text of the code."""

    text: str
    is_plural: bool
    files: list[str] = field(default_factory=list)
    """Where it stands, from the folder of the translations."""


@dataclass
class Call:
    """One call of `tr`, `mark` or `plural`."""

    where: str
    words: list[str | None]
    """None for what is computed."""
    fields: set[str]
    """The names of what is filled in."""
    function: str
    is_put_together: bool
    """Whether one of the words is an f-string or a sum: no translation could be found for it."""


@cache
def nodes(file: Path) -> list[ast.AST]:
    """Return all that a file is made of."""
    return [*ast.walk(ast.parse(file.read_text(encoding="utf-8")))]


@cache
def calls(file: Path) -> list[Call]:
    """Return the calls in a file, from top to bottom."""
    found = [
        node
        for node in nodes(file)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in WORDS_IN
    ]
    listed = []
    for node in sorted(found, key=lambda each: (each.lineno, each.col_offset)):
        function = ast.unparse(node.func)
        words = [
            str(each.value) if isinstance(each, ast.Constant) else None
            for each in node.args[: WORDS_IN[function]]
        ]
        names = {each.arg for each in node.keywords if each.arg is not None}
        made = any(isinstance(each, (ast.JoinedStr, ast.BinOp)) for each in node.args)
        listed.append(Call(f"{file.name}:{node.lineno}", words, names, function, made))
    return listed


def collect(folder: Path = PLUGIN) -> dict[str, Words]:
    """Return all words of the plugin, file by file in the order in which they stand."""
    found: dict[str, Words] = {}
    for file in sorted(folder.rglob("*.py")):
        place = (Path("..") / file.relative_to(folder)).as_posix()
        for call in calls(file):
            text = call.words[-1] if call.words else None
            if text is not None:
                words = found.setdefault(text, Words(text, call.function == "plural"))
                words.is_plural |= call.function == "plural"
                if place not in words.files:
                    words.files.append(place)
    if folder == PLUGIN:
        place = (Path("../..") / OPTIONS.relative_to(ROOT)).as_posix()
        for text in option_words():
            found.setdefault(text, Words(text, False)).files.append(place)
    return found


def option_words() -> Iterator[str]:
    """Yield what the panel says of a scene's options, which the backend declares and sends."""
    from backend.scenes.options import SceneOptions  # QGIS's Python reads .ts files without it

    for option in SceneOptions.described().values():
        for text in (option.title, option.help, *option.choices.values()):
            if re.search("[a-z]{2}", text):  # GRD, VV and dB are the same everywhere
                yield text


def read(file: Path) -> dict[str, list[str]]:
    """Return the finished translations of a .ts file: for each text its forms."""
    done = {}
    for message in ElementTree.parse(file).iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None:
            forms = [each.text or "" for each in translation.iter("numerusform")]
            done[message.findtext("source", "")] = forms or [translation.text or ""]
    return done


def write(file: Path, words: dict[str, Words], done: dict[str, list[str]]) -> None:
    """Write a .ts file as Qt Linguist does: all words, with the translations that there are."""
    language = language_of(file)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<!DOCTYPE TS>",
        f'<TS version="2.1" language="{language}">',
        "<context>",
        f"    <name>{CONTEXT}</name>",
    ]
    for each in words.values():
        count = FORMS.get(language.partition("_")[0], 2) if each.is_plural else 1
        forms = done.get(each.text, [])
        is_done = len(forms) == count
        kind = "" if is_done else ' type="unfinished"'
        forms = forms if is_done else [""] * count
        lines.append('    <message numerus="yes">' if each.is_plural else "    <message>")
        lines += [f'        <location filename="{place}"/>' for place in each.files]
        lines.append(f"        <source>{_escaped(each.text)}</source>")
        if each.is_plural:
            lines.append(f"        <translation{kind}>")
            lines += [f"            <numerusform>{_escaped(one)}</numerusform>" for one in forms]
            lines.append("        </translation>")
        else:
            lines.append(f"        <translation{kind}>{_escaped(forms[0])}</translation>")
        lines.append("    </message>")
    file.write_text("\n".join([*lines, "</context>", "</TS>", ""]), encoding="utf-8")


def _escaped(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def language_of(file: Path) -> str:
    """Return the language of a .ts file, such as de or pt_BR."""
    return file.stem.partition("_")[2]


def release() -> None:
    """Make the .qm file of each .ts file, of what is finished."""
    command = next(filter(None, map(shutil.which, RELEASES)), None)
    if command is None:
        sys.exit("There is no lrelease, which makes the .qm files. Install qttools5-dev-tools.")
    files = map(str, sorted(FOLDER.glob("*.ts")))
    subprocess.run([command, "-silent", "-nounfinished", *files], check=True)


def problems_of_code(folder: Path = PLUGIN) -> Iterator[str]:
    """Yield a sentence for each call that no translation could serve, and for "Sending…" alone."""
    words = collect(folder)
    for file in sorted(folder.rglob("*.py")):
        if file.name == "translation.py":
            continue
        for node in nodes(file):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if UNDER_WAY.fullmatch(node.value) and node.value not in words:
                yield f"{file.name}:{node.lineno}: {node.value!r} is said without tr()."
        for call in calls(file):
            if call.is_put_together:
                yield f"{call.where}: {call.function}() is called with what is put together."
            elif call.function == "mark" and None in call.words:
                yield f"{call.where}: mark() is called with something computed."
            elif call.function == "plural" and (len(call.words) < 2 or None in call.words):
                yield f"{call.where}: plural() needs two plain texts, for one and for many."
            elif None in call.words and call.fields:
                yield f"{call.where}: tr() fills fields into something computed."
            named: set[str] = set().union(*(fields_of(each or "") for each in call.words))
            if None not in call.words and call.function != "mark" and named != call.fields:
                yield (
                    f"{call.where}: {call.words[-1]!r} has the fields {sorted(named)}, and is "
                    f"given {sorted(call.fields)}."
                )


def problems_of(file: Path, words: dict[str, Words]) -> Iterator[str]:
    """Yield a sentence for each text that a .ts file has not, or has otherwise than the code."""
    done = read(file)
    for text, each in words.items():
        count = FORMS.get(language_of(file).partition("_")[0], 2) if each.is_plural else 1
        forms = done.get(text, [])
        if len(forms) != count or not all(forms):
            yield f"{file.name} has no translation of {text!r} ({each.files[0][3:]}). {REMEDY}"
            continue
        for form in forms:
            if wrong := _difference(text, form):
                yield f"{file.name}: {form!r} and {text!r} differ in {wrong}."
        if each.is_plural and "%n" not in forms[-1]:
            yield f"{file.name}: {forms[-1]!r} has no %n for the number."
    for text in done.keys() - words.keys():
        yield f"{file.name} translates {text!r}, which no code says. {REMEDY}"


def _difference(text: str, form: str) -> str:
    """Return in what a translation differs that has to be alike; empty where it does not."""
    if fields_of(text) != fields_of(form):
        return "their {fields}"
    if _letters(text) != _letters(form):
        return "their & for a letter"
    ends = [each[-1] if each[-1] in ENDINGS else "" for each in (text, form)]
    if ends[0] != ends[1] or text.count("\n") != form.count("\n"):
        return "how they end, or in their lines"
    return ""


def _letters(text: str) -> int:
    return text.replace("&&", "").count("&")


def fields_of(text: str) -> set[str]:
    """Return the names of the {fields} of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def problems() -> list[str]:
    """Return what is wrong with the code's words and with every .ts file."""
    words, found = collect(), [*problems_of_code()]
    for file in sorted(FOLDER.glob("*.ts")):
        found += problems_of(file, words)
    return found


def main() -> None:
    """Bring the files up to date, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="say what is wrong; change nothing")
    parser.add_argument("--add", metavar="LANGUAGE", help="begin a language, such as it or pt_BR")
    arguments = parser.parse_args()
    if arguments.check:
        sys.exit("\n".join(problems()) or None)
    if arguments.add:
        write(FOLDER / f"{CONTEXT}_{arguments.add}.ts", {}, {})
    words = collect()
    for file in sorted(FOLDER.glob("*.ts")):
        done = read(file)
        write(file, words, done)
        missing = sum(text not in done for text in words)
        print(f"{file.name}: {len(words) - missing} of {len(words)} translated")
    release()


if __name__ == "__main__":
    main()
