"""The servers: nginx, OpenSSL's s_server, GnuTLS's gnutls-serv. Each runs in a namespace of the
lab, can be ended and begun anew with other settings, and says what it saw in its own words."""

import json
import os
import re
import signal
import subprocess
import sys

from lab import LabError

HERE = os.path.dirname(os.path.abspath(__file__))
NGINX = """daemon off; user root; worker_processes 1; pid nginx.pid; error_log nginx-error.log notice;
events {{ }}
http {{
log_format said '$remote_addr $remote_port $server_addr $ssl_server_name $ssl_protocol $ssl_cipher '
                'reused=$ssl_session_reused early=$ssl_early_data status=$status';
access_log nginx-access.log said;
client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
uwsgi_temp_path t4; scgi_temp_path t5;
ssl_session_cache none; keepalive_timeout 0; default_type text/plain;
{sites}
}}
"""
SITE = """server {{ listen {listen} ssl; server_name {name};
ssl_certificate {chain}; ssl_certificate_key {key};
ssl_protocols {versions}; {more} location / {{ return 200 "hello\\n"; }} }}
"""
SAID = re.compile(
    r"^(?P<client_ip>\S+) (?P<client_port>\d+) (?P<server_ip>\S+) (?P<sni>\S+) "
    r"(?P<version>\S+) (?P<cipher>\S+) reused=(?P<reused>\S+) early=(?P<early>\S+) "
    r"status=(?P<status>\d+)$"
)


class Site:
    """One name on one address of an nginx; `more` are directives of its server block."""

    def __init__(
        self, address, name, *more, chain="server.pem", key="server.key", versions="TLSv1.2 TLSv1.3"
    ):
        self.address = address
        host = f"[{address}]" if ":" in address else address
        self.block = {
            "listen": f"{host}:443",
            "name": name,
            "chain": chain,
            "key": key,
            "versions": versions,
            "more": " ".join(f"{line};" for line in more),
        }

    def text(self):
        return SITE.format(**self.block)


class Server:
    """What all three have in common: a process that can be ended."""

    has_nagle = False  # whether it lets the kernel hold back the end of a flight

    def __init__(self, lab, space, program, port=443):
        self.lab, self.space, self.program, self.port = lab, space, program, port
        self.process = None

    def end(self):
        self.lab.end(self.process)

    def check(self, address, said, sni):
        """Compares the server's word with the client's, where the server says anything."""


class Nginx(Server):
    def __init__(self, lab, space):
        version = re.search(r"nginx/(\S+)[\s\S]*OpenSSL (\S+)", lab.call("nginx", "-V")[0])
        super().__init__(lab, space, f"nginx {version[1]} (OpenSSL {version[2]})")
        lab.write("nginx-access.log", "")

    def begin(self, *sites):
        """Starts, or starts anew, with these sites. What only the process knew (its session cache,
        the ticket keys not in files) is gone."""
        if self.process is not None:
            self.end()
        self._configure(sites)
        self.process = self.lab.spawn(
            *f"nginx -p {self.lab.scratch} -c nginx.conf -e nginx-error.log".split(),
            space=self.space,
            log="nginx.out",
        )
        for site in sites:
            self.lab.wait_until_listening(self.space, site.address, self.port)

    def reload(self, *sites):
        """Goes on with these sites, as after `nginx -s reload`: session caches of the same names
        live on, ticket keys do where they are in the same files. Returns when the old worker is
        gone."""
        gone = self._workers_gone()
        self._configure(sites)
        self.process.send_signal(signal.SIGHUP)
        self.lab.wait_for("nginx to reload", 10, lambda: self._workers_gone() > gone)

    def _configure(self, sites):
        self.lab.write("nginx.conf", NGINX.format(sites="".join(site.text() for site in sites)))

    def _workers_gone(self):
        log = self.lab.read("nginx-error.log")
        return len(re.findall(r"worker process \d+ exited with code 0", log))

    def said(self, address, port):
        """What nginx logged of the connection from this client."""
        found = []

        def seen():
            lines = map(SAID.match, self.lab.read("nginx-access.log").splitlines())
            found[:] = [
                line
                for line in lines
                if line and (line["client_ip"], int(line["client_port"])) == (address, port)
            ]
            return found

        self.lab.wait_for(f"nginx to log the connection from port {port}", 3, seen)
        return found[-1]

    def check(self, address, said, sni):
        """Fails where nginx and the client do not say the same of a connection."""
        entry = self.said(address, said.port)
        if (entry["sni"], entry["version"], entry["reused"] == "r", entry["early"] == "1") != (
            sni,
            said.version,
            said.reused,
            said.early_data == "accepted",
        ):
            raise LabError(f"nginx and {said.client} disagree: {entry[0]} and {said.line}")


class OpensslServer(Server):
    """s_server, which answers GET with a short file; or else does nothing but TLS, and so does not
    sleep for a second when it finds a handshake instead of a request."""

    def __init__(self, lab, space, address, answers=True):
        version = lab.call("openssl", "version")[0].split()[1]
        super().__init__(lab, space, f"OpenSSL {version} s_server")
        self.address, self.mode = address, ["-WWW"] if answers else []
        self.log = None
        lab.write("hello.txt", "hello\n")

    def begin(self, *options):
        if self.process is not None:
            self.end()
        self.log = self.lab.unique("s_server.")
        host = f"[{self.address}]" if ":" in self.address else self.address
        self.process = self.lab.spawn(
            *f"openssl s_server -accept {host}:{self.port}".split(),
            *self.mode,
            *"-cert server.pem -key server.key".split(),
            *options,
            space=self.space,
            log=self.log,
            stdin=subprocess.PIPE,
        )
        self.lab.wait_until_listening(self.space, self.address, self.port)

    def errors(self):
        """Its lines about connections that failed, in their order."""
        return re.findall(r"error:[0-9A-F]+:.*$", self.lab.read(self.log), re.M)

    def error_after(self, known):
        """The line that follows so many others: it may still be on its way."""
        self.lab.wait_for("s_server's word", 5, lambda: len(self.errors()) > known)
        return self.errors()[known]


class FtpServer(Server):
    """ftp_server.py, which names the port of each client in the order of its handshakes."""

    def __init__(self, lab, space, address):
        program = f"Python {'.'.join(map(str, sys.version_info[:3]))} ssl (FTP)"
        super().__init__(lab, space, program, 21)
        self.address, self.log, self.checked = address, None, 0

    def begin(self, version, keeps):
        if self.process is not None:
            self.end()
        self.log, self.checked = self.lab.unique("ftp_server."), 0
        self.process = self.lab.spawn(
            *(sys.executable, os.path.join(HERE, "ftp_server.py")),
            *(self.address, str(self.port), version, keeps),
            space=self.space,
            log=self.log,
        )
        self.lab.wait_until_listening(self.space, self.address, self.port)

    def check(self, address, said, sni):
        """Fails where the server and the client do not say the same of the next handshake."""
        entry = json.loads(self.lab.read(self.log).splitlines()[self.checked])
        self.checked += 1
        if (entry["client_port"], entry["version"], entry["session_reused"]) != (
            said.port,
            said.version,
            said.reused,
        ):
            raise LabError(f"the FTP server and its client disagree: {entry} and {said.line}")


class GnutlsServer(Server):
    """gnutls-serv; it names the port of each client, which gnutls-cli does not do itself. It
    listens on all addresses, so it cannot share its port with another server of the namespace."""

    has_nagle = True

    def __init__(self, lab, space, port=443):
        version = lab.call("gnutls-serv", "--version")[0].split()[1]
        super().__init__(lab, space, f"GnuTLS {version} gnutls-serv", port)
        self.log = None

    def begin(self, *options):
        if self.process is not None:
            self.end()
        self.log = self.lab.unique("gnutls-serv.")
        self.process = self.lab.spawn(
            *f"stdbuf -oL gnutls-serv --port {self.port} --http --disable-client-cert".split(),
            *"--x509certfile server.pem --x509keyfile server.key".split(),
            *options,
            space=self.space,
            log=self.log,
        )
        self.lab.wait_until_listening(self.space, "0.0.0.0", self.port)

    def accepted(self, address):
        """The ports of this client, in the order gnutls-serv accepted them, each with whether it
        said that the session was resumed."""
        ports = []
        for line in self.lab.read(self.log).splitlines():
            begun = re.match(r"\* Accepted connection from IPv[46] (\S+) port (\d+)", line)
            if begun:
                ports.append([begun[1], int(begun[2]), False])
            elif line.startswith("*** This is a resumed session"):
                ports[-1][2] = True
        return [(port, reused) for client, port, reused in ports if client == address]
