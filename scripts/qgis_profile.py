"""A QGIS profile of its own with this clone's plugin in it. Run as a script, opens QGIS there.

Standard library only: QGIS's own Python runs it, and so does any other.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILE = "gluelink"

PLUGIN_IS_ON = """\
[PythonPlugins]
gluelink=true

"""

# QGIS calls nobody when it starts: the first line is for QGIS 3.22, the second for 3.40.
SETTINGS = """\
[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true
httpsfeedqgisorg\\disabled=true

[locale]
overrideFlag=true
userLocale=en

[qgis]
checkVersion=false
"""


def make_settings(profiles: Path, first: str = "") -> list[str]:
    """Make a profile without the plugin, and return the arguments with which QGIS uses it.

    Settings that are there already stay as the user left them; `first` is put before those of ours.
    """
    settings = profiles / "profiles" / PROFILE / "QGIS" / "QGIS3.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(first + SETTINGS, encoding="utf-8")
    return ["--profiles-path", str(profiles), "--profile", PROFILE]


def make_profile(profiles: Path) -> list[str]:
    """Make the profile below `profiles`, with the plugin on, and return the arguments for it."""
    arguments = make_settings(profiles, PLUGIN_IS_ON)
    plugin = profiles / "profiles" / PROFILE / "python" / "plugins" / "gluelink"
    if not plugin.exists():
        plugin.parent.mkdir(parents=True, exist_ok=True)
        plugin.unlink(missing_ok=True)  # a link to a clone that has moved
        plugin.symlink_to(ROOT, target_is_directory=True)
    return arguments


def open_qgis() -> None:
    """Replace this process by QGIS, with the demo's project when `make demo` has left one."""
    qgis = shutil.which("qgis")
    if qgis is None:
        sys.exit("The command qgis is not on the PATH; put the folder of QGIS's program there.")
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        sys.exit("QGIS needs a screen and there is none here; `make demo` works without one.")
    arguments = [qgis, "--nologo", *make_profile(ROOT / ".qgis-profile")]
    project = ROOT / "demo" / "demo.qgz"
    if project.exists():
        arguments += ["--project", str(project)]
    os.execv(qgis, arguments)


if __name__ == "__main__":
    open_qgis()
