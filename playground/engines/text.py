"""From token ids to text that may be shown: whole characters, and nothing after a stop string."""

from __future__ import annotations

from transformers import PreTrainedTokenizerBase

_INCOMPLETE = "\ufffd"
_LONGEST_CHARACTER = 4  # bytes of UTF-8, so at most four byte tokens


class TextDecoder:
    """Decodes one answer token by token.

    A character that spans several tokens is given out once it is whole; a replacement character
    that the model really wrote is given out too, as soon as no more bytes can complete it.
    Decoding goes by a window of earlier tokens, since some tokenizers write a token differently
    at the start of a text.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._shown: list[int] = []
        self._pending: list[int] = []

    def push(self, token: int) -> str:
        """The text that `token` completes; empty while a character is not whole."""
        self._pending.append(token)
        return self._take(keep_incomplete=len(self._pending) < _LONGEST_CHARACTER)

    def flush(self) -> str:
        """What is still held back at the end of the answer, but for half a character."""
        return self._take(keep_incomplete=False).removesuffix(_INCOMPLETE)

    def _take(self, *, keep_incomplete: bool) -> str:
        before = self._decode(self._shown)
        after = self._decode(self._shown + self._pending)
        text = after[len(before) :]
        if not text or (keep_incomplete and text.endswith(_INCOMPLETE)):
            return ""
        self._shown, self._pending = self._pending, []
        return text

    def _decode(self, tokens: list[int]) -> str:
        text = self._tokenizer.decode(
            tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text if isinstance(text, str) else "".join(text)


class StopFilter:
    """Lets text through up to the first stop string, holding back what may become one."""

    def __init__(self, stops: tuple[str, ...]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def push(self, text: str) -> str:
        """The part of `text` (and of what was held back) that may be shown now."""
        if self.stopped:
            return ""
        text = self._held + text
        found = [at for at in (text.find(stop) for stop in self._stops) if at >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        held = max((self._overlap(text, stop) for stop in self._stops), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def flush(self) -> str:
        """What was held back, once it is certain that no stop string follows."""
        text, self._held = self._held, ""
        return text

    @staticmethod
    def _overlap(text: str, stop: str) -> int:
        """Length of the longest end of `text` that begins `stop`."""
        longest = min(len(text), len(stop) - 1)
        return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
