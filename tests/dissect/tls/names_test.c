#include "dissect/tls/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void names_every_version(void **state)
{
    (void)state;
    static const struct {
        uint16_t version;
        const char *name;
    } cases[] = {
        {0x0002, "SSLv2"},   {0x0300, "SSLv3"},    {0x0301, "TLSv1.0"},  {0x0302, "TLSv1.1"},
        {0x0303, "TLSv1.2"}, {0x0304, "TLSv1.3"},  {0x7f1c, "TLSv1.3"},  {0x7e02, "TLSv1.3"},
        {0xfb1a, "TLSv1.3"}, {0xfeff, "DTLSv1.0"}, {0xfefd, "DTLSv1.2"}, {0xfefc, "DTLSv1.3"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(tls_version_name(cases[i].version), cases[i].name);
    }
    assert_null(tls_version_name(0));
    assert_null(tls_version_name(0x0305));
    assert_null(tls_version_name(0xfefe));
}

static void names_cipher_suites_as_iana_does(void **state)
{
    (void)state;

    assert_string_equal(tls_cipher_name(0x0000), "TLS_NULL_WITH_NULL_NULL");
    assert_string_equal(tls_cipher_name(0x002f), "TLS_RSA_WITH_AES_128_CBC_SHA");
    assert_string_equal(tls_cipher_name(0x00ff), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
    assert_string_equal(tls_cipher_name(0x1302), "TLS_AES_256_GCM_SHA384");
    assert_string_equal(tls_cipher_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_string_equal(tls_cipher_name(0xcca9), "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    assert_string_equal(tls_cipher_name(0xd005), "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256");
    assert_null(tls_cipher_name(0x0a0a));
    assert_null(tls_cipher_name(0xffff));
}

/* A table that is not sorted would lose names: as many are found as it has, each once. */
static void finds_every_cipher_suite_of_the_table(void **state)
{
    (void)state;
    unsigned count = 0;

    for (unsigned cipher = 0; cipher <= UINT16_MAX; cipher++) {
        const char *name = tls_cipher_name((uint16_t)cipher);
        if (name != NULL) {
            assert_int_equal(strncmp(name, "TLS_", 4), 0);
            count++;
        }
    }
    assert_int_equal(count, 352);
}

static void names_alerts_as_rfc_8446_does(void **state)
{
    (void)state;

    assert_string_equal(tls_alert_name(0), "close_notify");
    assert_string_equal(tls_alert_name(40), "handshake_failure");
    assert_string_equal(tls_alert_name(48), "unknown_ca");
    assert_string_equal(tls_alert_name(112), "unrecognized_name");
    assert_string_equal(tls_alert_name(120), "no_application_protocol");
    assert_null(tls_alert_name(2));
    assert_null(tls_alert_name(255));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_version),
        cmocka_unit_test(names_cipher_suites_as_iana_does),
        cmocka_unit_test(finds_every_cipher_suite_of_the_table),
        cmocka_unit_test(names_alerts_as_rfc_8446_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
