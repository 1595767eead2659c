"""Ask the processor to fetch memory before it is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

__all__ = ["prefetch", "prefetch_to_change"]

_KEEP, _INTO_DATA_CACHE = 3, 1


def _prefetching(change: bool) -> Callable[[Any, Any], None]:
    @intrinsic  # type: ignore[untyped-decorator]
    def ask(typing_context: Any, array: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            byte = ir.IntType(8).as_pointer()
            word = ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
            function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            address = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
            hints = [word(value) for value in (int(change), _KEEP, _INTO_DATA_CACHE)]
            builder.call(function, [address, *hints])
            return context.get_dummy_value()

        return types.void(array, index), generate

    function: Callable[[Any, Any], None] = ask
    return function


prefetch = _prefetching(change=False)
"""``prefetch(array, index)`` starts loading an element of a one-dimensional array into the cache.

A hint without a result: any index is harmless, in the array or not. Worth it where a loop knows
early which far places it will read, as one memory access costs hundreds of instructions."""

prefetch_to_change = _prefetching(change=True)
"""Like ``prefetch`` for what will be changed, and perhaps was by another thread: the other core
gives it up at once, and need not be asked again when it is written."""
