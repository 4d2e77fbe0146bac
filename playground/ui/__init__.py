"""The page, in Gradio: translation and nothing else."""
