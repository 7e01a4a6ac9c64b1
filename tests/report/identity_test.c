#include "report/identity.h"

#include "tests/report/hostile.h"
#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct handshake any_handshake(void)
{
    uint32_t seed = 5;
    return hostile_record(&seed).handshake;
}

static void check_alike(const struct handshake *a, const struct handshake *b, bool are_alike)
{
    char uids[2][IDENTITY_UID_BYTES];

    (void)identity_uid(a, uids[0]);
    (void)identity_uid(b, uids[1]);
    assert_int_equal(strcmp(uids[0], uids[1]) == 0, are_alike);
    assert_int_equal(identity_flow(a) == identity_flow(b), are_alike);
}

static void time_transport_and_endpoints_tell_handshakes_apart(void **state)
{
    (void)state;
    const struct handshake one = any_handshake();
    struct handshake other = one;

    other.time_ns ^= 1;
    check_alike(&one, &other, false);
    other = one;
    other.transport = one.transport == TRANSPORT_TCP ? TRANSPORT_DTLS : TRANSPORT_TCP;
    check_alike(&one, &other, false);
    other = one;
    other.client.port ^= 1;
    check_alike(&one, &other, false);
    other = one;
    other.server.port ^= 0x8000;
    check_alike(&one, &other, false);
    other = one;
    other.client = one.server;
    other.server = one.client;
    check_alike(&one, &other, false);
    for (size_t i = 0; i < 16; i++) {
        other = one;
        other.client.address[i] ^= 1;
        check_alike(&one, &other, false);
        other = one;
        other.server.address[i] ^= 0x80;
        check_alike(&one, &other, false);
    }
}

static void nothing_else_does(void **state)
{
    (void)state;
    const struct handshake one = any_handshake();
    struct handshake other = one;

    other.verdict = VERDICT_FAILED;
    other.version = 0x7f1c;
    other.handshake_ns = 7;
    other.sni = records_text("other.example", 13);
    check_alike(&one, &other, true);
}

static void they_look_as_they_should(void **state)
{
    (void)state;
    static const char base_62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    uint32_t seed = 6;

    for (int i = 0; i < 1000; i++) {
        struct record record = hostile_record(&seed);
        char uid[IDENTITY_UID_BYTES];
        (void)identity_uid(&record.handshake, uid);
        assert_int_equal(uid[0], 'C');
        assert_int_equal(strlen(uid), 18);
        assert_int_equal(strspn(uid, base_62), 18);
        assert_true(identity_flow(&record.handshake) < UINT64_C(1) << 51);
    }
}

/* Worked out by a second program, and written down: a change would break the link between logs
 * written before and after it. */
static void they_never_change(void **state)
{
    (void)state;
    struct handshake handshake;
    char uid[IDENTITY_UID_BYTES];

    handshake_init(&handshake);
    handshake.time_ns = records_start_ns;
    handshake.client = records_endpoint("192.0.2.1", 50000);
    handshake.server = records_endpoint("2001:db8::1", 443);
    assert_string_equal(identity_uid(&handshake, uid), "CLWIEsqALyIe2WrgjG");
    assert_int_equal(identity_flow(&handshake), 880549622639688);
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return (*a > *b) - (*a < *b);
}

/* Neighbours in time and port, as traffic has them: 2^51 has room for 20 000 without a meeting
 * (20 000^2 / 2 / 2^51 = 1e-7). */
static void neighbours_do_not_meet(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    uint64_t *flows = calloc(COUNT, sizeof(*flows));
    struct handshake handshake = any_handshake();

    assert_non_null(flows);
    for (int i = 0; i < COUNT; i++) {
        handshake.time_ns = records_start_ns + (int64_t)i / 100 * 1000;
        handshake.client.port = (uint16_t)(40000 + i % 100);
        flows[i] = identity_flow(&handshake);
    }
    qsort(flows, COUNT, sizeof(*flows), compare_numbers);
    for (int i = 1; i < COUNT; i++) {
        assert_true(flows[i - 1] != flows[i]);
    }
    free(flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_transport_and_endpoints_tell_handshakes_apart),
        cmocka_unit_test(nothing_else_does),
        cmocka_unit_test(they_look_as_they_should),
        cmocka_unit_test(they_never_change),
        cmocka_unit_test(neighbours_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
