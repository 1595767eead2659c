"""Downloads that leave a whole, checked file or nothing."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import pooch
import requests

from textrep.data.archives import extract
from textrep.errors import DataError
from textrep.files import atomic_file
from textrep.progress import Task, logger, track
from textrep.recipes import Recipe, RemoteFile

__all__ = ["download"]

_TRIES = 3
_WAIT = 1.0  # seconds before the second try; doubles with each further one
_TIMEOUT = (15.0, 60.0)  # seconds to connect; seconds without a byte
_CHUNK = 1 << 16
# Content-Length counts bytes as sent; without compression these are the bytes of the file.
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "textrep"}
_WEB_PAGE = (b"<!doctype html", b"<html")


def download(recipe: Recipe, folder: Path) -> list[Path]:
    """Download every file of a recipe.

    Parameters
    ----------
    recipe : CorpusRecipe or BenchmarkRecipe
        A recipe that has ``files``.
    folder : Path
        Where the files go, each under its ``path``. Made if it does not exist.

    Returns
    -------
    list of Path
        The files, in the order of the recipe.

    Raises
    ------
    DataError
        An address cannot be reached or gives something else: a web page, a cut file, a file with
        another checksum, an archive that is damaged or unsafe. Files of the recipe that were
        complete by then stay, so that a second call goes on where the first stopped.
    """
    by_url: dict[str, list[RemoteFile]] = {}
    for file in recipe.files:
        if not (folder / file.path).is_file():
            by_url.setdefault(file.url, []).append(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for url, files in by_url.items():
            with tempfile.TemporaryDirectory(prefix=".download.", dir=folder) as temporary:
                body = Path(temporary) / "body"
                _fetch(url, body, files[0].bytes)
                _verify(recipe, files[0], body)
                _place(files, body, folder)
    except OSError as error:
        raise DataError(
            f"Cannot keep the download of {recipe.name!r} in {folder}: "
            f"{error.strerror or error}. Make room there or set TEXTREP_HOME to another folder."
        ) from None
    return [folder / file.path for file in recipe.files]


def _place(files: Iterable[RemoteFile], body: Path, folder: Path) -> None:
    for file in files:
        with atomic_file(folder / file.path) as target:
            if file.member:
                extract(body, file.member, target, source=file.url)
            else:
                shutil.copyfile(body, target)


def _fetch(url: str, body: Path, size: int) -> None:
    """Write what ``url`` gives to ``body``, trying again where that may help."""
    for attempt in range(1, _TRIES + 1):
        try:
            _stream(url, body, size)
            return
        except _InterruptedError as error:
            if attempt == _TRIES:
                raise DataError(
                    f"Cannot download {url}: {error} ({_TRIES} tries). Check the connection and "
                    "try again, or fetch the file by hand and put it into a folder named by "
                    "TEXTREP_DATA."
                ) from None
            logger.info("%s: %s; trying again", url, error)
            time.sleep(_WAIT * 2 ** (attempt - 1))


class _InterruptedError(Exception):
    """A download that another try may complete."""


def _stream(url: str, body: Path, size: int) -> None:
    with track(f"downloading {url.rsplit('/', 1)[-1]}", total=size or None, unit="bytes") as task:
        bar = _Bar(task)
        fetch = pooch.HTTPDownloader(
            progressbar=bar, chunk_size=_CHUNK, timeout=_TIMEOUT, headers=_HEADERS
        )
        try:
            fetch(url, str(body), None)
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            if status >= 500:
                raise _InterruptedError(f"the server answered with status {status}") from None
            raise DataError(
                f"Cannot download {url}: the server answered with status {status}. The file may "
                "have moved: fetch it by hand and put it into a folder named by TEXTREP_DATA."
            ) from None
        except requests.Timeout:
            raise _InterruptedError("the server did not answer in time") from None
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            cut = bar.done > 0
            what = "the connection was cut" if cut else "the server cannot be reached"
            raise _InterruptedError(what) from None
        except requests.RequestException as error:
            raise DataError(f"Cannot download {url}: {error}.") from None
    # urllib3 2 notices a short body itself; its older versions do not.
    got = body.stat().st_size
    if bar.total and got < bar.total:
        raise _InterruptedError(f"the connection was cut after {got:,} of {bar.total:,} bytes")


def _verify(recipe: Recipe, file: RemoteFile, body: Path) -> None:
    with body.open("rb") as stream:
        start = stream.read(512).lstrip().lower()
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    size = body.stat().st_size
    if digest != file.sha256 and start.startswith(_WEB_PAGE):
        raise DataError(
            f"{file.url} gave a web page in place of the file; nothing was kept. Open the address "
            "in a browser, fetch the file by hand and put it into a folder named by TEXTREP_DATA."
        )
    if not size:
        raise DataError(f"{file.url} gave an empty file; nothing was kept. Try again later.")
    if file.sha256 and digest != file.sha256:
        raise DataError(
            f"{file.url} gave a file with sha256 {digest}, but the recipe {recipe.name!r} says "
            f"{file.sha256}; nothing was kept. The file was changed there or on the way: try "
            "again, or put the original into a folder named by TEXTREP_DATA."
        )
    if not recipe.verified:
        logger.warning(
            "The recipe %r is unverified: nobody has checked this address and its checksum yet. "
            "%s gave %s bytes with sha256 %s; compare them with a source that you trust.",
            recipe.name,
            file.url,
            f"{size:,}",
            digest,
        )


class _Bar:
    """What pooch asks of a progress bar, reported to :func:`textrep.progress.track`."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.total = 0  # bytes; pooch stores the announced size here
        self.done = 0

    def update(self, amount: int) -> None:
        # pooch counts whole chunks, so the last step may go beyond the end.
        step = min(amount, self.total - self.done) if self.total else amount
        self.done += step
        self.task.advance(step)

    def reset(self) -> None:
        """Do nothing: pooch resets only to fill the bar, which is filled already."""

    def close(self) -> None:
        """Do nothing: ``track`` ends the task."""
