"""The clients, and what they say of their own handshakes.

Each function makes one or more connections and returns a list of Said, one for each connection in
the order they were made. All of it is the endpoints' word: their output, what they print about
their own messages, and how they were configured. No packet is looked at.
"""

import dataclasses
import json
import os
import re
import subprocess
import sys
import typing

from lab import LabError

HERE = os.path.dirname(os.path.abspath(__file__))
HELLO_RETRY_RANDOM = "gmt_unix_time=0xCF21AD74"  # RFC 8446, 4.1.3: the first four bytes say it all


@dataclasses.dataclass
class Said:
    client: str
    port: typing.Optional[int]
    line: str  # verbatim
    version: typing.Optional[str] = None
    cipher: typing.Optional[str] = None
    reused: typing.Optional[bool] = None  # None: the handshake failed
    offered: str = "none"
    early_data: str = "none"
    hello_retry: int = 0
    hint_s: typing.Optional[int] = None


class Clients:
    """The programs, run in one namespace from one address. Local ports are counted up and never
    used twice."""

    def __init__(self, lab, space, address):
        self.lab, self.space, self.address = lab, space, address
        self.next_port = 40001
        names = re.findall(
            r"^(\S+) +- (\S+)", lab.call("openssl", "ciphers", "-stdname", "ALL:eNULL")[0], re.M
        )
        self.iana = {openssl: iana for iana, openssl in names}

    def port(self):
        self.next_port += 1
        return self.next_port - 1

    # OpenSSL

    def s_client(self, server, name, *options, version="1.3", offer=None, keep=None, early=None):
        """One connection. offer, keep: the file with the session to offer, and the one for the
        session got. early: "once" sends the request as early data; "again" also repeats it after
        the handshake, which s_client does not do by itself where the early data was refused."""
        port = self.port()
        options = [*options, "-bind", f"{bracketed(self.address)}:{port}", "-ign_eof"]
        options += ["-sess_in", offer] if offer else []
        options += ["-sess_out", keep] if keep else []
        request = f"GET /hello.txt HTTP/1.0\r\nHost: {name}\r\n\r\n".encode()
        if early:
            options += ["-early_data", self.lab.write(self.lab.unique("early."), request)]
            request = request if early == "again" else b""
        return self._s_client(server, name, version, options, request, [port])

    def s_client_reconnect(self, server, name, *options):
        """The classic: one connection and five more with its session. It picks its ports itself."""
        return self._s_client(server, name, "1.2", ["-reconnect", *options], b"Q\n", [None] * 6)

    def s_client_renegotiate(self, server, name, count, *options, offer=None, keep=None):
        """One connection in TLS 1.2 that is renegotiated `count` times, told so on its standard
        input as a user would. Of these handshakes only its trace speaks."""
        program = f"OpenSSL {self.lab.call('openssl', 'version')[0].split()[1]} s_client"
        port, log = self.port(), self.lab.unique("s_client.")
        options = [*options, *(["-sess_in", offer] if offer else [])]
        options += ["-sess_out", keep] if keep else []
        process = self.lab.spawn(
            *f"stdbuf -oL openssl s_client -connect {bracketed(server)}:443".split(),
            *f"-servername {name} -bind {bracketed(self.address)}:{port} -tls1_2".split(),
            *"-CAfile ca.pem -trace".split(),
            *options,
            space=self.space,
            log=log,
            stdin=subprocess.PIPE,
        )
        for done in range(1, count + 2):
            self.lab.wait_for(
                f"handshake {done} of s_client",
                10,
                lambda done=done: self.lab.read(log).count(" Finished, Length=") == 2 * done
                and "Verify return" in self.lab.read(log),
            )
            process.stdin.write(b"R\n" if done <= count else b"Q\n")
            process.stdin.flush()
        process.wait(10)
        handshakes = split_trace(self.lab.read(log))
        # Its one word of that names the version that the cipher suite is from.
        line = re.search(r"^(New|Reused), TLSv1\.\d, Cipher is (.*)$", self.lab.read(log), re.M)
        words = [line[1]] + ["New"] * count  # what it renegotiates is a new session
        said = [
            read_s_client(program, port, messages, f"{word}, TLSv1.2, Cipher is {line[2]}")
            for word, messages in zip(words, handshakes)
        ]
        for one in said:
            self._name_cipher(one)
        return said

    def _s_client(self, server, name, version, options, request, ports):
        program = f"OpenSSL {self.lab.call('openssl', 'version')[0].split()[1]} s_client"
        trace = self.lab.unique("trace.")
        versions = [] if version == "any" else [f"-tls{version.replace('.', '_')}"]
        output, _ = self.lab.call(
            *f"openssl s_client -connect {bracketed(server)}:443 -servername {name}".split(),
            *versions,
            *([] if "-CAfile" in options else ["-CAfile", "ca.pem"]),
            *f"-trace -msgfile {trace}".split(),
            *options,
            space=self.space,
            check=False,
            feed=request,
        )
        handshakes = split_trace(self.lab.read(trace))
        if len(handshakes) != len(ports):
            raise LabError(f"s_client connected {len(handshakes)} times: {output[-300:]}")
        results = re.findall(r"^(?:New|Reused), TLSv1\.\d, Cipher is .*$", output, re.M)
        if handshakes[-1].count(" Finished, Length=") < 2:
            results = [failure(output)]  # s_client prints its last state all the same
        if len(results) != len(ports):
            raise LabError(f"s_client spoke of {len(results)} handshakes instead of {len(ports)}")
        early = re.search(r"^Early data was (\w+( sent)?)$", output, re.M)
        said = []
        for port, messages, result in zip(ports, handshakes, results):
            said.append(read_s_client(program, port, messages, result))
            self._name_cipher(said[-1])
        if early and early[1] != "not sent":
            said[-1].early_data = {"accepted": "accepted", "rejected": "refused"}[early[1]]
            said[-1].line += f" | {early[0]}"
        return said

    # curl

    def curl(self, nginx, server, name, count, version="1.3"):
        """One curl that asks `count` times, each time on a new connection. It does not say whether
        the server took the session it offered: nginx does."""
        program = " ".join(self.lab.call("curl", "--version")[0].split()[0:2])
        requests = []
        for number in range(count):
            requests += [] if number == 0 else ["--next"]
            requests += (
                f"-sSv --cacert ca.pem --tlsv{version} --tls-max {version} "
                f"--interface {self.address} --local-port {self.port()} "
                f"--resolve {name}:443:{server} -w %{{stderr}}local_port=%{{local_port}}\\n "
                f"-o /dev/null https://{name}/{number}"
            ).split()
        output, _ = self.lab.call("curl", *requests, space=self.space)
        parts = re.split(r"local_port=(\d+)", output)
        said = []
        for told, port in zip(parts[0::2], parts[1::2]):
            offered = "none"
            if "SSL re-using session ID" in told:
                offered = "psk" if version == "1.3" else "id"  # curl turns TLS 1.2 tickets off
            said.append(self._by_nginx(program, int(port), nginx, offered))
        return said

    def _by_nginx(self, program, port, nginx, offered):
        entry = nginx.said(self.address, port)
        said = Said(
            program,
            port,
            entry[0],
            entry["version"],
            entry["cipher"],
            entry["reused"] == "r",
            offered,
        )
        self._name_cipher(said)
        return said

    # Python and Node.js

    def python(self, server, name, count, version="1.3", server_port=443):
        program = f"Python {'.'.join(map(str, sys.version_info[:3]))} ssl"
        return self._script(
            program,
            [sys.executable, os.path.join(HERE, "py_client.py")],
            server,
            name,
            count,
            version,
            server_port,
        )

    def node(self, server, name, count, version="1.3", server_port=443):
        program = f"Node.js {self.lab.call('node', '--version')[0].strip().lstrip('v')} tls"
        return self._script(
            program,
            ["node", os.path.join(HERE, "node_client.js")],
            server,
            name,
            count,
            version,
            server_port,
        )

    def _script(self, program, argv, server, name, count, version, server_port):
        ports = [str(self.port()) for _ in range(count)]
        output, _ = self.lab.call(
            *argv, server, str(server_port), name, version, self.address, *ports, space=self.space
        )
        words = map(json.loads, output.splitlines())
        return [self._of_python(program, word, version) for word in words]

    def _of_python(self, program, word, version):
        hints = word["new_session_ticket_hints"]
        said = Said(
            program,
            word["local_port"],
            json.dumps(word),
            word["version"],
            word["cipher"],
            word["session_reused"],
            word["offered"],
            hint_s=hints[-1] if hints and version == "1.2" else None,
        )
        self._name_cipher(said)
        return said

    # FTP

    def ftp(self, ftp_server, server, name, version, steps):
        """ftp_client.py: one control connection, and the data connections of its steps. A list of
        (what the handshake was for, the server's port, Said)."""
        output, _ = self.lab.call(
            *(sys.executable, os.path.join(HERE, "ftp_client.py"), server, str(ftp_server.port)),
            *(name, version, self.address, str(self.port()), *steps),
            space=self.space,
        )
        program = f"Python {'.'.join(map(str, sys.version_info[:3]))} ssl (FTP)"
        words = map(json.loads, output.splitlines())
        return [
            (word["what"], word["server_port"], self._of_python(program, word, version))
            for word in words
        ]

    # GnuTLS

    def gnutls_cli(self, gnutls_server, server, name, version="1.3"):
        """gnutls-cli --resume: one connection, and a second one with its session. Its ports are in
        the words of gnutls-serv; there is one cipher suite to choose from, so the set-up says which
        it is."""
        program = f"GnuTLS {self.lab.call('gnutls-cli', '--version')[0].split()[1]} gnutls-cli"
        before, debug = len(gnutls_server.accepted(self.address)), self.lab.unique("gnutls-cli.")
        output, _ = self.lab.call(
            *"gnutls-cli -d 4 --resume --waitresumption --x509cafile ca.pem".split(),
            *f"--sni-hostname {name} --verify-hostname {name} --port {gnutls_server.port}".split(),
            "--priority",
            f"NORMAL:-VERS-ALL:+VERS-TLS{version}:-CIPHER-ALL:+AES-128-GCM:-KX-ALL:+ECDHE-ECDSA",
            server,
            space=self.space,
            errors=debug,
            feed=f"GET / HTTP/1.0\r\nHost: {name}\r\n\r\n".encode(),
        )
        cipher = {
            "1.2": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "1.3": "TLS_AES_128_GCM_SHA256",
        }[version]
        halves = output.split("- Connecting again- trying to resume previous session")
        hellos = self.lab.read(debug).split("CLIENT HELLO was queued")
        ports = gnutls_server.accepted(self.address)[before:]
        if not len(halves) == len(hellos) - 1 == len(ports) == 2:
            raise LabError(f"gnutls-cli connected {len(ports)} times instead of twice")
        said = []
        for half, hello, (port, server_reused) in zip(halves, hellos, ports):
            line = re.search(r"^- Description: .*$", half, re.M)[0]
            reused = "*** This is a resumed session" in half
            if reused != server_reused:
                raise LabError(f"gnutls-cli and gnutls-serv disagree about port {port}")
            said.append(
                Said(
                    program,
                    port,
                    line + (" | *** This is a resumed session" if reused else ""),
                    f"TLSv{version}",
                    cipher,
                    reused,
                    gnutls_offer(hello, version) if said else "none",
                )
            )
        return said

    def gnutls_cli_refusing(self, openssl_server, server, name, suite):
        """gnutls-cli told to trust another authority: it gives up inside the handshake, and
        s_server says which alert came. Its port is in nobody's words."""
        program = f"GnuTLS {self.lab.call('gnutls-cli', '--version')[0].split()[1]} gnutls-cli"
        known = len(openssl_server.errors())
        output, _ = self.lab.call(
            *"gnutls-cli --x509cafile other-ca.pem".split(),
            *f"--sni-hostname {name} --verify-hostname {name} --port {openssl_server.port}".split(),
            *("--priority", f"NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+{suite}"),
            server,
            space=self.space,
            check=False,
        )
        line = re.search(r"^\*\*\* Fatal error: .*$", output, re.M)
        if line is None:
            raise LabError(f"gnutls-cli trusted a certificate it should not: {output[-300:]}")
        return [Said(program, None, f"{line[0]} | {openssl_server.error_after(known)}")]

    def _name_cipher(self, said):
        said.cipher = self.iana.get(said.cipher, said.cipher)


def bracketed(address):
    return f"[{address}]" if ":" in address else address


def failure(output):
    """The line in which s_client says why it gave up."""
    line = re.search(r"error:[0-9A-F]+:.*$", output, re.M)
    return line[0] if line else "no handshake"


def split_trace(trace):
    """s_client's own account of its messages, cut where a connection begins: at a ClientHello that
    is not the answer to a HelloRetryRequest."""
    parts = []
    for part in re.split(r"(?=^ +ClientHello, Length=)", trace, flags=re.M)[1:]:
        if (
            parts
            and parts[-1].rstrip().count(HELLO_RETRY_RANDOM) == 1
            and "Certificate" not in parts[-1]
        ):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def read_s_client(program, port, messages, line):
    # After a HelloRetryRequest the second ClientHello's offer counts.
    hello = re.split(r"^ +ClientHello, Length=", messages, flags=re.M)[-1]
    hello = re.split(r"^ +ServerHello, Length=", hello, flags=re.M)[0]
    said = Said(program, port, line, hello_retry=messages.count(HELLO_RETRY_RANDOM))
    match = re.match(r"(New|Reused), (TLSv1\.\d), Cipher is (\S+)", line)
    if match and match[3] != "(NONE)":
        said.version, said.cipher, said.reused = match[2], match[3], match[1] == "Reused"
    said.offered = offer(hello)
    hints = re.findall(r"^ +ticket_lifetime_hint=(\d+)", messages, re.M)
    if hints and said.version == "TLSv1.2":
        said.hint_s = int(hints[-1])
        said.line += f" | ticket_lifetime_hint={hints[-1]}"
    return said


def offer(hello):
    """What a ClientHello offered, from s_client's account of it. In TLS 1.3 the session ID means
    nothing."""
    if re.search(r"extension_type=psk\(41\)", hello):
        return "psk"
    ticket = re.search(r"extension_type=session_ticket\(35\), length=(\d+)", hello)
    if ticket and int(ticket[1]) > 0:
        return "ticket"
    session_id = re.search(r"session_id \(len=(\d+)\)", hello)
    offers_13 = re.search(r"extension_type=supported_versions\(43\)", hello)
    return "id" if session_id and int(session_id[1]) > 0 and not offers_13 else "none"


def gnutls_offer(hello, version):
    """What gnutls-cli offered in its second connection, from its account of the ClientHello's
    extensions; in TLS 1.2 it has a session in any case, if only by its ID."""
    if "Sending extension Pre Shared Key/41" in hello:
        return "psk"
    ticket = re.search(r"Sending extension Session Ticket/35 \((\d+) bytes\)", hello)
    if ticket and int(ticket[1]) > 0:
        return "ticket"
    return "id" if version == "1.2" else "none"
