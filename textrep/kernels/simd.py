"""Vector code for products and sums of rows, as LLVM instructions.

A compiler may not assume that the rows which a loop reads differ from those that it writes. Loops
over many rows of one array therefore begin with dozens of comparisons of addresses, which cost more
than the arithmetic on rows of a few hundred numbers. Here the loads, stores and multiplications are
written out, so that there is nothing to compare.

Rows are named by their number in an array of shape (n_rows, width) given as one dimension. The
width is a multiple of ``LANES``; nothing is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = ["ADD_TILES", "DOT_TILES", "LANES", "add_scaled", "multiply_in"]

_FEATURES = llvm.get_host_cpu_features()
LANES = 16 if _FEATURES.get("avx512f", False) else 8
"""Numbers that are added and multiplied at once: a register, or two where it holds fewer."""

_FLOAT, _INDEX = ir.FloatType(), ir.IntType(64)
_VECTOR = ir.VectorType(_FLOAT, LANES)
_UNALIGNED = 4  # bytes that are known to divide an address

Value = Any  # of the LLVM program


class _Rows:
    """Loads and stores a vector of some rows at a time."""

    def __init__(self, builder: Any, data: Value, width: Value) -> None:
        self._builder, self._data, self._width = builder, data, width

    def begin(self, row: Value) -> Value:
        """Return where a row begins."""
        return self._builder.mul(row, self._width)

    def _address(self, begin: Value, column: Value) -> Value:
        element = self._builder.gep(self._data, [self._builder.add(begin, column)])
        return self._builder.bitcast(element, _VECTOR.as_pointer())

    def load(self, begin: Value, column: Value) -> Value:
        """Load from a row that begins at ``begin``, from a column on."""
        return self._builder.load(self._address(begin, column), align=_UNALIGNED)

    def store(self, value: Value, begin: Value, column: Value) -> None:
        """Store into it."""
        self._builder.store(value, self._address(begin, column), align=_UNALIGNED)


def _data_of(context: Any, builder: Any, kind: Any, array: Value) -> Value:
    return context.make_array(kind)(context, builder, array).data


def _multiply_add(builder: Any, a: Value, b: Value, c: Value) -> Value:
    """Return a · b + c, in one instruction where there is one."""
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    name = f"llvm.fmuladd.v{LANES}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


def _spread_out(builder: Any, number: Value) -> Value:
    """Return a vector of one number."""
    empty = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(empty, number, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, empty, mask)


def _sums(builder: Any, vectors: list[Value]) -> Value:
    """Return a vector whose element i is the sum of vector i; there are at most ``LANES``.

    The halves of two vectors are added to one vector that holds both halfway, and so on, so that
    all share the work of adding up.
    """
    kind = ir.VectorType(ir.IntType(32), LANES)
    step = LANES // 2
    while step:
        n = min(step, len(vectors))
        paired = []
        for i in range(n):
            a = vectors[i]
            b = vectors[i + step] if i + step < len(vectors) else a
            second = [lane // step % 2 for lane in range(LANES)]  # whether it is of b
            low = [lane + second[lane] * (LANES - step) for lane in range(LANES)]
            high = [lane + step + second[lane] * (LANES - step) for lane in range(LANES)]
            halves = [builder.shuffle_vector(a, b, ir.Constant(kind, m)) for m in (low, high)]
            paired.append(builder.fadd(*halves))
        vectors, step = paired, step // 2
    return vectors[0]


def _dot_tile(n_x: int, n_y: int) -> Callable[..., None]:
    """Return a function that writes the products of ``n_x`` rows with ``n_y`` others."""

    @intrinsic  # type: ignore[untyped-decorator]
    def dot_tile(
        typing_context: Any, width: Any, x_rows: Any, xs: Any, x: Any, y_rows: Any, ys: Any, y: Any,
        out: Any,
    ) -> Any:  # fmt: skip
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            width, x_rows, xs, x, y_rows, ys, y, out = arguments
            kinds = signature.args
            left_rows = _Rows(builder, _data_of(context, builder, kinds[1], x_rows), width)
            right_rows = _Rows(builder, _data_of(context, builder, kinds[4], y_rows), width)
            a = _begins(context, builder, left_rows, kinds[2], xs, x, n_x)
            b = _begins(context, builder, right_rows, kinds[5], ys, y, n_y)
            sums = [
                cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, None))
                for _ in range(n_x * n_y)
            ]
            for pointer in sums:
                builder.store(ir.Constant(_VECTOR, None), pointer)
            step = ir.Constant(_INDEX, LANES)
            zero = ir.Constant(_INDEX, 0)
            with cgutils.for_range_slice(builder, zero, width, step, _INDEX) as (column, _):
                left = [left_rows.load(begin, column) for begin in a]
                right = [right_rows.load(begin, column) for begin in b]
                for i in range(n_x):
                    for k in range(n_y):
                        pointer = sums[i * n_y + k]
                        old = builder.load(pointer)
                        builder.store(_multiply_add(builder, left[i], right[k], old), pointer)
            table = context.make_array(kinds[7])(context, builder, out)
            stride = cgutils.unpack_tuple(builder, table.strides, 2)[0]
            stride = builder.udiv(stride, ir.Constant(_INDEX, 4))
            values = [builder.load(pointer) for pointer in sums]
            for first in range(0, n_x * n_y, LANES):
                total = _sums(builder, values[first : first + LANES])
                for at in range(first, min(first + LANES, n_x * n_y), n_y):
                    mask = [at - first + k for k in range(n_y)]
                    kind = ir.VectorType(ir.IntType(32), n_y)
                    line = builder.shuffle_vector(total, total, ir.Constant(kind, mask))
                    row = builder.add(x, ir.Constant(_INDEX, at // n_y))
                    place = builder.add(builder.mul(row, stride), y)
                    address = builder.gep(table.data, [place])
                    vector = ir.VectorType(_FLOAT, n_y).as_pointer()
                    builder.store(line, builder.bitcast(address, vector), align=_UNALIGNED)
            return context.get_dummy_value()

        integer = types.int64
        return types.void(integer, x_rows, xs, integer, y_rows, ys, integer, out), generate

    tile: Callable[..., None] = dot_tile
    return tile


def _add_tile(n_x: int, n_y: int) -> Callable[..., None]:
    """Return a function that adds weighted rows of each side to sums of the other."""

    @intrinsic  # type: ignore[untyped-decorator]
    def add_tile(
        typing_context: Any, width: Any, x_rows: Any, xs: Any, x: Any, to_x: Any, y_rows: Any,
        ys: Any, y: Any, to_y: Any, weights: Any,
    ) -> Any:  # fmt: skip
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            width, x_rows, xs, x, to_x, y_rows, ys, y, to_y, weights = arguments
            kinds = signature.args
            left_rows = _Rows(builder, _data_of(context, builder, kinds[1], x_rows), width)
            right_rows = _Rows(builder, _data_of(context, builder, kinds[5], y_rows), width)
            a = _begins(context, builder, left_rows, kinds[2], xs, x, n_x)
            b = _begins(context, builder, right_rows, kinds[6], ys, y, n_y)
            a_sums = [builder.add(begin, left_rows.begin(to_x)) for begin in a]
            b_sums = [builder.add(begin, right_rows.begin(to_y)) for begin in b]
            table = context.make_array(kinds[9])(context, builder, weights)
            stride = cgutils.unpack_tuple(builder, table.strides, 2)[0]
            stride = builder.udiv(stride, ir.Constant(_INDEX, 4))
            g = []
            for i in range(n_x):
                row = builder.mul(builder.add(x, ir.Constant(_INDEX, i)), stride)
                for k in range(n_y):
                    place = builder.add(row, builder.add(y, ir.Constant(_INDEX, k)))
                    g.append(_spread_out(builder, builder.load(builder.gep(table.data, [place]))))
            zero, step = ir.Constant(_INDEX, 0), ir.Constant(_INDEX, LANES)
            with cgutils.for_range_slice(builder, zero, width, step, _INDEX) as (column, _):
                left = [left_rows.load(begin, column) for begin in a]
                right = [right_rows.load(begin, column) for begin in b]
                for i in range(n_x):
                    total = left_rows.load(a_sums[i], column)
                    for k in range(n_y):
                        total = _multiply_add(builder, g[i * n_y + k], right[k], total)
                    left_rows.store(total, a_sums[i], column)
                for k in range(n_y):
                    total = right_rows.load(b_sums[k], column)
                    for i in range(n_x):
                        total = _multiply_add(builder, g[i * n_y + k], left[i], total)
                    right_rows.store(total, b_sums[k], column)
            return context.get_dummy_value()

        integer = types.int64
        return types.void(
            integer, x_rows, xs, integer, integer, y_rows, ys, integer, integer, weights
        ), generate

    tile: Callable[..., None] = add_tile
    return tile


def _begins(
    context: Any, builder: Any, rows: _Rows, kind: Any, numbers: Value, first: Value, n: int
) -> list[Value]:
    """Return where the rows begin whose numbers an array holds from ``first`` on."""
    data = _data_of(context, builder, kind, numbers)
    found = []
    for i in range(n):
        place = builder.add(first, ir.Constant(_INDEX, i))
        number = builder.load(builder.gep(data, [place]))
        if number.type != _INDEX:
            number = builder.sext(number, _INDEX)
        found.append(rows.begin(number))
    return found


DOT_TILES = {shape: _dot_tile(*shape) for shape in ((4, 4), (2, 4), (1, 4), (1, 2), (1, 1))}
"""``DOT_TILES[n_x, n_y](width, x_rows, xs, x, y_rows, ys, y, out)``: for i below n_x and k below
n_y, ``out[x + i, y + k]`` becomes the product of row ``xs[x + i]`` of ``x_rows`` and row
``ys[y + k]`` of ``y_rows``."""
ADD_TILES = {shape: _add_tile(*shape) for shape in DOT_TILES}
"""``ADD_TILES[n_x, n_y](width, x_rows, xs, x, to_x, y_rows, ys, y, to_y, weights)``: for i below
n_x and k below n_y, row ``xs[x + i] + to_x`` of ``x_rows`` grows by ``weights[x + i, y + k]`` times
row ``ys[y + k]`` of ``y_rows``, and row ``ys[y + k] + to_y`` of these by as much of row
``xs[x + i]`` of those. All rows are read before any is written."""


@intrinsic  # type: ignore[untyped-decorator]
def add_scaled(
    typing_context: Any, to: Any, row: Any, from_: Any, other: Any, scale: Any, width: Any
) -> Any:
    """Add ``scale`` times ``width`` numbers from place ``other`` of one array to another's."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        to, row, from_, other, scale, width = arguments
        kinds = signature.args
        one = ir.Constant(_INDEX, 1)
        target = _Rows(builder, _data_of(context, builder, kinds[0], to), one)
        source = _Rows(builder, _data_of(context, builder, kinds[2], from_), one)
        factor = _spread_out(builder, scale)
        zero, step = ir.Constant(_INDEX, 0), ir.Constant(_INDEX, LANES)
        with cgutils.for_range_slice(builder, zero, width, step, _INDEX) as (column, _):
            value = source.load(other, column)
            total = _multiply_add(builder, value, factor, target.load(row, column))
            target.store(total, row, column)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(to, integer, from_, integer, types.float32, integer), generate


@intrinsic  # type: ignore[untyped-decorator]
def multiply_in(
    typing_context: Any, products: Any, numbers: Any, place: Any, least: Any, n: Any
) -> Any:
    """Multiply ``products[i]``, float64, by ``max(numbers[place + i], least)`` for i below ``n``.

    ``n`` is a multiple of ``LANES``.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        products, numbers, place, least, n = arguments
        kinds = signature.args
        one = ir.Constant(_INDEX, 1)
        source = _Rows(builder, _data_of(context, builder, kinds[1], numbers), one)
        data, floor = _data_of(context, builder, kinds[0], products), _spread_out(builder, least)
        wide = ir.VectorType(ir.DoubleType(), LANES)
        zero, step = ir.Constant(_INDEX, 0), ir.Constant(_INDEX, LANES)
        with cgutils.for_range_slice(builder, zero, n, step, _INDEX) as (column, _):
            value = source.load(place, column)
            value = builder.select(builder.fcmp_ordered(">", value, floor), value, floor)
            address = builder.bitcast(builder.gep(data, [column]), wide.as_pointer())
            product = builder.fmul(builder.load(address, align=8), builder.fpext(value, wide))
            builder.store(product, address, align=8)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(products, numbers, integer, types.float32, integer), generate
