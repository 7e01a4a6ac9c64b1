"""Hosts with one thing each that can be mended about how they resume, and one with none: what a
report should advise, and of whom it should keep silent."""

import concurrent.futures
import dataclasses
import time
import typing

from lab import SpoiltError
from scenarios_tls12 import ticket_key, ticket_keys
from scene import Joined, Path, outcome
from servers import Nginx, Site

HOMES = {  # machines of one network each, and its round trip to the middle in ms
    "office": ([f"10.2.1.{number}" for number in range(11, 17)], 10),
    "abroad": ([f"10.2.2.{number}" for number in range(11, 17)], 50),
}
LIFE_S = 4  # of sessions that end too soon
PAUSE_S = LIFE_S + 2  # ages are whole seconds, and nginx's clock has no others


# What a site is told of sessions. An nginx that is reloaded keeps its session caches; of ticket keys
# it keeps those in files.


def own_key(lab):
    return ticket_keys(ticket_key(lab))


def own_key_long(lab):
    return [*own_key(lab), "ssl_session_timeout 1d"]


def own_key_brief(lab):
    return [*own_key(lab), f"ssl_session_timeout {LIFE_S}s"]


def own_key_another_group(lab):
    """Clients send a key share of X25519 alone."""
    return [*own_key(lab), "ssl_ecdh_curve prime256v1"]


def cache_long(_lab):
    return ["ssl_session_cache shared:long:256k", "ssl_session_tickets off"]


def cache_brief(_lab):
    return [
        "ssl_session_cache shared:brief:256k",
        f"ssl_session_timeout {LIFE_S}s",
        "ssl_session_tickets off",
    ]


def nothing_kept(_lab):
    """nginx's default: IDs are issued, and no sessions kept."""
    return ["ssl_session_cache none", "ssl_session_tickets off"]


def nothing_issued(_lab):
    return ["ssl_session_cache off", "ssl_session_tickets off"]


# How a machine connects once for each of `wanted`: what becomes of its offer. A list of Said.


def by_s_client(machine, address, wanted, version="1.2"):
    """Each time with the session that the host gave last, or, where nothing is to be offered,
    without."""
    said = []
    for one in wanted:
        said += machine.client.s_client(
            address,
            machine.host,
            version=version,
            offer=None if one == "none" else machine.session,
            keep=machine.session,
        )
    return said


def by_s_client_13(machine, address, wanted):
    return by_s_client(machine, address, wanted, "1.3")


def by_s_client_of_both(machine, address, wanted):
    return by_s_client(machine, address, wanted, "1.2" if machine.home == "office" else "1.3")


def by_one_curl(machine, address, wanted):
    if not wanted:
        return []
    return machine.client.curl(machine.nginx, address, machine.host, len(wanted), "1.2")


def by_curl_each(machine, address, wanted):
    """A script that runs curl anew each time: what curl keeps is gone with it."""
    said = []
    for _ in wanted:
        said += machine.client.curl(machine.nginx, address, machine.host, 1, "1.2")
    return said


@dataclasses.dataclass
class Host:
    """One of them. Machines begin at its addresses in turn and go on at the next one."""

    name: str
    addresses: tuple
    directives: typing.Callable  # called for each address
    connect: typing.Callable = by_s_client
    before: tuple = ("none", "accepted")  # a machine's first visits
    after: tuple = ("refused", "accepted")  # its visits after the pause
    cause: typing.Optional[str] = None  # of those refused after it
    pause_s: int = 0
    is_rekeyed: bool = False  # reloaded meanwhile, with other keys


HOSTS = (
    Host("pool", ("198.51.100.60", "198.51.100.61"), own_key, cause="other-server"),
    Host("rotating", ("198.51.100.62",), own_key, cause="key-changed", is_rekeyed=True),
    Host("cache", ("198.51.100.63",), cache_brief, cause="expired", pause_s=PAUSE_S),
    Host("brief", ("198.51.100.64",), own_key_brief, cause="expired", pause_s=PAUSE_S),
    Host(
        "nocache",
        ("198.51.100.65",),
        nothing_kept,
        by_one_curl,
        ("none", "refused", "refused", "refused"),
        (),
    ),
    Host("scripts", ("198.51.100.66",), cache_long, by_curl_each, ("none", "none"), ("none",)),
    Host("mute", ("198.51.100.67",), nothing_issued, by_s_client, ("none", "none"), ("none",)),
    Host(
        "retry",
        ("198.51.100.68",),
        own_key_another_group,
        by_s_client_13,
        ("none", "accepted"),
        ("accepted",),
    ),
    Host(
        "healthy",
        ("198.51.100.69",),
        own_key_long,
        by_s_client_of_both,
        ("none", "accepted"),
        ("accepted", "accepted"),
    ),
)


class Machine:
    """A client at one host."""

    def __init__(self, scene, name, number, host, nginx):
        self.scene, self.name, self.number = scene, name, number
        self.client, self.home = scene.client(name), name.partition("-")[0]
        self.addresses, self.connect = host.addresses, host.connect
        self.host, self.nginx = f"{host.name}.example", nginx
        self.session = f"{name}.{self.host}"
        self.visits = []  # (address, Said, what else its label tells)

    def visit(self, part, wanted, cause):
        """part: 0 before the pause, 1 after it."""
        address = self.addresses[(self.number + part) % len(self.addresses)]
        for said, one in zip(self.connect(self, address, wanted), wanted, strict=True):
            if outcome(said) != one:  # it came too late, or too early
                raise SpoiltError(f"{self.name}: {outcome(said)} instead of {one}")
            more = {"refusal_cause": cause} if cause and one == "refused" else {}
            self.visits.append((address, said, more))

    def note(self):
        for address, said, more in self.visits:
            self.scene.note(
                self.nginx, [said], self.host, client=self.name, address=address, **more
            )


def advised(lab, name):
    """One host after the other, each played again alone where the machine was too busy."""
    joined = Joined(lab, name)
    for host in HOSTS:
        joined.add(lab.play(f"{name}: {host.name}.example", lambda host=host: at(lab, name, host)))
    return joined


def at(lab, name, host):
    """All machines at one host: those of a home follow each other, the homes go side by side."""
    scene = Path(lab, name, HOMES, 10, host.addresses)
    nginx = Nginx(lab, scene.server)
    machines = [
        Machine(scene, client, number, host, nginx) for number, client in enumerate(scene.clients)
    ]
    nginx.begin(*sites(lab, host))
    with scene.capture("middle"):
        visit_all(machines, 0, host.before, None)
        if host.is_rekeyed:
            nginx.reload(*sites(lab, host))
        time.sleep(host.pause_s)
        visit_all(machines, 1, host.after, host.cause)
    for machine in machines:
        machine.note()
    return scene


def sites(lab, host):
    return [
        Site(
            address,
            f"{host.name}.example",
            *host.directives(lab),
            chain="advised.pem",
            key="advised.key",
        )
        for address in host.addresses
    ]


def visit_all(machines, *what):
    homes = [[one for one in machines if one.home == home] for home in HOMES]

    def visit_from(home):
        for machine in home:
            machine.visit(*what)

    with concurrent.futures.ThreadPoolExecutor(len(homes)) as pool:
        for run in [pool.submit(visit_from, home) for home in homes]:
            run.result()


SCENARIOS = {"advised": advised}
