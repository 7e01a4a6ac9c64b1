/* What stands for bytes that must not change: SHA-256, written as a Content-Security-Policy wants
 * it. */
#ifndef REPRISE_BASE_DIGEST_H
#define REPRISE_BASE_DIGEST_H

#include <stddef.h>

enum { DIGEST_TEXT_BYTES = 45 }; /* 32 bytes in base64 (RFC 4648, 4), and the end */

/* SHA-256 (FIPS 180-4) of the data in base64. */
void digest_sha256(const void *data, size_t len, char out[DIGEST_TEXT_BYTES]);

#endif
