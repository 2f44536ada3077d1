"""The loop over int8 cells, compiled by numba where it is installed (`gluelink[fast]`).

LLVM's own vectors for a row of products are half as wide as the processor's, and it sums each
across by itself; so eight cells at a time are written as vectors here, and summed together.
The code names no processor: LLVM picks the instructions.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

CELLS = 8
"""Cells whose sums fill one vector of int32."""

LANES = 16
"""Values of a cell that are multiplied at a time."""

_INDEX = ir.IntType(64)
_INT32 = ir.IntType(32)
_VALUES = ir.VectorType(ir.IntType(8), LANES)
_NUMBERS = ir.VectorType(ir.IntType(16), LANES)
_PRODUCTS = ir.VectorType(_INT32, LANES)
_FLOATS = ir.VectorType(ir.FloatType(), CELLS)


def _read(kind: Any, dimensions: int) -> types.Array:
    return types.Array(kind, dimensions, "C", readonly=True)


# Stated, so that one compilation serves arrays that may be written to and those that may not.
_SIGNATURE = types.void(
    _read(types.int8, 2),
    _read(types.float32, 1),
    _read(types.float32, 1),
    _read(types.int16, 1),
    types.float32,
    types.float32,
    types.Array(types.float32, 1, "C"),
)


@cache
def loop_of(dim: int) -> Callable[..., None]:
    """Return a loop for cells of one width; it is kept on the disk.

    loop(values (n, d) int8, scales (n,), norms (n,), numbers (d,) int16, step, constant, found)
    writes the cosines of one phrase to `found` (n,). It holds no lock of Python's.
    """
    vectors = dim >= LANES

    # No `fastmath`: each step rounds as numpy does. Sums are of whole numbers, and exact.
    @numba.njit(_SIGNATURE, nogil=True, error_model="numpy", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
    def loop(  # type: ignore[no-untyped-def]
        values, scales, norms, numbers, step, constant, found
    ):
        whole = len(values) // CELLS * CELLS if vectors else 0
        for i in range(0, whole, CELLS):
            _write_cosines(values, scales, norms, numbers, step, constant, found, i, dim)
        for i in range(whole, len(values)):
            total = np.int32(0)
            for j in range(dim):
                total = np.int32(total + np.int32(values[i, j]) * np.int32(numbers[j]))
            found[i] = (np.float32(total) * (scales[i] * step) + constant) / norms[i]

    compiled: Callable[..., None] = loop
    return compiled


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator,unused-ignore]
def _write_cosines(  # type: ignore[no-untyped-def]
    context, values, scales, norms, numbers, step, constant, found, first, dim
):
    """Write the cosines of eight cells from `first` on, of at least 16 values each."""
    kinds = (values, scales, norms, numbers, step, constant, found, types.intp, dim)

    def generate(target, builder, signature, arguments):  # type: ignore[no-untyped-def]
        def at(place, index):  # type: ignore[no-untyped-def]
            array = target.make_array(kinds[place])(target, builder, arguments[place])
            return builder.gep(array.data, [index])

        start, width = arguments[7], dim.literal_value
        cells = at(0, builder.mul(start, ir.Constant(_INDEX, width)))
        sums = _dot_products(builder, cells, at(3, ir.Constant(_INDEX, 0)), width)
        scale = builder.fmul(_load(builder, at(1, start), _FLOATS), _fill(builder, arguments[4]))
        cosine = builder.fmul(builder.sitofp(sums, _FLOATS), scale)
        cosine = builder.fadd(cosine, _fill(builder, arguments[5]))
        cosine = builder.fdiv(cosine, _load(builder, at(2, start), _FLOATS))
        place = builder.bitcast(at(6, start), _FLOATS.as_pointer())
        builder.store(cosine, place, align=1)
        return target.get_dummy_value()

    return types.void(*kinds), generate


def _dot_products(builder: ir.IRBuilder, cells: ir.Value, numbers: ir.Value, dim: int) -> ir.Value:
    """Return (8,) sums of the products of cells (8, d) with numbers (d,)."""
    # Unless d is a multiple of 16 the last vector begins early, with zeros for what was counted.
    starts = [*range(0, dim - LANES + 1, LANES)]
    counted = (LANES - dim % LANES) % LANES
    if counted:
        starts.append(dim - LANES)
    totals: list[ir.Value | None] = [None] * CELLS
    for start in starts:
        factors = _load(builder, _step(builder, numbers, start), _NUMBERS)
        if start % LANES:
            factors = builder.mul(
                factors, ir.Constant(_NUMBERS, [0] * counted + [1] * (LANES - counted))
            )
        factors = builder.sext(factors, _PRODUCTS)
        for cell in range(CELLS):
            values = _load(builder, _step(builder, cells, cell * dim + start), _VALUES)
            products = builder.mul(builder.sext(values, _PRODUCTS), factors)
            pairs = _add_neighbours(builder, products, products, range(0, LANES, 2))
            before = totals[cell]
            totals[cell] = pairs if before is None else builder.add(before, pairs)
    return _sum_each(builder, totals)


def _sum_each(builder: ir.IRBuilder, rows: list[Any]) -> ir.Value:
    """Return (8,) sums of eight rows (8,), as `[sum(row) for row in rows]`."""
    # Within each half of four, as processors add neighbours; the halves are joined at the end.
    pairs = [0, 2, 8, 10, 4, 6, 12, 14]
    while len(rows) > 2:
        rows = [
            _add_neighbours(builder, one, other, pairs)
            for one, other in zip(rows[::2], rows[1::2], strict=True)
        ]
    first = builder.shuffle_vector(*rows, _lanes([0, 1, 2, 3, 8, 9, 10, 11]))
    second = builder.shuffle_vector(*rows, _lanes([4, 5, 6, 7, 12, 13, 14, 15]))
    return builder.add(first, second)


def _add_neighbours(
    builder: ir.IRBuilder, one: ir.Value, other: ir.Value, lanes: Sequence[int]
) -> ir.Value:
    """Return, for these lanes of two vectors put together, each plus the lane after it."""
    left = builder.shuffle_vector(one, other, _lanes(lanes))
    return builder.add(left, builder.shuffle_vector(one, other, _lanes([i + 1 for i in lanes])))


def _lanes(numbers: Sequence[int]) -> ir.Constant:
    return ir.Constant(ir.VectorType(_INT32, len(numbers)), list(numbers))


def _step(builder: ir.IRBuilder, pointer: ir.Value, count: int) -> ir.Value:
    return builder.gep(pointer, [ir.Constant(_INDEX, count)])


def _load(builder: ir.IRBuilder, pointer: ir.Value, kind: ir.VectorType) -> ir.Value:
    """Load a vector from where its first element lies, wherever that is."""
    place = builder.bitcast(pointer, kind.as_pointer())
    return builder.load(place, align=1)


def _fill(builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
    """Return a vector that holds one float32 in every lane."""
    alone = builder.insert_element(ir.Constant(_FLOATS, ir.Undefined), number, _INT32(0))
    return builder.shuffle_vector(alone, alone, _lanes([0] * CELLS))
