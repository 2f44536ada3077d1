"""A QGIS profile of its own, with the plugin of this clone loaded. Run: opens QGIS in it.

Only the standard library, so that QGIS's own Python and any other can use it.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILE = "gluelink"

# The plugin is on; QGIS asks nothing at the first start and calls nobody.
SETTINGS = """\
[PythonPlugins]
gluelink=true

[qgis]
checkVersion=false
askToSaveProjectChanges=false
enableMacros=never

[app]
checkVersion=false

[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true

[app-news-feed]
disabled=true
"""


def make_profile(profiles: Path) -> list[str]:
    """Make a profile under `profiles` unless it is there, and return QGIS's arguments to use it.

    The settings of a profile that exists are left as the user has them; the plugin's link is always
    set to this clone.
    """
    home = profiles / "profiles" / PROFILE
    settings = home / "QGIS" / "QGIS3.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(SETTINGS, encoding="utf-8")
    link = home / "python" / "plugins" / "gluelink"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(ROOT, target_is_directory=True)
    return ["--profiles-path", str(profiles), "--profile", PROFILE]
