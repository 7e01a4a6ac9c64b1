/* A host's chain of two X.509 certificates (RFC 5280, 4.1) with RSA keys of 2048 bits: well formed
 * in DER, signed with noise. */
#ifndef REPRISE_TESTS_BENCH_CERTIFICATE_H
#define REPRISE_TESTS_BENCH_CERTIFICATE_H

#include "tests/bench/wire.h"

#include <stdint.h>

/* The host's own certificate, and that of who signed it. */
void certificate_leaf(uint32_t host, struct wire *out);
void certificate_issuer(struct wire *out);

/* The name the host answers to. Returns its length; out has room for 64 bytes. */
size_t certificate_host_name(uint32_t host, char out[64]);

#endif
