#include "dissect/tls/hello.h"

uint16_t tls_version_family(uint16_t version)
{
    const bool is_draft = version >> 8 == 0x7f;                               /* RFC 8446 drafts */
    const bool is_chrome_experiment = version == 0x7e01 || version == 0x7e02; /* 2017 */
    const bool is_facebook_experiment = version >= 0xfb17 && version <= 0xfb1a; /* drafts 23-26 */

    return is_draft || is_chrome_experiment || is_facebook_experiment ? TLS_1_3 : version;
}
