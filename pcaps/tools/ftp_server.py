"""A small FTP server of Python's ssl module (RFC 959, RFC 4217): AUTH TLS, CCC, and RETR over data
connections with TLS. Serves one client after the other, and prints what the module said of each
handshake as a line of JSON.

    ftp_server.py ADDRESS PORT VERSION tickets|ids

VERSION is 1.2 or 1.3; without tickets it keeps sessions in its cache.
"""

import json
import socket
import ssl
import sys

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
FILE = b"hello\n" * 100


def main():
    address, port, version, keeps = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.pem", "server.key")
    context.minimum_version = context.maximum_version = VERSIONS[version]
    if keeps == "ids":
        context.options |= ssl.OP_NO_TICKET
    with socket.create_server((address, int(port))) as door:
        while True:
            plain, _ = door.accept()
            Control(context, plain, address).serve()


def tls_of(context, plain):
    plain.settimeout(10)
    tls = context.wrap_socket(plain, server_side=True)
    said = {
        "client_port": tls.getpeername()[1],
        "version": tls.version(),
        "session_reused": tls.session_reused,
    }
    print(json.dumps(said), flush=True)
    return tls


class Control:
    """One control connection; `door` is where its next data connection is to come."""

    def __init__(self, context, plain, address):
        self.context, self.connection, self.address = context, plain, address
        self.door = None

    def serve(self):
        self.say("220 ready")
        while True:
            word = self.read_line().partition(" ")[0]
            if word == "QUIT":
                self.say("221 bye")
                self.connection.close()
                return
            getattr(self, word.lower())()

    def say(self, line):
        self.connection.sendall(f"{line}\r\n".encode())

    def read_line(self):
        line = b""
        while not line.endswith(b"\r\n"):
            line += self.connection.recv(1)
        return line.decode().strip()

    def auth(self):
        self.say("234 go on")
        self.connection = tls_of(self.context, self.connection)

    def ccc(self):
        """Back to plain text (RFC 4217, 5.4 and 12.6)."""
        self.say("200 in clear")
        self.connection.unwrap()
        self.connection = socket.socket(fileno=self.connection.detach())
        self.connection.settimeout(10)

    def user(self):
        self.say("331 password?")

    def pbsz(self):
        self.say("200 done")

    def prot(self):
        self.say("200 private")

    def epsv(self):
        self.door = socket.create_server((self.address, 0))
        self.say(f"229 Entering Extended Passive Mode (|||{self.door.getsockname()[1]}|)")

    def retr(self):
        self.say("150 here it comes")
        plain, _ = self.door.accept()
        self.door.close()
        with tls_of(self.context, plain) as data:
            data.sendall(FILE)
            data.unwrap()
        self.say("226 that was it")

    # The command PASS cannot be a method: in lower case it is a word of Python itself.
    def __getattr__(self, name):
        if name == "pass":
            return lambda: self.say("230 welcome")
        raise AttributeError(name)


if __name__ == "__main__":
    main()
