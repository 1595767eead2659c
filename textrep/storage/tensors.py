"""Named arrays in one safetensors file, memory-mapped when read.

The file is an 8-byte little-endian length, a JSON header of that length that gives each array's
type, shape and place, and then the arrays' bytes without gaps. Sizes are checked against the file
before anything is allocated. A sparse matrix ``m`` is kept as the four arrays ``m.indptr``,
``m.indices``, ``m.data`` and ``m.shape``.

References
----------
The safetensors format, https://huggingface.co/docs/safetensors.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.vectors.rows import csr_of, is_sparse

__all__ = ["read_tensors", "write_tensors"]

DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
    "BOOL": "|b1",
}
NAMES = {np.dtype(code): name for name, code in DTYPES.items()}
SPARSE_PARTS = ("indptr", "indices", "data", "shape")
ALIGNMENT = 64  # bytes: a cache line, which every vector width divides
LENGTH_BYTES = 8
CHECK_VALUES = 1 << 22  # values looked at together when a memory map is checked


def write_tensors(path: Path, tensors: Mapping[str, Any]) -> None:
    """Write arrays to a safetensors file.

    Parameters
    ----------
    path : Path
        The file; replaced if it exists.
    tensors : mapping of str to ndarray or scipy sparse array
        Sparse matrices are written as CSR.

    Raises
    ------
    FormatError
        A name ends like a part of a sparse matrix, or safetensors has no such dtype.
    """
    arrays = {name: array for item in tensors.items() for name, array in _parts(*item)}
    # Wide items first, so that every array begins at a multiple of its item size.
    ordered = sorted(arrays.items(), key=lambda item: (-item[1].itemsize, item[0]))
    header: dict[str, Any] = {"__metadata__": {"format": "np"}}
    end = 0
    for name, array in ordered:
        begin, end = end, end + array.nbytes
        header[name] = {
            "dtype": NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, ensure_ascii=False).encode("utf-8")
    text += b" " * (-(LENGTH_BYTES + len(text)) % ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(LENGTH_BYTES, "little"))
        file.write(text)
        for _, array in ordered:
            file.write(array.data)


def _parts(name: str, tensor: Any) -> list[tuple[str, NDArray[Any]]]:
    if is_sparse(tensor):
        matrix = tensor.tocsr()
        shape = np.array(matrix.shape, np.int64)
        values = (matrix.indptr, matrix.indices, matrix.data, shape)
        pairs = [(f"{name}.{part}", v) for part, v in zip(SPARSE_PARTS, values, strict=True)]
    elif name.rpartition(".")[2] in SPARSE_PARTS:
        raise FormatError(f"Cannot write a tensor named {name!r}: that is part of a sparse matrix.")
    else:
        pairs = [(name, np.asarray(tensor))]
    little = [(key, np.asarray(a, a.dtype.newbyteorder("<"), order="C")) for key, a in pairs]
    for key, array in little:
        if array.dtype not in NAMES:
            raise FormatError(f"Cannot write tensor {key!r}: no such type as {array.dtype}.")
    return little


class _Entry(NamedTuple):
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int


def read_tensors(path: Path) -> dict[str, Any]:
    """Read a safetensors file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to ndarray or csr_array
        Read-only views of one memory map of the file.

    Raises
    ------
    FormatError
        The file is missing, cut, or contradicts itself, a sparse matrix points outside its
        columns, or a number is not finite.
    """
    if not path.is_file():
        raise FormatError(f"{path} is missing: the model was not saved completely. Save it again.")
    size = path.stat().st_size
    entries, start = _read_header(path, size)
    _check_layout(path, entries, size - start)
    mapped = np.memmap(path, mode="r", dtype=np.uint8).view(np.ndarray)
    arrays = {}
    for entry in entries:
        stored = mapped[start + entry.begin : start + entry.end]
        array = stored.view(entry.dtype).reshape(entry.shape)
        arrays[entry.name] = array if array.flags.aligned else array.copy()
        _check_finite(path, entry.name, arrays[entry.name])
    return _join_sparse(path, arrays)


def _read_header(path: Path, size: int) -> tuple[list[_Entry], int]:
    with path.open("rb") as file:
        prefix = file.read(LENGTH_BYTES)
        length = int.from_bytes(prefix, "little")
        if len(prefix) < LENGTH_BYTES or length > size - LENGTH_BYTES:
            raise FormatError(
                f"{path} is cut or is no safetensors file: its header would take {length} bytes, "
                f"the file has {size}. Copy or save it again."
            )
        text = file.read(length)
    try:
        header = json.loads(text.decode("utf-8"))
        header.pop("__metadata__", None)
        entries = [_entry(name, value) for name, value in header.items()]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise FormatError(
            f"{path} is damaged: its header is not that of a safetensors file. "
            "Copy or save it again."
        ) from None
    return entries, LENGTH_BYTES + length


def _entry(name: str, value: dict[str, Any]) -> _Entry:
    begin, end = value["data_offsets"]
    numbers = [*value["shape"], begin, end]
    if any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError(name)
    return _Entry(name, np.dtype(DTYPES[value["dtype"]]), tuple(value["shape"]), begin, end)


def _check_layout(path: Path, entries: list[_Entry], available: int) -> None:
    """Check that the arrays lie one after another and fill the file exactly."""
    at = 0
    for entry in sorted(entries, key=lambda entry: (entry.begin, entry.end)):
        needed = math.prod(entry.shape) * entry.dtype.itemsize
        if entry.end > available:
            raise FormatError(
                f"{path} is cut: tensor {entry.name!r} ends at byte {entry.end} of the data, "
                f"of which there are {available}. Copy or save it again."
            )
        if entry.begin != at or entry.end - entry.begin != needed:
            raise FormatError(
                f"{path} is damaged: tensor {entry.name!r} of shape {list(entry.shape)} needs "
                f"{needed} bytes from {at}, the header gives {entry.begin} to {entry.end}."
            )
        at = entry.end
    if at != available:
        raise FormatError(
            f"{path} is damaged: {available - at} bytes follow the last tensor. Save it again."
        )


def _check_finite(path: Path, name: str, array: NDArray[Any]) -> None:
    if array.dtype.kind != "f":
        return
    flat = array.reshape(-1)
    for first in range(0, flat.size, CHECK_VALUES):
        if not np.isfinite(flat[first : first + CHECK_VALUES]).all():
            raise FormatError(f"{path} is damaged: tensor {name!r} holds NaN or infinity.")


def _join_sparse(path: Path, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    tensors: dict[str, Any] = {}
    for name, array in arrays.items():
        stem, _, part = name.rpartition(".")
        if part not in SPARSE_PARTS:
            tensors[name] = array
        elif stem not in tensors:
            tensors[stem] = _sparse(path, stem, arrays)
    return tensors


def _sparse(path: Path, stem: str, arrays: dict[str, NDArray[Any]]) -> Any:
    broken = f"{path} is damaged: the sparse matrix {stem!r}"
    missing = [part for part in SPARSE_PARTS if f"{stem}.{part}" not in arrays]
    if missing:
        raise FormatError(f"{broken} lacks its part {missing[0]!r}.")
    indptr, indices, data, shape = (arrays[f"{stem}.{part}"] for part in SPARSE_PARTS)
    integers = all(array.dtype in (np.int32, np.int64) for array in (indptr, indices, shape))
    flat = all(array.ndim == 1 for array in (indptr, indices, data, shape))
    if not integers or not flat or len(shape) != 2 or min(shape) < 0:
        raise FormatError(f"{broken} has parts of the wrong kind.")
    rows, columns = (int(number) for number in shape)
    whole = len(indptr) == rows + 1 and indptr[0] == 0 and indptr[-1] == len(data) == len(indices)
    if not whole or (np.diff(indptr) < 0).any():
        raise FormatError(f"{broken} has row limits that do not fit its {len(data)} values.")
    if len(indices) and not 0 <= indices.min() <= indices.max() < columns:
        raise FormatError(f"{broken} has an index outside its {columns} columns.")
    return csr_of(data, indices, indptr, (rows, columns))
