"""A model on a server of someone else: where it is, and what is known of such servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from playground.errors import ServerAddressInvalid

PRESETS: Mapping[str, str] = MappingProxyType(
    {
        "SiliconFlow": "https://api.siliconflow.cn/v1",
        "OpenAI": "https://api.openai.com/v1",
        "DeepSeek": "https://api.deepseek.com/v1",
        "vLLM": "http://127.0.0.1:8000/v1",
        "SGLang": "http://127.0.0.1:30000/v1",
        "Ollama": "http://127.0.0.1:11434/v1",
        "LM Studio": "http://127.0.0.1:1234/v1",
    }
)


@dataclass(frozen=True)
class Remote:
    """The model `model` of the server at `base_url`, which may want a key.

    `context_window` is in tokens; 0 asks the server, or takes 8,192 where it does not say. Prices
    are of a million tokens, in any currency. The key is kept in memory alone. `public_only` is for
    addresses that visitors of a shared page enter: what the internet cannot call is not called.

    Raises:
        ServerAddressInvalid: `base_url` is no address of the web.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    context_window: int = 0
    input_price: float = 0.0
    output_price: float = 0.0
    public_only: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerAddressInvalid(base_url=self.base_url)

    @property
    def is_priced(self) -> bool:
        return self.input_price > 0 or self.output_price > 0

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Of one answer."""
        millionths = prompt_tokens * self.input_price + completion_tokens * self.output_price
        return millionths / 1_000_000
