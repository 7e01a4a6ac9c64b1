#include "dissect/tls/hello.h"

uint16_t tls_version_family(uint16_t version)
{
    const bool is_draft = version >> 8 == 0x7f;                               /* RFC 8446 drafts */
    const bool is_chrome_experiment = version == 0x7e01 || version == 0x7e02; /* 2017 */
    const bool is_facebook_experiment = version >= 0xfb17 && version <= 0xfb1a; /* drafts 23-26 */

    if (is_draft || is_chrome_experiment || is_facebook_experiment) {
        return TLS_1_3;
    }
    switch (version) {
    case DTLS_1_0: /* RFC 4347, 1: a series of deltas from TLS 1.1 */
    case DTLS_1_0_OPENSSL:
        return TLS_1_1;
    case DTLS_1_2:
        return TLS_1_2;
    case DTLS_1_3:
        return TLS_1_3;
    default:
        return version;
    }
}

uint16_t tls_version_shown(uint16_t version)
{
    if (version == DTLS_1_0_OPENSSL) {
        return DTLS_1_0;
    }
    return version >> 8 == 0xfe ? version : tls_version_family(version);
}
