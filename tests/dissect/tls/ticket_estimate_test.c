#include "dissect/tls/ticket_estimate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A NewSessionTicket of OpenSSL 3: 4 message header, 4 lifetime, 4 age_add, 1 + 8 nonce, 2 + 208
 * ticket, 2 + 0 extensions = 233; 1 content type, 16 tag: 250. */
static void a_record_of_openssl_tells_the_ticket_exactly(void **state)
{
    (void)state;
    assert_int_equal(ticket_estimate_bytes(250), 208);
    assert_int_equal(ticket_estimate_record_bytes(208), 250);
    assert_true(ticket_estimate_fits(250, 208));
}

/* The same with early_data, 2 type, 2 length, 4 max_early_data_size: 258. */
static void early_data_makes_the_estimate_eight_too_long(void **state)
{
    (void)state;
    assert_int_equal(ticket_estimate_bytes(258), 216);
    assert_true(ticket_estimate_fits(258, 208));
}

/* 250 - 4 - 4 - 4 - 1 - 2 - 2 - 1 - 16 = 216 are nonce, ticket and what the extensions hold: all
 * ticket at most; with a nonce of 32 and early_data 216 - 32 - 8 = 176 at least. */
static void an_identity_fits_within_what_nonce_and_early_data_may_take(void **state)
{
    (void)state;
    assert_false(ticket_estimate_fits(250, 217));
    assert_true(ticket_estimate_fits(250, 216));
    assert_true(ticket_estimate_fits(250, 176));
    assert_false(ticket_estimate_fits(250, 175));
}

/* The smallest record has 60 - 34 = 26 bytes for all three. */
static void no_identity_without_length_fits(void **state)
{
    (void)state;
    assert_true(ticket_estimate_fits(TICKET_RECORD_MIN_BYTES, 1));
    assert_false(ticket_estimate_fits(TICKET_RECORD_MIN_BYTES, 0));
    assert_false(ticket_estimate_fits(TICKET_RECORD_MIN_BYTES, -1));
    assert_false(ticket_estimate_fits(0, 1));
    assert_false(ticket_estimate_fits(-1, 1));
    assert_false(ticket_estimate_fits(INT32_MIN, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_of_openssl_tells_the_ticket_exactly),
        cmocka_unit_test(early_data_makes_the_estimate_eight_too_long),
        cmocka_unit_test(an_identity_fits_within_what_nonce_and_early_data_may_take),
        cmocka_unit_test(no_identity_without_length_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
