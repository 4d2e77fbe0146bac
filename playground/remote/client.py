"""The client of the package openai, set up for a server; what it raises, as what one can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from openai import OpenAI

from playground.errors import (
    RemoteBusy,
    RemoteFailed,
    RemoteKeyRefused,
    RemoteModelUnknown,
    RemoteRefused,
    RemoteUnreachable,
)
from playground.remote.public import PublicTransport, public_address
from playground.remote.server import Remote

_CONNECT_SECONDS, _SILENT_SECONDS = 10.0, 120.0
_RETRIES = 4  # on 429 and 5xx, each after a longer pause, or the one that the server names
_NO_KEY = "none"
_LONGEST_REASON = 500


def connect(remote: Remote, *, retries: int = _RETRIES) -> OpenAI:
    """A client for the server; nothing is sent yet.

    Raises:
        ServerNotPublic: such a server only was to be called.
    """
    return OpenAI(
        base_url=remote.base_url,
        api_key=remote.api_key or _NO_KEY,
        max_retries=retries,
        timeout=openai.Timeout(_SILENT_SECONDS, connect=_CONNECT_SECONDS),
        http_client=_public_client(remote) if remote.public_only else None,
    )


def _public_client(remote: Remote) -> openai.DefaultHttpxClient:
    """It goes past the environment's proxies, which look up names themselves."""
    with suppress(OSError):  # said when it is called, as of every server
        public_address(urlsplit(remote.base_url).hostname or "")
    return openai.DefaultHttpxClient(transport=PublicTransport(), trust_env=False)


def model_ids(remote: Remote) -> tuple[str, ...]:
    """The ids that the server lists.

    Raises:
        RemoteError.
    """
    with explained(remote), connect(remote, retries=0) as client:
        return tuple(sorted(card.id for card in client.models.list()))


@contextmanager
def explained(remote: Remote, model: str = "") -> Iterator[None]:
    """What the client raises inside the block comes as a RemoteError; no key is ever in it."""
    told: dict[str, Any] = {"base_url": remote.base_url, "model": model or remote.model}
    try:
        yield
    except openai.APITimeoutError as error:
        reason = f"no answer within {_SILENT_SECONDS:.0f} s."
        raise RemoteUnreachable(**told, reason=reason) from error
    except openai.APIConnectionError as error:
        cause = error.__cause__ or error
        broke_off = isinstance(cause, httpx2.RemoteProtocolError | httpx2.ReadError)
        kind = RemoteFailed if broke_off else RemoteUnreachable
        raise kind(**told, reason=f"{cause}.") from error
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise RemoteKeyRefused(**told, reason=without_key(error, remote)) from None
    except openai.NotFoundError as error:
        raise RemoteModelUnknown(**told, reason=without_key(error, remote)) from None
    except openai.RateLimitError as error:
        raise RemoteBusy(**told, reason=without_key(error, remote)) from None
    except openai.APIStatusError as error:
        kind = RemoteFailed if error.status_code >= 500 else RemoteRefused
        raise kind(**told, reason=without_key(error, remote)) from None
    except openai.OpenAIError as error:  # one in the middle of a stream
        raise RemoteFailed(**told, reason=without_key(error, remote)) from None
    except ValueError as error:  # the client lets through what is no JSON
        raise RemoteFailed(**told, reason=f"it sends no JSON ({error}).") from error


def without_key(error: Exception, remote: Remote) -> str:
    """What the server said. Some repeat the key."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    text = str(said or error)
    return (text.replace(remote.api_key, "…") if remote.api_key else text)[:_LONGEST_REASON]
