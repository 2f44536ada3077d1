"""Names of a package that are imported when they are first used (PEP 562).

For the `__init__` of packages whose modules import torch or rasterio, and whose other modules must
be light to import.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazy_names(package: str, modules: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package that offers these names of these modules of it.

    Example:
        __getattr__ = lazy_names(__name__, {"cache": ("Survey", "open_survey")})
    """
    home = {name: module for module, names in modules.items() for name in names}

    def get(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, value)  # found without this function from now on
        return value

    return get
