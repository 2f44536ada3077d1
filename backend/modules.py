"""Modules that are imported when they are needed, and found where they lie."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def lazy_names(package: str, modules: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package that imports a module of it when a name is used.

    For packages of which one module imports torch or rasterio, and another must be light.

    The function raises:
        AttributeError: the package has no such name.

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


def modules_of(package: str) -> Iterator[ModuleType]:
    """Import and yield the modules of a package by name; its sub-packages are left out."""
    return map(import_module, _names_of(package, tuple(sys.modules[package].__path__)))


@cache
def _names_of(package: str, folders: tuple[str, ...]) -> list[str]:
    """Return the names of modules; looked up once, because a service asks for them all the time."""
    return [one.name for one in iter_modules(folders, f"{package}.") if not one.ispkg]
