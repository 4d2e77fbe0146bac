"""Text from templates: rows that teach reading, and documents that stand in the way."""
