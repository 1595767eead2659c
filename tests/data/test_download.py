"""Downloads leave a whole, checked file or nothing."""

import io
import logging
import socket
import stat
import zipfile

import pytest
from data.helpers import Answer, corpus, files_below, remote, sha256

from textrep import data
from textrep.errors import DataError
from textrep.progress import reporting_to

TEXT = b"a line of text\n" * 20_000
PAGE = b"\n<!DOCTYPE html><html><body>Please log in</body></html>"


def refused(recipe, cache):
    """Download, expect one clear line, and check that no file is left."""
    with pytest.raises(DataError) as caught:
        data.get(recipe)
    assert "\n" not in str(caught.value)
    assert files_below(cache) == []
    return str(caught.value)


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return stream.getvalue()


def test_a_download_is_kept_whole_and_the_second_call_uses_it(server, cache):
    recipe = corpus(remote(server.give("/a.txt", TEXT), TEXT))
    assert data.locate(recipe) is None
    paths = data.get(recipe)
    assert paths == [cache / "texts/a.txt"]
    assert paths[0].read_bytes() == TEXT
    assert files_below(cache) == ["texts/a.txt"]
    assert data.get(recipe, offline=True) == paths
    assert server.requests == ["/a.txt"]


def test_progress_adds_up_to_the_size(server, cache):
    class Recorder:
        def __init__(self):
            self.amounts, self.ended = [], 0

        def start(self, name, total, unit, done):
            self.name, self.unit = name, unit
            return self

        def advance(self, amount):
            self.amounts.append(amount)

        def describe(self, text):
            raise AssertionError("nothing to describe")

        def finish(self):
            self.ended += 1

    recorder = Recorder()
    with reporting_to(recorder):
        data.get(corpus(remote(server.give("/a.txt", TEXT), TEXT)))
    assert sum(recorder.amounts) == len(TEXT)
    assert len(recorder.amounts) > 2
    assert (recorder.name, recorder.unit, recorder.ended) == ("downloading a.txt", "bytes", 1)


def test_a_wrong_checksum_keeps_nothing_and_states_both(server, cache):
    changed = TEXT[:-2] + b"!\n"
    message = refused(corpus(remote(server.give("/a.txt", changed), TEXT)), cache)
    assert sha256(TEXT) in message
    assert sha256(changed) in message
    assert len(server.requests) == 1


@pytest.mark.parametrize("cut", [Answer(TEXT, announced=10**6), Answer(TEXT, chunked=True)])
def test_a_cut_connection_is_tried_again_and_then_refused(server, cache, cut):
    message = refused(corpus(remote(server.give("/a.txt", cut), TEXT)), cache)
    assert "the connection was cut" in message
    assert "3 tries" in message
    assert len(server.requests) == 3


@pytest.mark.parametrize("bad", [Answer(TEXT[:999], announced=len(TEXT)), Answer(b"", status=503)])
def test_a_passing_fault_is_got_over(server, cache, bad):
    recipe = corpus(remote(server.give("/a.txt", bad, TEXT), TEXT))
    assert data.get(recipe)[0].read_bytes() == TEXT
    assert len(server.requests) == 2


def test_a_404_page_is_not_tried_again(server, cache):
    message = refused(corpus(remote(server.url + "/gone.txt", TEXT)), cache)
    assert "/gone.txt: the server answered with status 404" in message
    assert len(server.requests) == 1


@pytest.mark.parametrize("known", [TEXT, None])
def test_a_web_page_in_place_of_the_file_is_refused(server, cache, known):
    recipe = corpus(remote(server.give("/a.txt", PAGE), known), verified=known is not None)
    assert "gave a web page in place of the file" in refused(recipe, cache)


def test_a_file_that_is_a_web_page_by_its_checksum_is_kept(server, cache):
    recipe = corpus(remote(server.give("/a.html", PAGE), PAGE))
    assert data.get(recipe)[0].read_bytes() == PAGE


def test_an_empty_file_is_refused(server, cache):
    recipe = corpus(remote(server.give("/a.txt", b"")), verified=False)
    assert "gave an empty file" in refused(recipe, cache)


def test_a_server_that_is_not_there_is_one_line(cache):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/a.txt"
        assert "the server cannot be reached" in refused(corpus(remote(url, TEXT)), cache)


def test_an_unverified_recipe_says_so_and_states_the_checksum(server, cache, caplog):
    recipe = corpus(remote(server.give("/a.txt", TEXT)), verified=False)
    with caplog.at_level(logging.WARNING, "textrep"):
        data.get(recipe)
        data.get(recipe)
    assert len(caplog.records) == 1
    assert "'tiny' is unverified" in caplog.text
    assert sha256(TEXT) in caplog.text


def test_a_verified_recipe_warns_of_nothing(server, cache, caplog):
    with caplog.at_level(logging.WARNING):
        data.get(corpus(remote(server.give("/a.txt", TEXT), TEXT)))
    assert caplog.records == []


def test_a_file_that_differs_from_the_recipe_is_used_with_a_warning(cache, caplog):
    recipe = corpus(local=("a.txt", "b.txt"), local_sha256=(sha256(b"mine"), sha256(b"theirs")))
    cache.mkdir(parents=True)
    (cache / "a.txt").write_bytes(b"mine")
    (cache / "b.txt").write_bytes(b"mine")
    with caplog.at_level(logging.WARNING, "textrep"):
        assert len(data.get(recipe)) == 2
    assert len(caplog.records) == 1
    assert "b.txt differs from the file that the recipe 'tiny' describes" in caplog.text


@pytest.mark.parametrize("by", ["environment", "argument"])
def test_offline_never_downloads_and_says_what_to_put_where(server, cache, monkeypatch, by):
    url = server.give("/a.txt", TEXT)
    recipe = corpus(remote(url, TEXT), local=("texts/a.txt.xz",))
    if by == "environment":
        monkeypatch.setenv("TEXTREP_OFFLINE", "1")
    with pytest.raises(DataError) as caught:
        data.get(recipe, offline=True if by == "argument" else None)
    for part in ["'tiny'", "texts/a.txt.xz or texts/a.txt", url, "TEXTREP_DATA", str(cache)]:
        assert part in str(caught.value)
    assert server.requests == []
    assert not cache.exists()


def test_the_argument_overrules_the_environment(server, cache, monkeypatch):
    monkeypatch.setenv("TEXTREP_OFFLINE", "1")
    recipe = corpus(remote(server.give("/a.txt", TEXT), TEXT))
    assert data.get(recipe, offline=False)[0].read_bytes() == TEXT


def test_a_corpus_without_an_address_says_so(cache):
    with pytest.raises(DataError, match=r"put texts/b\.txt into .* no public address"):
        data.get(corpus(local=("texts/b.txt",)))


def test_a_second_call_goes_on_where_the_first_stopped(server, cache):
    recipe = corpus(
        remote(server.give("/a", TEXT), TEXT, "a"), remote(server.url + "/b", b"b", "b")
    )
    with pytest.raises(DataError, match="404"):
        data.get(recipe)
    assert files_below(cache) == ["a"]
    server.give("/b", b"b")
    assert data.get(recipe) == [cache / "a", cache / "b"]
    assert server.requests == ["/a", "/b", "/b"]


def test_a_folder_that_cannot_be_written_is_one_line(server, cache):
    cache.parent.write_text("a file where the cache should be")
    with pytest.raises(DataError, match=r"Cannot keep the download of 'tiny' in .*TEXTREP_HOME"):
        data.get(corpus(remote(server.give("/a", TEXT), TEXT)))


def test_an_interrupted_download_leaves_nothing(server, cache, monkeypatch):
    def interrupted(recipe, file, body):
        assert body.stat().st_size == len(TEXT)
        raise KeyboardInterrupt

    monkeypatch.setattr("textrep.data.download._verify", interrupted)
    with pytest.raises(KeyboardInterrupt):
        data.get(corpus(remote(server.give("/a", TEXT), TEXT)))
    assert files_below(cache) == []


def test_members_of_one_archive_are_fetched_once(server, cache):
    archive = zipped([("in/one.txt", TEXT), ("in/two.txt", b"two"), ("in/other.txt", b"")])
    url = server.give("/a.zip", archive)
    recipe = corpus(
        remote(url, archive, "one.txt", "in/one.txt"),
        remote(url, archive, "two.txt", "in/two.txt"),
    )
    assert [path.read_bytes() for path in data.get(recipe)] == [TEXT, b"two"]
    assert files_below(cache) == ["one.txt", "two.txt"]
    assert server.requests == ["/a.zip"]


def link(name, to):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, to


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (("../escaped.txt", b"x"), "unsafe path '../escaped.txt'"),
        (("in/../../escaped.txt", b"x"), "unsafe path"),
        (("/tmp/escaped.txt", b"x"), "unsafe path '/tmp/escaped.txt'"),
        (("..\\escaped.txt", b"x"), "unsafe path"),
        (("C:\\escaped.txt", b"x"), "unsafe path"),
        (link("in/link", b"/etc/passwd"), "the link 'in/link'"),
    ],
)
@pytest.mark.parametrize("wanted", ["in/one.txt", None])
def test_an_archive_with_a_way_out_is_refused(server, cache, tmp_path, bad, message, wanted):
    archive = zipped([("in/one.txt", TEXT), bad])
    member = wanted or "in/link"
    recipe = corpus(remote(server.give("/a.zip", archive), archive, "one.txt", member))
    assert message in refused(recipe, cache)
    assert list(tmp_path.rglob("*escaped*")) == []


def test_an_archive_without_the_member_is_refused(server, cache):
    archive = zipped([("other.txt", TEXT)])
    recipe = corpus(remote(server.give("/a.zip", archive), archive, "one.txt", "one.txt"))
    assert "holds no 'one.txt'" in refused(recipe, cache)


@pytest.mark.parametrize("damage", ["cut", "flipped", "text"])
def test_a_damaged_archive_is_refused(server, cache, damage):
    whole = zipped([("one.txt", bytes(range(256)) * 64)])
    body = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:60] + bytes([whole[60] ^ 0xFF]) + whole[61:],
        "text": TEXT,
    }[damage]
    recipe = corpus(remote(server.give("/a.zip", body), body, "one.txt", "one.txt"))
    assert "cannot be unpacked" in refused(recipe, cache)
