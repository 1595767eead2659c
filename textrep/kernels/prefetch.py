"""Ask the processor to fetch memory before it is needed."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["prefetch"]


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Start loading ``array[index]`` of a one-dimensional array into the cache.

    A hint without a result: any index is harmless, in the array or not. Worth it where a loop
    knows early which far places it will read, as one memory access costs hundreds of instructions.
    """
    from numba.core import types

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        address = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        read, keep, into_data_cache = (word(value) for value in (0, 3, 1))
        builder.call(function, [address, read, keep, into_data_cache])
        return context.get_dummy_value()

    return types.void(array, index), generate
