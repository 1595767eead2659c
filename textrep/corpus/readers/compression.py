"""Streamed decompression that knows a cut or damaged file from a whole one.

The standard library's file objects drop what follows the first bad member and cannot say how much
of the compressed file was read; here each byte is either decompressed or an error.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol

from textrep.errors import CorpusError

__all__ = ["COMPRESSIONS", "decompress"]

_OUTPUT_BYTES = 2**20
_INPUT_BYTES = 2**16
_DAMAGE = (lzma.LZMAError, zlib.error, OSError, ValueError, EOFError)


class _Decompressor(Protocol):
    """The interface that `bz2` and `lzma` share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """`zlib` under the interface of `bz2` and `lzma`."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not self._stream.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, max_length)


class _Zstandard:
    """`zstandard` under the interface of `bz2` and `lzma`; its output is bounded by the input."""

    needs_input = True

    def __init__(self) -> None:
        import zstandard

        self._stream = zstandard.ZstdDecompressor(max_window_size=2**31).decompressobj()
        self._error = zstandard.ZstdError

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        try:
            return self._stream.decompress(data)
        except self._error as error:
            raise ValueError(str(error)) from error


COMPRESSIONS: dict[str, tuple[str, Callable[[], _Decompressor]]] = {
    ".gz": ("gzip", _Gzip),
    ".bz2": ("bzip2", bz2.BZ2Decompressor),
    ".xz": ("xz", partial(lzma.LZMADecompressor, format=lzma.FORMAT_XZ)),
    ".zst": ("zstandard", _Zstandard),
}
"""Suffix: the format's name and what makes a decompressor of one member."""


def decompress(chunks: Iterable[bytes], suffix: str, name: str) -> Iterator[bytes]:
    """Yield the decompressed text of a compressed file.

    Parameters
    ----------
    chunks : iterable of bytes
        The compressed file in pieces of any size: one or more members one after the other, with
        zero bytes between or after them, as tools that pad archives leave them.
    suffix : str
        A key of `COMPRESSIONS`.
    name : str
        The file's name, for errors.

    Yields
    ------
    bytes
        At most 1 MiB each (zstandard: what 64 KiB of the file hold).

    Raises
    ------
    CorpusError
        The file is cut, damaged, or not of this format.
    """
    label, make = COMPRESSIONS[suffix]
    member: _Decompressor | None = None
    members = 0
    for data in _pieces(chunks):
        while data or (member is not None and not member.needs_input):
            if member is None:
                if members:
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                member = make()
                members += 1
            try:
                text = member.decompress(data, _OUTPUT_BYTES)
            except _DAMAGE as error:
                raise CorpusError(_damaged(name, suffix, label, members, error)) from error
            data = b""
            if text:
                yield text
            if member.eof:
                data, member = member.unused_data, None
    if member is not None:
        raise CorpusError(
            f"{name} is cut: its {label} data ends too early. Fetch or compress it again."
        )


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _INPUT_BYTES):
            yield chunk[start : start + _INPUT_BYTES]


def _damaged(name: str, suffix: str, label: str, members: int, error: Exception) -> str:
    if members > 1:
        return (
            f"{name} is damaged: what follows its first {members - 1} {label} member(s) is not "
            f"{label} data ({error}). Fetch or compress it again."
        )
    return (
        f"{name} is damaged, or not {label} data although its name ends in {suffix} ({error}). "
        "Fetch or compress it again, or rename it."
    )
