/* The names of numbers on the wire, for people and for machine-readable output. All are constant
 * strings; NULL means that the number has no name. */
#ifndef REPRISE_DISSECT_TLS_NAMES_H
#define REPRISE_DISSECT_TLS_NAMES_H

#include <stdint.h>

/* "SSLv2", "SSLv3", "TLSv1.0" ... "TLSv1.3" (its drafts and experiments too), "DTLSv1.0",
 * "DTLSv1.2", "DTLSv1.3". */
const char *tls_version_name(uint16_t version);

/* IANA's name of a cipher suite, "TLS_AES_128_GCM_SHA256". */
const char *tls_cipher_name(uint16_t cipher);

/* The name of an alert in RFC 8446, 6, or in the older RFCs, "handshake_failure". */
const char *tls_alert_name(uint8_t description);

#endif
