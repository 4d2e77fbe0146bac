"""What is known of a visit from its request."""

from __future__ import annotations

import gradio as gr


def address_of(request: gr.Request) -> str:
    """Where the visitor finds the API: under the address of the page."""
    behind_https = request.headers.get("x-forwarded-proto", "http") == "https"
    return f"{'https' if behind_https else 'http'}://{request.headers['host']}/v1"
