"""The playground as a Hugging Face Space: a public page, on whatever hardware the Space has."""

import os

os.environ.setdefault("PLAYGROUND_PUBLIC", "1")
os.environ.setdefault("PLAYGROUND_HOST", "0.0.0.0")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import spaces  # before torch, which it changes on ZeroGPU; elsewhere its decorators do nothing
from playground.cli.main import main
from playground.engines.transformers import TransformersEngine

_GPU_SECONDS = 60  # of one answer

TransformersEngine.stream = spaces.GPU(TransformersEngine.stream, duration=_GPU_SECONDS)

if __name__ == "__main__":
    main(["serve"])
