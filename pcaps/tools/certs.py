"""Certificates made on the spot: small ECDSA ones, and a chain of some 20 kB."""

CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
HOSTS = ("shop", "api", "static", "mail", "login", "www", "cdn")
ADVISED = "pool rotating cache brief nocache scripts mute retry healthy".split()
FILLER = "policy " * 414  # 2.9 kB in each certificate of the big chain
BIG_CHAIN_CERTIFICATES = 6


def make_certificates(lab):
    """ca.pem and other-ca.pem; server.pem, advised.pem and client.pem with their .key; big-chain.pem
    with big.key."""
    lab.write(
        "cert.cnf",
        "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=example\n"
        "[ca]\nbasicConstraints=critical,CA:true\n"
        "[server]\nsubjectAltName=" + ",".join(f"DNS:{host}.example" for host in HOSTS) + "\n"
        "[advised]\nsubjectAltName=" + ",".join(f"DNS:{host}.example" for host in ADVISED) + "\n"
        "[client]\nextendedKeyUsage=clientAuth\n"
        f"[big_ca]\nbasicConstraints=critical,CA:true\nnsComment={FILLER}\n"
        f"[big]\nsubjectAltName=DNS:cdn.example\nnsComment={FILLER}\n",
    )
    authority(lab, "ca", "Sample CA")
    authority(lab, "other-ca", "Other CA")
    issue(lab, "server", "server", "/CN=shop.example", "ca")
    issue(lab, "advised", "advised", "/CN=pool.example", "ca")
    issue(lab, "client", "client", "/CN=client.example", "ca")
    big_chain(lab)


def authority(lab, name, title):
    lab.call(
        "openssl",
        "req",
        "-x509",
        *CURVE,
        "-config",
        "cert.cnf",
        "-extensions",
        "ca",
        "-days",
        "30",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.pem",
        "-subj",
        f"/O=Reprise samples/CN={title}",
    )


def issue(lab, name, section, subject, issuer):
    lab.call(
        "openssl",
        "req",
        *CURVE,
        "-config",
        "cert.cnf",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.csr",
        "-subj",
        subject,
    )
    lab.call(
        "openssl",
        "x509",
        "-req",
        "-in",
        f"{name}.csr",
        "-CA",
        f"{issuer}.pem",
        "-CAkey",
        f"{issuer}.key",
        "-CAcreateserial",
        "-days",
        "30",
        "-extfile",
        "cert.cnf",
        "-extensions",
        section,
        "-out",
        f"{name}.pem",
    )


def big_chain(lab):
    issuer, chain = "ca", []
    for number in range(1, BIG_CHAIN_CERTIFICATES):
        issue(lab, f"big{number}", "big_ca", f"/O=Reprise samples/CN=Intermediate {number}", issuer)
        issuer = f"big{number}"
        chain.insert(0, lab.read(f"{issuer}.pem"))
    issue(lab, "big", "big", "/CN=cdn.example", issuer)
    lab.write("big-chain.pem", "".join([lab.read("big.pem"), *chain]))
