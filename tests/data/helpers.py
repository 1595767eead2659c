"""A web server of the test's own, and small recipes and archives to serve with it."""

import dataclasses
import hashlib
import http.server
import threading
import zipfile
from pathlib import Path

from textrep.recipes import BenchmarkRecipe, CorpusRecipe, Layout, RemoteFile


def archive(path: Path, members: dict[str, str | bytes]) -> Path:
    """Write a zip archive of these members."""
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return path


@dataclasses.dataclass
class Answer:
    """What the server gives; ``announced`` is the Content-Length if it is not the true one."""

    body: bytes = b""
    status: int = 200
    announced: int | None = None
    chunked: bool = False


class Server:
    """Answers each path with its list of answers in turn, the last one for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[str] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.requests.append(self.path)
                queue = outer.answers.get(self.path, [Answer(b"not here", 404)])
                answer = queue.pop(0) if len(queue) > 1 else queue[0]
                self.send_response(answer.status)
                if answer.chunked:
                    # The last chunk never comes: the connection is cut in the middle.
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(answer.body), answer.body))
                else:
                    length = len(answer.body) if answer.announced is None else answer.announced
                    self.send_header("Content-Length", str(length))
                    self.end_headers()
                    self.wfile.write(answer.body)
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def give(self, path: str, *answers: Answer | bytes) -> str:
        """Serve ``answers`` at ``path``; return the address."""
        self.answers[path] = [a if isinstance(a, Answer) else Answer(a) for a in answers]
        return self.url + path

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def remote(url, data=None, path="texts/a.txt", member=""):
    return RemoteFile(url, sha256(data) if data is not None else "", 0, path, member)


def corpus(*files, verified=True, local=(), local_sha256=()):
    return CorpusRecipe(
        name="tiny",
        description="",
        reader="text",
        licence="",
        citation="",
        language="en",
        verified=verified,
        files=files,
        local=local,
        local_sha256=local_sha256,
        cleaning="",
    )


def benchmark(task="relatedness", columns=None, original=None, files=(), **changes):
    roles = {
        "relatedness": ("word1", "word2", "score"),
        "synonym": ("question", "option1", "option2", "option3", "correct"),
        "analogy": ("category", "a", "b", "c", "d"),
        "categorization": ("category", "word"),
        "outlier": ("category", "words", "outliers"),
        "relations": ("word1", "word2", "relation"),
        "sts": ("sentence1", "sentence2", "score"),
        "classification": ("text", "label"),
    }[task]
    recipe = BenchmarkRecipe(
        name="tiny",
        task=task,
        description="",
        local="benchmarks/tiny.tsv",
        local_sha256="",
        columns=columns or {role: role for role in roles},
        original=original,
        metric="accuracy",
        scale="",
        human_ceiling=None,
        human_ceiling_source="",
        oov="skip",
        lowercase=True,
        language="en",
        citation="",
        licence="",
        verified=True,
        files=files,
        rows=None,
        generator=None,
    )
    return dataclasses.replace(recipe, **changes)


def layout(form, fields=(), more_fields=False, **columns):
    return Layout(form, tuple(fields), columns, more_fields)
