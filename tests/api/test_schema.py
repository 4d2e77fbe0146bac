"""Requests made from the API's own description: whatever comes, it is no error of the server."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

described = schemathesis.pytest.from_fixture("description")


@pytest.fixture(scope="module")
def description(address):
    return schemathesis.openapi.from_url(f"{address}/openapi.json", wait_for_schema=10)


@described.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_nothing_that_fits_the_description_breaks_the_server(case):
    response = case.call()
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert "error" in response.json()
