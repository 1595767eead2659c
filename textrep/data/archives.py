"""One file out of a zip archive that nobody has to trust."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PureWindowsPath

from textrep.errors import DataError

__all__ = ["extract"]


def extract(archive: Path, member: str, target: Path, *, source: str) -> None:
    """Copy one member of a zip archive to ``target``.

    Parameters
    ----------
    archive : Path
        The archive.
    member : str
        The member's name in the archive.
    target : Path
        File to write. It is the only path written, whatever the names in the archive say.
    source : str
        Where the archive is from, for messages.

    Raises
    ------
    DataError
        The archive is damaged, lacks the member, or holds a link or a path that leads out of the
        folder it is unpacked in. An honest archive of data has no such thing, so all of it is
        refused.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                _refuse_unsafe(info, source)
            if member not in opened.namelist():
                raise DataError(
                    f"The archive {source} holds no {member!r}; nothing was kept. "
                    "It is not the archive that the recipe describes."
                )
            with opened.open(member) as stream, target.open("wb") as output:
                shutil.copyfileobj(stream, output, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise DataError(
            f"The archive {source} cannot be unpacked ({error}); nothing was kept. Try again."
        ) from None


def _refuse_unsafe(info: zipfile.ZipInfo, source: str) -> None:
    # The name as stored, read by Windows's rules: they know both separators, and drives.
    name = info.orig_filename
    windows = PureWindowsPath(name)
    if ".." in windows.parts or windows.drive or windows.root:
        raise DataError(
            f"The archive {source} holds the unsafe path {name!r}, which leads out of the folder "
            "it is unpacked in; nothing was kept."
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise DataError(
            f"The archive {source} holds the link {name!r}, which may lead anywhere; nothing was "
            "kept."
        )
