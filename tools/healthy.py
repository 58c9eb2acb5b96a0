"""Exit status 0 if the portal in this container answers 200 at /healthz, else 1 with what it said."""

import http.client
import os
import sys


def main() -> int:
    port = int(os.environ.get("WEB_BIND", "127.0.0.1:8000").rsplit(":", 1)[1])
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        answer = connection.getresponse()
        said = answer.read(500).decode(errors="replace")
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(answer.status, said)
    return answer.status != 200


if __name__ == "__main__":
    sys.exit(main())
