"""POST /embeddings."""

from __future__ import annotations

import numpy as np
import pytest
from openai import BadRequestError, NotFoundError


def test_vectors_come_in_order_and_are_those_of_the_embedder(playground, client):
    found = client.embeddings.create(model="fake", input=["tea", "cocoa"])
    wanted = playground.bases.embedder.embed(["tea", "cocoa"], kind="query")
    assert [one.index for one in found.data] == [0, 1]
    np.testing.assert_allclose([one.embedding for one in found.data], wanted, atol=1e-6)
    assert found.usage.prompt_tokens == found.usage.total_tokens > 0


def test_both_formats_say_the_same(client):
    plain, packed = (
        client.embeddings.create(model="fake", input="退款", encoding_format=kind).data[0].embedding
        for kind in ("float", "base64")
    )
    assert isinstance(packed, str | list)
    if isinstance(packed, str):
        import base64

        packed = np.frombuffer(base64.b64decode(packed), "<f4")
    np.testing.assert_allclose(plain, packed, atol=1e-6)


def test_passages_are_embedded_as_passages(playground, client):
    found = client.embeddings.create(
        model="fake", input="tea", extra_body={"input_type": "passage"}
    )
    wanted = playground.bases.embedder.embed(["tea"], kind="passage")
    np.testing.assert_allclose([found.data[0].embedding], wanted, atol=1e-6)


@pytest.mark.parametrize("given", ["", [], ["x", " "], [1, 2], [[1]], ["x"] * 2049])
def test_what_is_no_text_is_refused(client, given):
    with pytest.raises(BadRequestError):
        client.embeddings.create(model="fake", input=given)


def test_other_models_and_sizes_there_are_not(client):
    with pytest.raises(NotFoundError):
        client.embeddings.create(model="base", input="x")
    with pytest.raises(BadRequestError) as refused:
        client.embeddings.create(model="fake", input="x", dimensions=3)
    assert refused.value.param == "dimensions"
