"""A small FTP client of Python's ssl module (RFC 959, RFC 4217): AUTH TLS, files over data
connections that offer the control connection's session, CCC and AUTH TLS again. Prints what the
module said of each handshake as a line of JSON.

    ftp_client.py SERVER PORT NAME VERSION LOCAL_IP LOCAL_PORT STEP...

Each STEP is "retr" (a file) or "auth-again" (CCC, then AUTH TLS with the session). Data connections
take any port.
"""

import json
import re
import socket
import ssl
import sys

from py_client import HANDSHAKE, kind, NEW_SESSION_TICKET, VERSIONS


def main():
    server, port, name, version, local_ip, local_port, *steps = sys.argv[1:]
    context = ssl.create_default_context(cafile="ca.pem")
    context.minimum_version = context.maximum_version = VERSIONS[version]
    plain = socket.create_connection((server, int(port)), 10, (local_ip, int(local_port)))
    control = Control(context, name, plain)
    control.begin()
    for step in steps:
        {"retr": control.retrieve, "auth-again": control.authenticate_again}[step]()
    control.ask("QUIT", "221")
    control.connection.close()


class Control:
    def __init__(self, context, name, plain):
        self.context, self.name, self.connection = context, name, plain
        self.hints = []
        context._msg_callback = self.note  # pylint: disable=protected-access

    def note(self, _connection, direction, _version, content_type, message, data):
        # NewSessionTicket begins with the hint: type 1, length 3, ticket_lifetime_hint 4.
        if direction == "read" and content_type == HANDSHAKE and message == NEW_SESSION_TICKET:
            self.hints.append(int.from_bytes(data[4:8], "big"))

    def expect(self, code):
        line = b""
        while not line.endswith(b"\r\n"):
            line += self.connection.recv(1)
        if not line.startswith(code.encode()):
            sys.exit(f"expected {code}, not {line!r}")
        return line.decode()

    def ask(self, line, code):
        self.connection.sendall(f"{line}\r\n".encode())
        return self.expect(code)

    def wrap(self, plain, session, what):
        self.hints.clear()
        tls = self.context.wrap_socket(plain, server_hostname=self.name, session=session)
        said = {
            "what": what,
            "local_port": tls.getsockname()[1],
            "server_port": tls.getpeername()[1],
            "version": tls.version(),
            "cipher": tls.cipher()[0],
            "session_reused": tls.session_reused,
            "offered": kind(session, tls.version()),
            "new_session_ticket_hints": list(self.hints),
        }
        print(json.dumps(said), flush=True)
        return tls

    def begin(self):
        self.expect("220")
        self.authenticate(None, "control")
        self.ask("USER anonymous", "331")
        self.ask("PASS guest", "230")
        self.ask("PBSZ 0", "200")
        self.ask("PROT P", "200")

    def authenticate(self, session, what):
        self.ask("AUTH TLS", "234")
        self.connection = self.wrap(self.connection, session, what)

    def authenticate_again(self):
        session = self.connection.session
        self.ask("CCC", "200")
        self.connection.unwrap()
        self.connection = socket.socket(fileno=self.connection.detach())
        self.connection.settimeout(10)
        self.authenticate(session, "control again")

    def retrieve(self):
        passive = self.ask("EPSV", "229")
        there = (self.connection.getpeername()[0], int(re.search(r"\|\|\|(\d+)\|", passive)[1]))
        plain = socket.create_connection(there, 10, (self.connection.getsockname()[0], 0))
        self.ask("RETR hello.txt", "150")
        with self.wrap(plain, self.connection.session, "data") as data:
            while data.recv(4096):
                pass
            data.unwrap()
        self.expect("226")


if __name__ == "__main__":
    main()
