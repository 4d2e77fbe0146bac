"""Models by name: fetching the embedded ones, finding the files of any, loading them."""

from playground.models.embedded import EMBEDDED, EmbeddedModel
from playground.models.fetch import pull
from playground.models.names import FAKE, Listed, ModelFiles, find_embedded, list_models, locate

__all__ = [
    "EMBEDDED",
    "FAKE",
    "EmbeddedModel",
    "Listed",
    "ModelFiles",
    "find_embedded",
    "list_models",
    "locate",
    "pull",
]
