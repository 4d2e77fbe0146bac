"""Servers of the public internet alone, for visitors of a shared page.

Whoever may name a server lets this machine call it: its own ports, its network's, a cloud's
metadata. See OWASP, Server-Side Request Forgery Prevention.
"""

from __future__ import annotations

import ipaddress
import socket

import httpx2
from httpx2 import Request, Response

from playground.errors import ServerNotPublic


def public_address(host: str) -> str:
    """An address of `host`, all of which belong to the public internet.

    Raises:
        ServerNotPublic: one of them does not.
        OSError: it has none.
    """
    found = [info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    for address in map(str, found):
        if not _is_public(address):
            raise ServerNotPublic(host=host, address=address)
    return str(found[0])


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed.sixtofour or parsed
    return parsed.is_global and not parsed.is_multicast


class PublicTransport(httpx2.HTTPTransport):
    """Calls the address that was looked at, so that a name cannot become another in between."""

    def handle_request(self, request: Request) -> Response:
        host = request.url.host
        try:
            address = public_address(host)
        except OSError as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        return super().handle_request(
            Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # its Host is still the name
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
        )
