"""A scene: where clients and servers stand, where the captures are made, and the labels that come
of it."""

import contextlib
import shutil

import clients
import lab as laboratory
import pcapng

CLIENT = "192.0.2.10"
SERVER = "198.51.100.20"
SERVER_2 = "198.51.100.21"  # nginx's session cache is per listening socket, not per name
CLIENT_V6 = "2001:db8:1::10"
SERVER_V6 = "2001:db8:2::20"
VLAN = 7
PCAP_HEADER_BYTES = 24  # the file's


class Scene:
    """Base of the three kinds of place. `clients` maps a client's name to its Clients; `rtt_ms`
    likewise to the round trip between it and the middle. All servers share one namespace,
    `server`."""

    server_rtt_ms = 0

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.clients, self.rtt_ms = {}, {}
        self.files = []
        self.connections = []

    def client(self, name="client"):
        return self.clients[name]

    @contextlib.contextmanager
    def capture(self, *places, form="pcap"):
        """Captures at these places (keys of `self.places`) while the body runs. With one place the
        file is named after the scenario alone."""
        wanted = []
        for place in places:
            suffix = "pcapng" if form == "pcapng" else "pcap"
            file = f"{self.name}.{suffix}" if len(places) == 1 else f"{self.name}.{place}.{suffix}"
            space, device = self.places[place]
            wanted.append((space, capture_command(form, device, file), file))
            self.files.append((file, place))
        with self.lab.captures(*wanted):
            yield
        for file, _ in self.files:
            if form == "pcapng":
                pcapng.forget_machine(self.lab.path(file))
        latest_us = self.lab.end_cables()
        if latest_us > laboratory.LATEST_ALLOWED_US:
            raise laboratory.SpoiltError(f"a packet came {latest_us} us late: the machine is busy")

    def note(self, server, said, sni, *, client="client", address=SERVER, **more):
        """Keeps the label of each connection in `said`."""
        for word in said:
            if word.reused and word.offered == "none":
                raise laboratory.LabError(f"{self.name}: resumed, but nothing was offered: {word}")
            if word.reused is not None:
                server.check(self.clients[client].address, word, sni)
            self.connections.append((server, word, sni, client, address, more))

    def labels(self):
        """One dictionary for each connection in each file."""
        return [
            self._label(file, place, index, *connection)
            for file, place in self.files
            for index, connection in enumerate(self.connections, 1)
        ]

    def _label(self, file, place, index, server, said, sni, client, address, more):
        near, far = self._split(place, client)
        return {
            "file": file,
            "scenario": self.name,
            "index": index,
            "client_ip": self.clients[client].address,
            "client_port": said.port,
            "server_ip": address,
            "server_port": server.port,
            "client": said.client,
            "server": server.program,
            "sni": sni,
            "version": said.version,
            "cipher": said.cipher,
            "verdict": verdict(said),
            "offered": said.offered,
            "refused": outcome(said) == "refused",
            "outcome": outcome(said),
            "early_data": said.early_data,
            "hello_retry": said.hello_retry,
            "rtts_tcp": 1,
            "rtts_tls": rtts_tls(said),
            "rtts_stalled": None if server.has_nagle else 0,
            "rtt_ms_client_side": near,
            "rtt_ms_server_side": far,
            "rtt_ms": near + far,
            "vantage": place,
            "lifetime_hint_s": said.hint_s,
            "endpoint_says": said.line,
            **more,
        }

    def _split(self, place, client):
        near, far = self.rtt_ms[client], self.server_rtt_ms
        at_an_end = {
            "client": (0, near + far),
            "client-any": (0, near + far),
            "server": (near + far, 0),
        }
        return at_an_end.get(place, (near, far))


class Path(Scene):
    """Clients, a router in the middle, and the servers behind one more cable. `homes` maps a name to
    (address, round trip to the middle in ms): each is on a cable of its own. A home of several
    addresses is as many clients, home-1 and so on. mirror: the router has a mirror port too."""

    def __init__(
        self, lab, name, homes=None, server_rtt_ms=30, servers=(SERVER, SERVER_2), mirror=False
    ):
        super().__init__(lab, name)
        homes = homes or {"client": (CLIENT, 20)}
        self.server_rtt_ms = server_rtt_ms
        self.middle, self.server = lab.namespace("middle"), lab.namespace("server")
        lab.cable(
            (self.middle, "to-server"),
            (self.server, "lan0"),
            server_rtt_ms,
            (self.middle, "mirror0", VLAN) if mirror else None,
        )
        lab.address(self.server, "lan0", *servers)
        lab.route(self.middle, "to-server", *servers)
        for home, (addresses, rtt_ms) in homes.items():
            space = lab.namespace(home)
            lab.cable((space, "wan0"), (self.middle, f"to-{home}"), rtt_ms)
            lab.route(space, "wan0", *servers)
            named = {home: addresses}
            if not isinstance(addresses, str):
                named = {f"{home}-{n}": address for n, address in enumerate(addresses, 1)}
            for client, address in named.items():
                lab.address(space, "wan0", address)
                lab.route(self.middle, f"to-{home}", address)
                lab.route(self.server, "lan0", address)
                self.rtt_ms[client] = rtt_ms
                self.clients[client] = clients.Clients(lab, space, address)
        first = next(iter(self.clients.values()))
        self.places = {
            "client": (first.space, "wan0"),
            "middle": (self.middle, "to-server"),
            "server": (self.server, "lan0"),
            "mirror": (self.middle, "mirror0"),
            "router-any": (self.middle, "any"),
            "client-any": (first.space, "any"),
        }


class Loopback(Scene):
    """Client and server on one machine's loopback, no delay."""

    def __init__(self, lab, name):
        super().__init__(lab, name)
        self.server = lab.namespace("host")
        lab.address(self.server, "lo", CLIENT, SERVER)
        self.rtt_ms["client"] = 0
        self.clients["client"] = clients.Clients(lab, self.server, CLIENT)
        self.places = {"loopback": (self.server, "lo")}


class Ethernet(Scene):
    """Client and server on one Ethernet, no delay."""

    def __init__(self, lab, name):
        super().__init__(lab, name)
        self.server, home = lab.namespace("server"), lab.namespace("client")
        lab.veth((home, "eth0"), (self.server, "eth0"))
        lab.address(home, "eth0", CLIENT)
        lab.address(self.server, "eth0", SERVER)
        lab.route(home, "eth0", SERVER)
        lab.route(self.server, "eth0", CLIENT)
        self.rtt_ms["client"] = 0
        self.clients["client"] = clients.Clients(lab, home, CLIENT)
        self.places = {"ethernet": (self.server, "eth0")}


class Joined:
    """Scenes of one place and link type, played one after the other, as one scene with one pcap
    file."""

    def __init__(self, lab, name):
        self.lab, self.files, self.said = lab, [], []
        self.joined = lab.write(f"{name}.joined", b"")

    def add(self, scene):
        """Takes over what the scene captured and said; the scene's file is the joined one then."""
        [(file, _)] = self.files = scene.files
        before, part = self._read(self.joined), self._read(file)
        self.lab.write(self.joined, before + (part[PCAP_HEADER_BYTES:] if before else part))
        shutil.copyfile(self.lab.path(self.joined), self.lab.path(file))
        self.said += scene.labels()

    def labels(self):
        """Each scene's own begin to count anew."""
        return [{**label, "index": index} for index, label in enumerate(self.said, 1)]

    def _read(self, file):
        with open(self.lab.path(file), "rb") as whole:
            return whole.read()


def capture_command(form, device, file):
    if form == "pcapng":
        return f"dumpcap -q -i {device} -f tcp -w {file}".split()
    precision = "nano" if form == "nano" else "micro"
    command = (
        f"tcpdump -i {device} -n -U -s 65535 -B 16384 -Z root --immediate-mode "
        f"--time-stamp-precision={precision} -w {file} tcp"
    )
    return command.split()


def verdict(said):
    if said.reused is None:
        return "failed"
    if not said.reused:
        return "full"
    return f"resumed-{said.offered}"


def outcome(said):
    if said.offered == "none":
        return "none"
    if said.reused is None:
        return "failed"
    if said.reused:
        return "accepted"
    # A TLS 1.2 session cannot be used in TLS 1.3: that is no refusal.
    return "not-applicable" if said.version == "TLSv1.3" and said.offered != "psk" else "refused"


def rtts_tls(said):
    """What the protocol dictates: RFC 5246, 7.3; RFC 8446, 2."""
    if said.reused is None:
        return None
    if said.early_data == "accepted":
        return 0
    if said.version == "TLSv1.3":
        return 1 + said.hello_retry
    return 1 if said.reused else 2
