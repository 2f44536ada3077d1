#!/usr/bin/env bash
# QGIS forgets a plugin's modules when it is unloaded, so that a reload reads them anew; but only those
# that import statements have brought. It hooks builtins.__import__, which importlib.import_module does not
# call: what a plugin discovers with pkgutil and importlib stays in sys.modules. A registry that is built
# on __subclasses__() of a base class, such as a provider of Processing algorithms, is empty after a reload:
# the base is a new class, and the modules that stayed subclass the old one. No error is shown.
# __import__(name, fromlist=[""]) is seen by the hook.
#
# Seen with QGIS 3.22.16 of Debian 12:
#   importlib.import_module: 2 kinds at first, 0 after a reload
#   __import__:              2 kinds at first, 2 after a reload
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import os, sys
from pathlib import Path

root = Path(sys.argv[1])
BRING = {
    "discovering": "importlib.import_module(f'{__package__}.{name}')",
    "hooked": "__import__(f'{__package__}.{name}', fromlist=[''])",
}
for plugin, bring in BRING.items():
    top = root / plugin
    top.mkdir()
    (top / "metadata.txt").write_text(f"[general]\nname={plugin}\nversion=1\nqgisMinimumVersion=3.0\n")
    (top / "base.py").write_text("class Base: pass\n")
    for name in ("one", "two"):
        (top / f"{name}.py").write_text(f"from .base import Base\nclass {name.title()}(Base): pass\n")
    (top / "__init__.py").write_text(
        "import importlib\nfrom .base import Base\n"
        "class Plugin:\n"
        "    def initGui(self):\n"
        "        for name in ('one', 'two'):\n"
        f"            {bring}\n"
        "        self.kinds = len(Base.__subclasses__())\n"
        "    def unload(self): pass\n"
        "def classFactory(iface): return Plugin()\n"
    )

from qgis.core import QgsApplication

app = QgsApplication([], False)
app.initQgis()
import qgis.utils

qgis.utils.plugin_paths = [str(root)]
sys.path.insert(0, str(root))
qgis.utils.updateAvailablePlugins()
found = {}
for plugin in BRING:
    for _ in range(2):
        assert qgis.utils.loadPlugin(plugin)
        assert qgis.utils._startPlugin(plugin)
        instance = qgis.utils.plugins[plugin]
        instance.initGui()
        qgis.utils.active_plugins.append(plugin)
        found.setdefault(plugin, []).append(instance.kinds)
        del instance
        qgis.utils.unloadPlugin(plugin)
print("importlib.import_module: {} kinds at first, {} after a reload".format(*found["discovering"]))
print("__import__:              {} kinds at first, {} after a reload".format(*found["hooked"]))
sys.stdout.flush()
os._exit(found != {"discovering": [2, 0], "hooked": [2, 2]})
PY
QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" "$folder"
