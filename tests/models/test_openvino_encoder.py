"""An embedding model's network as a graph, beside torch: on a small BERT made from a config."""

import gc
import logging
import os
import weakref

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from playground.models import ModelFiles
from tests.tiny import make_embedder

openvino_encoder = pytest.importorskip(
    "playground.models.openvino_encoder", exc_type=ImportError, reason="needs OpenVINO"
)

TEXTS = ["?", "退款需要七个工作日。", "The library opens at nine.", "退款" * 40, "a b " * 50]


@pytest.fixture
def files(tmp_path):
    return ModelFiles("small", str(make_embedder(tmp_path / "model")))


@pytest.fixture
def graphs(tmp_path):
    return tmp_path / "graphs"


def _load(files):
    return SentenceTransformer(files.path, device="cpu")


def _make(files, graphs):
    """What was made, and how many steps were reported."""
    steps = list(openvino_encoder.make(files, graphs, lambda: _load(files)))
    return openvino_encoder.find(files, graphs), len(steps)


def test_padded_texts_have_the_vectors_that_torch_gives(files, graphs):
    model = _load(files)
    wanted = model.encode(TEXTS, batch_size=len(TEXTS), normalize_embeddings=True)
    encoder, _ = _make(files, graphs)
    assert encoder.unfit is None
    assert encoder.cosine > 0.9999
    openvino_encoder.run_graph(model, encoder)
    got = model.encode(TEXTS, batch_size=len(TEXTS), normalize_embeddings=True)
    assert (got * wanted).sum(axis=1).min() > 0.9999
    alone = np.concatenate([model.encode([t], normalize_embeddings=True) for t in TEXTS])
    assert (alone * wanted).sum(axis=1).min() > 0.9999


def test_weights_of_torch_are_let_go(files, graphs):
    model = _load(files)
    network = weakref.ref(model[0].model)
    openvino_encoder.run_graph(model, _make(files, graphs)[0])
    gc.collect()
    assert network() is None
    assert not list(model.parameters())
    assert model.get_embedding_dimension() == 32


def test_graph_is_made_once(files, graphs):
    first, steps = _make(files, graphs)
    assert steps == 2
    assert _make(files, graphs) == (first, 0)


def test_a_changed_model_makes_another_graph_in_place_of_the_first(files, graphs, tmp_path):
    first, _ = _make(files, graphs)
    make_embedder(tmp_path / "model", seed=1)
    os.utime(tmp_path / "model" / "model.safetensors", (1, 1))
    assert openvino_encoder.find(files, graphs) is None
    second, steps = _make(files, graphs)
    assert (second.folder != first.folder, steps) == (True, 2)
    assert [f for f in graphs.iterdir() if f.is_dir()] == [second.folder]


class _Unsteady(torch.nn.Module):
    """Computes something else from its second call on, and so does the graph that it becomes."""

    def __init__(self, network):
        super().__init__()
        self.network, self.config, self.calls = network, network.config, 0

    def forward(self, input_ids, attention_mask, **_):
        self.calls += 1
        output = self.network(input_ids=input_ids, attention_mask=attention_mask)
        if self.calls > 1:
            output.last_hidden_state = output.last_hidden_state.flip(-1)
        return output


class _Untraceable(_Unsteady):
    def forward(self, input_ids, attention_mask, **_):
        if torch.jit.is_tracing():
            raise NotImplementedError("not for tracing")
        return super().forward(input_ids, attention_mask)


@pytest.mark.parametrize(("kind", "reason"), [(_Unsteady, "cosine"), (_Untraceable, "not for")])
def test_a_model_whose_graph_is_not_the_model_is_unfit_and_stays_so(files, graphs, kind, reason):
    def load():
        model = _load(files)
        model[0].model = kind(model[0].model)
        return model

    assert len(list(openvino_encoder.make(files, graphs, load))) == 2
    encoder = openvino_encoder.find(files, graphs)
    assert reason in encoder.unfit
    assert [file.name for file in encoder.folder.iterdir()] == ["receipt.json"]
    assert not list(openvino_encoder.make(files, graphs, load))


def test_a_model_that_cannot_be_traced_does_not_silence_the_log(files, graphs, caplog):
    root = logging.getLogger()
    before = (root.level, list(root.filters))

    def load():
        model = _load(files)
        model[0].model = _Untraceable(model[0].model)
        return model

    assert len(list(openvino_encoder.make(files, graphs, load))) == 2
    assert (root.level, root.filters) == before
    logging.getLogger("playground").warning("something is amiss")
    assert "something is amiss" in caplog.text


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(files, graphs):
    graphs.write_text("a file")
    assert _make(files, graphs)[0] is None
