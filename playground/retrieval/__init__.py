"""Documents cut, embedded and indexed, and the passages found in them."""

from playground.retrieval.embedder import Embedder, SentenceTransformerEmbedder
from playground.retrieval.hashing import HashEmbedder
from playground.retrieval.knowledge_base import KnowledgeBase
from playground.retrieval.library import Library
from playground.retrieval.splitter import CHUNK_SIZE, Chunk, split
from playground.types import DocumentInfo

__all__ = [
    "CHUNK_SIZE",
    "Chunk",
    "DocumentInfo",
    "Embedder",
    "HashEmbedder",
    "KnowledgeBase",
    "Library",
    "SentenceTransformerEmbedder",
    "split",
]
