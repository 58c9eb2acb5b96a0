class EmbeddedError(RuntimeError):
    """The embedded services cannot be had; the message tells the person at the keyboard what to do."""
