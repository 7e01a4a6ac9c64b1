"""A client of Python's ssl module: connects once for each of the given local ports, offering the
session of the connection before, and prints what the module said of each connection as a line of
JSON.

    py_client.py SERVER PORT NAME VERSION LOCAL_IP LOCAL_PORT...

VERSION is 1.2 or 1.3.
"""

import json
import socket
import ssl
import sys

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
NEW_SESSION_TICKET = 4
HANDSHAKE = 22


def main():
    server, port, name, version, local_ip, *local_ports = sys.argv[1:]
    context = ssl.create_default_context(cafile="ca.pem")
    context.minimum_version = context.maximum_version = VERSIONS[version]
    session = None
    for local_port in local_ports:
        session = connect(context, (server, int(port)), name, (local_ip, int(local_port)), session)


def connect(context, server, name, local, session):
    hints = []

    def note(_connection, direction, _version, content_type, message, data):
        # NewSessionTicket begins with the hint: type 1, length 3, ticket_lifetime_hint 4.
        if direction == "read" and content_type == HANDSHAKE and message == NEW_SESSION_TICKET:
            hints.append(int.from_bytes(data[4:8], "big"))

    context._msg_callback = note  # pylint: disable=protected-access
    with socket.create_connection(server, 10, local) as plain:
        with context.wrap_socket(plain, server_hostname=name, session=session) as tls:
            tls.sendall(f"GET /hello.txt HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
            while tls.recv(4096):
                pass
            print(
                json.dumps(
                    {
                        "local_port": tls.getsockname()[1],
                        "version": tls.version(),
                        "cipher": tls.cipher()[0],
                        "session_reused": tls.session_reused,
                        "offered": kind(session, tls.version()),
                        "new_session_ticket_hints": hints,
                    }
                ),
                flush=True,
            )
            return tls.session


def kind(session, version):
    """What OpenSSL offers of this session; in TLS 1.3 there is nothing to offer without a
    ticket."""
    if session is None or (version == "TLSv1.3" and not session.has_ticket):
        return "none"
    if version == "TLSv1.3":
        return "psk"
    return "ticket" if session.has_ticket else "id"


if __name__ == "__main__":
    main()
