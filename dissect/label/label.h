/* The only place that knows libndpi: which application a host name belongs to ("Google",
 * "GitHub"), and which protocol a carrier is that our own table (tls/carrier.h) does not know. A
 * label is a convenience of the report, never part of a verdict: it is looked up once per host or
 * unknown carrier, off the packet path, and no captured packet ever gets here.
 *
 * Not thread-safe, and making one takes some 15 ms: make it when the first name comes. */
#ifndef REPRISE_DISSECT_LABEL_LABEL_H
#define REPRISE_DISSECT_LABEL_LABEL_H

#include "dissect/handshake.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct label;

enum { LABEL_BYTES = 32 };

/* NULL and a sentence without memory. */
MUST_CHECK struct label *label_new(struct error *error);
void label_free(struct label *label);

/* Whether this could be a host name at all (untrusted, any bytes): nothing else has a label. Needs
 * no struct label. */
bool label_is_name(const char *name, size_t len);

/* The application of a host name (untrusted, any bytes, not terminated). False, and out is "",
 * when libndpi knows none, or only a protocol such as TLS. */
bool label_app(struct label *label, const char *name, size_t len, char out[LABEL_BYTES]);

/* The protocol of an unknown carrier, in lower case, from what both sides said first (untrusted).
 * libndpi is shown it as two packets of a connection between two addresses and ports that mean
 * nothing, the client's first and then the other way round: four packets at most. False, and out
 * is "", when it does not know the words, or calls them TLS. */
bool label_carrier(struct label *label, const struct carrier_speech *client,
                   const struct carrier_speech *server, char out[CARRIER_GUESS_BYTES]);

/* "4.2.0-..." */
const char *label_library_version(void);

#endif
