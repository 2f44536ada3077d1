"""Options that several commands share, each declared once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from backend.scenes.options import Option, SceneOptions

Command = Callable[..., None]
Device = Annotated[str | None, typer.Option(help="cpu or cuda; chosen when left out.")]
"""The device that models run on."""
Picture = Annotated[
    Literal["vv", "vh", "three", "vv-raw", "vh-raw", "three-raw"],
    typer.Option(
        help="What a model looks at: VV, VH, or VV, VH and VV-VH as three channels; raw keeps "
        "speckle."
    ),
]
"""The option of commands that let a model look at pictures."""


def with_options(model: type[SceneOptions]) -> Callable[[Command], Command]:
    """Give a command an option for each of the model's, in place of its parameter `options`.

    The command raises:
        ConfigInvalid: an option cannot have the value that is given.
    """
    known = model.described()

    def decorate(command: Command) -> Command:
        signature = inspect.signature(command, eval_str=True)
        own = [each for name, each in signature.parameters.items() if name != "options"]
        added = [_parameter(model, name, band) for name in known for band in _bands(known[name])]
        parameters = [*own, *added]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            stated: dict[str, Any] = {}
            for name, option in known.items():
                if option.kind == "bands":
                    numbers = {band: given.pop(band.lower()) for band in option.choices}
                    value = {band: number for band, number in numbers.items() if number is not None}
                else:
                    value = given.pop(name)
                if value not in (None, [], {}):
                    stated[name] = value
            command(**given, options=model().stating(**stated))

        vars(run)["__signature__"] = signature.replace(parameters=parameters)
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def _bands(option: Option) -> list[str | None]:
    """Return the bands that an option numbers, each by an option of its own; else None, once."""
    return [*option.choices] if option.kind == "bands" else [None]


def _parameter(model: type[SceneOptions], name: str, band: str | None) -> inspect.Parameter:
    """Return what typer makes the command's option of."""
    option = model.described()[name]
    kind: Any = {"number": float, "flag": bool, "bands": int, "paths": list[str]}
    drawn = typer.Option(
        *((f"--{name.replace('_', '-')}", *option.flags) if option.flags else ()),
        help=f"{band}: {option.help}" if band else option.help,
        metavar="|".join(option.choices) if option.kind == "choice" else None,
    )
    return inspect.Parameter(
        band.lower() if band else name,
        inspect.Parameter.KEYWORD_ONLY,
        default=model.model_fields[name].default or None,
        annotation=Annotated[kind.get(option.kind, str) | None, drawn],
    )
