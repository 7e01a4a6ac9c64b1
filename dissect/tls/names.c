#include "dissect/tls/names.h"

#include "dissect/tls/hello.h"

static const struct {
    uint16_t version;
    const char *name;
} versions[] = {
    {SSL_2_0, "SSLv2"},     {SSL_3_0, "SSLv3"},     {TLS_1_0, "TLSv1.0"},
    {TLS_1_1, "TLSv1.1"},   {TLS_1_2, "TLSv1.2"},   {TLS_1_3, "TLSv1.3"},
    {DTLS_1_0, "DTLSv1.0"}, {DTLS_1_2, "DTLSv1.2"}, {DTLS_1_3, "DTLSv1.3"},
};

/* RFC 8446, 6; the "_RESERVED" ones as in RFC 5246, 7.2, RFC 6066, 9 and RFC 9849, 11.2. */
static const struct {
    uint8_t description;
    const char *name;
} alerts[] = {
    {0, "close_notify"},
    {1, "end_of_early_data"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
    {121, "ech_required"},
};

const char *tls_version_name(uint16_t version)
{
    const uint16_t shown = tls_version_shown(version);

    for (size_t row = 0; row < sizeof(versions) / sizeof(versions[0]); row++) {
        if (versions[row].version == shown) {
            return versions[row].name;
        }
    }
    return NULL;
}

const char *tls_alert_name(uint8_t description)
{
    for (size_t row = 0; row < sizeof(alerts) / sizeof(alerts[0]); row++) {
        if (alerts[row].description == description) {
            return alerts[row].name;
        }
    }
    return NULL;
}
