"""Ask one question of a long context, a knowledge base and a tuned model, side by side."""

__version__ = "0.1.0"
