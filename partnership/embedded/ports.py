import socket


def free_port(wanted: int | None = None) -> int:
    """Return a TCP port of 127.0.0.1 that is free just now: `wanted` if it is, so that connections can come back."""
    for port in filter(None, (wanted, None)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
