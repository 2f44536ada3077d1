"""YAML files that people write: a field that stands twice is refused, of which YAML takes one."""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        counts = Counter(key.value for key in keys)
        for key in keys:
            if counts[key.value] > 1:
                problem = f"the field {key.value} stands there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> Any:
    """Return what a YAML file holds, in plain types.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not UTF-8.
        yaml.YAMLError: it is not YAML, or a field stands there twice.
    """
    with path.open(encoding="utf-8") as file:
        loader = _Loader(file)  # messages name the file and not its text
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
