/* The only place that knows libndpi: which application a host name belongs to ("Google",
 * "GitHub"). A label is a convenience of the report, never part of a verdict: it is looked up once
 * per new host, off the packet path, and no packet ever gets here, only names.
 *
 * Not thread-safe, and making one takes some 15 ms: make it when the first name comes. */
#ifndef REPRISE_DISSECT_LABEL_LABEL_H
#define REPRISE_DISSECT_LABEL_LABEL_H

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct label;

enum { LABEL_BYTES = 32 };

/* NULL and a sentence without memory. */
MUST_CHECK struct label *label_new(struct error *error);
void label_free(struct label *label);

/* The application of a host name (untrusted, any bytes, not terminated). False, and out is "",
 * when libndpi knows none, or only a protocol such as TLS. */
bool label_app(struct label *label, const char *name, size_t len, char out[LABEL_BYTES]);

/* "4.2.0-..." */
const char *label_library_version(void);

#endif
