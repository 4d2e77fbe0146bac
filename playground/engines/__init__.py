"""What runs a model: one Protocol, several engines."""
