"""What happens to figures: codes and ids only, looked up when they are read."""

SENTENCES = {
    "audit_grid_exported": "took the answers of {count} organisations out as {format}",
    "audit_figures_exported": "took the figures of an audit out as {format}",
}
