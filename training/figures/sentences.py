"""What happens to figures: codes and ids only, looked up when they are read."""

SENTENCES = {"training_figures_exported": "took the figures of training of {year} out as {format}"}
