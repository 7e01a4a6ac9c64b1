#include "dissect/tls/dtls_record.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* type u8, version u16, epoch u16, sequence_number u48, length u16, body. */
static const char plain[] = "16 fefd 0001 000200000003 0002 aabb";

static struct bytes exact_of(const char *digits)
{
    struct wire *wire = wire_new();

    wire_hex(wire, digits);
    const struct bytes exact = wire_exact(wire->data, wire->len);
    free(wire);
    return exact;
}

static void reads_epoch_and_sequence_number(void **state)
{
    (void)state;
    const struct bytes wire = exact_of(plain);
    struct bytes rest = wire;
    struct dtls_record record;

    assert_true(dtls_record_next(&rest, 0, &record));
    assert_int_equal(record.type, RECORD_HANDSHAKE);
    assert_int_equal(record.version, 0xfefd);
    assert_int_equal(record.epoch, 1);
    assert_int_equal(record.sequence, UINT64_C(0x000200000003));
    assert_int_equal(record.body.len, 2);
    assert_int_equal(record.wire_len, 15);
    assert_false(record.is_cut);
    assert_int_equal(rest.len, 0);
    wire_free_exact(wire);
}

static void refuses_every_truncation_of_a_header(void **state)
{
    (void)state;
    const struct bytes whole = exact_of(plain);

    for (size_t len = 0; len < DTLS_RECORD_HEADER_BYTES; len++) {
        const struct bytes wire = wire_exact(whole.data, len);
        struct bytes rest = wire;
        struct dtls_record record = {.type = 77};
        assert_false(dtls_record_next(&rest, 0, &record));
        assert_ptr_equal(rest.data, wire.data);
        assert_int_equal(record.type, 77);
        wire_free_exact(wire);
    }
    wire_free_exact(whole);
}

static void says_when_the_capture_cut_the_body(void **state)
{
    (void)state;
    const struct bytes wire = exact_of("16 feff 0000 000000000000 0004 aabb");
    struct bytes rest = wire;
    struct dtls_record record;

    assert_true(dtls_record_next(&rest, 0, &record));
    assert_true(record.is_cut);
    assert_int_equal(record.body.len, 2);
    assert_int_equal(record.body_len, 4);
    assert_int_equal(record.wire_len, 17);
    wire_free_exact(wire);
}

static void refuses_what_is_no_record(void **state)
{
    (void)state;
    static const char *const others[] = {
        "00 01 0058 2112a442 0102030405060708090a0b0c",   /* STUN */
        "80 78 1234 00000000 00000000 00000000 00000000", /* RTP */
        "16 0303 0000 000000000000 0001 aa",              /* TLS's version */
        "1b fefd 0000 000000000000 0001 aa",              /* type 27 */
        "16 fefd 0000 000000000000 4801 aa",              /* longer than any record */
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const struct bytes wire = exact_of(others[i]);
        struct bytes rest = wire;
        struct dtls_record record;
        assert_false(dtls_record_next(&rest, 0, &record));
        assert_int_equal(rest.len, wire.len);
        wire_free_exact(wire);
    }
}

static void reads_a_record_with_a_connection_id_of_known_length(void **state)
{
    (void)state;
    /* tls12_cid, cid 0a0b0c, two bytes; then another record. */
    const struct bytes wire =
        exact_of("19 fefd 0001 000000000001 0a0b0c 0002 aabb 17 fefd 0001 000000000002 0001 cc");
    struct bytes rest = wire;
    struct dtls_record record;

    assert_true(dtls_record_next(&rest, 3, &record));
    assert_int_equal(record.type, DTLS_RECORD_CID);
    assert_int_equal(record.body_len, 2);
    assert_int_equal(record.wire_len, 18);
    assert_true(dtls_record_next(&rest, 3, &record));
    assert_int_equal(record.type, RECORD_APPLICATION_DATA);
    wire_free_exact(wire);
}

static void takes_the_whole_datagram_where_the_connection_id_is_not_known(void **state)
{
    (void)state;
    const struct bytes wire = exact_of("19 fefd 0001 000000000001 0a0b0c 0002 aabb");
    struct bytes rest = wire;
    struct dtls_record record;

    assert_true(dtls_record_next(&rest, DTLS_CID_UNKNOWN, &record));
    assert_int_equal(record.body.len, 7);
    assert_int_equal(rest.len, 0);
    wire_free_exact(wire);
}

/* 001CSLEE: every combination of the three bits, epoch 2. */
static void reads_every_form_of_the_unified_header(void **state)
{
    (void)state;
    static const struct {
        const char *wire;
        uint32_t body_len;
    } forms[] = {
        {"22 01 aabbcc", 3},        {"26 01 0002 aabb", 2},        {"2a 0102 aabbcc", 3},
        {"2e 0102 0002 aabb", 2},   {"32 0d0e 01 aabbcc", 3},      {"36 0d0e 01 0002 aabb", 2},
        {"3a 0d0e 0102 aabbcc", 3}, {"3e 0d0e 0102 0002 aabb", 2},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const struct bytes wire = exact_of(forms[i].wire);
        struct bytes rest = wire;
        struct dtls_record record;
        assert_true(dtls_record_next(&rest, 2, &record));
        assert_true(record.is_unified);
        assert_int_equal(record.epoch, 2);
        assert_int_equal(record.body_len, forms[i].body_len);
        assert_int_equal(record.wire_len, wire.len);
        assert_int_equal(rest.len, 0);
        wire_free_exact(wire);
    }
}

static void knows_whose_first_byte_it_is(void **state)
{
    (void)state;
    assert_false(dtls_record_is_first_byte(0));  /* STUN */
    assert_false(dtls_record_is_first_byte(19)); /* ZRTP */
    assert_true(dtls_record_is_first_byte(20));
    assert_true(dtls_record_is_first_byte(63));
    assert_false(dtls_record_is_first_byte(64));  /* TURN channels */
    assert_false(dtls_record_is_first_byte(128)); /* RTP */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_epoch_and_sequence_number),
        cmocka_unit_test(refuses_every_truncation_of_a_header),
        cmocka_unit_test(says_when_the_capture_cut_the_body),
        cmocka_unit_test(refuses_what_is_no_record),
        cmocka_unit_test(reads_a_record_with_a_connection_id_of_known_length),
        cmocka_unit_test(takes_the_whole_datagram_where_the_connection_id_is_not_known),
        cmocka_unit_test(reads_every_form_of_the_unified_header),
        cmocka_unit_test(knows_whose_first_byte_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
