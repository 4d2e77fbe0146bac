"""Requests made from the API's own description: whatever comes, it is no error of the server."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

ALL = list(HealthCheck)
WITH = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=ALL)


@pytest.fixture(scope="module")
def operations(address):
    """What the description offers, by method and path."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json", wait_for_schema=10)
    found = [operation.ok() for operation in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


def test_nothing_that_fits_the_description_breaks_the_server(operations):
    for operation in operations.values():

        @WITH
        @given(case=operation.as_strategy())
        def check(case):
            response = case.call()
            assert response.status_code < 500, response.text
            if response.status_code >= 400:
                assert "error" in response.json()

        check()


def test_the_description_offers_what_openais_clients_call(operations):
    assert operations.keys() >= {
        "GET /models",
        "GET /models/{id}",
        "POST /chat/completions",
        "POST /embeddings",
        "POST /files",
        "GET /files/{id}/content",
        "DELETE /files/{id}",
        "POST /fine_tuning/jobs",
        "GET /fine_tuning/jobs/{id}",
        "POST /fine_tuning/jobs/{id}/cancel",
        "GET /fine_tuning/jobs/{id}/events",
        "GET /fine_tuning/jobs/{id}/checkpoints",
        "POST /load_lora_adapter",
        "POST /unload_lora_adapter",
    }
