"""What is said between us and the process that reads: a line of JSON, then bytes as they are."""

from __future__ import annotations

import json
from typing import IO, Any

from playground import errors
from playground.errors import DocumentError
from playground.readers.archive import NamedFile
from playground.types import Document

Message = tuple[dict[str, Any], bytes]


def send(stream: IO[bytes], message: Message) -> None:
    """Write `message`, whole."""
    header, body = message
    stream.write(json.dumps({**header, "bytes": len(body)}).encode() + b"\n")
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """The next message, None if the other side has ended."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    header = json.loads(line)
    body = stream.read(header["bytes"])
    return (header, body) if len(body) == header["bytes"] else None


def from_file(file: NamedFile) -> Message:
    return {"title": file.title}, file.data


def to_file(message: Message) -> NamedFile:
    return NamedFile(message[0]["title"], message[1])


def from_result(result: Document | DocumentError) -> Message:
    if isinstance(result, DocumentError):
        return {"error": type(result).__name__, "details": result.details}, b""
    header = {"title": result.title, "pages": result.page_starts, "format": result.format}
    return header, result.text.encode()


def to_result(message: Message) -> Document | DocumentError:
    header, body = message
    if "error" in header:
        return getattr(errors, header["error"])(**header["details"])
    return Document(header["title"], body.decode(), tuple(header["pages"]), header["format"])
