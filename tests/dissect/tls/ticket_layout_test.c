/* Tickets are laid out here as the programs do it, of bytes that look random; each in a heap block
 * of its exact size. */
#include "dissect/tls/ticket_layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Never two equal neighbours, and never three printable bytes in a row. */
static void fill(uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        data[i] = (uint8_t)(i % 3 == 0 ? 0x80 + i % 97 : 0x41 + i % 23);
    }
}

static struct ticket_shape shape_of(const uint8_t *data, size_t len)
{
    struct ticket_shape shape;
    uint8_t *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    memcpy(copy, data, len);
    memset(&shape, 0xa5, sizeof(shape));
    ticket_shape_of((struct bytes){copy, len}, &shape);
    free(copy);
    return shape;
}

/* name, IV, [length u16,] encrypted, tail. length_at 0: there is none. */
struct ticket {
    size_t len;
    size_t length_at;
    uint16_t length;
    const char *name;
};

static uint8_t bytes_of_ticket[1024];

static uint16_t layouts_of(const struct ticket *ticket)
{
    fill(bytes_of_ticket, ticket->len);
    if (ticket->length_at > 0) {
        bytes_of_ticket[ticket->length_at] = (uint8_t)(ticket->length >> 8);
        bytes_of_ticket[ticket->length_at + 1] = (uint8_t)ticket->length;
    }
    if (ticket->name != NULL) {
        memcpy(bytes_of_ticket, ticket->name, strlen(ticket->name));
    }
    return shape_of(bytes_of_ticket, ticket->len).layouts;
}

static bool has(uint16_t layouts, enum ticket_layout layout)
{
    return (layouts >> layout & 1) != 0;
}

static void each_layout_is_known_by_its_lengths(void **state)
{
    (void)state;
    const struct {
        enum ticket_layout layout;
        struct ticket ticket;
    } cases[] = {
        {TICKET_LAYOUT_OPENSSL, {16 + 16 + 8 * 16 + 32, 0, 0, NULL}},
        {TICKET_LAYOUT_GNUTLS, {16 + 16 + 2 + 7 * 16 + 20, 32, 7 * 16, NULL}},
        {TICKET_LAYOUT_MBEDTLS, {4 + 12 + 2 + 133 + 16, 16, 133, NULL}},
        {TICKET_LAYOUT_WOLFSSL, {16 + 16 + 2 + 131 + 32, 32, 131, NULL}},
        {TICKET_LAYOUT_NSS, {16 + 16 + 2 + 6 * 16 + 32, 32, 6 * 16, "NSS!"}},
        {TICKET_LAYOUT_S2N, {16 + 12 + 101 + 16, 0, 0, NULL}},
        {TICKET_LAYOUT_GO, {16 + 16 + 99 + 32, 0, 0, NULL}},
        {TICKET_LAYOUT_JAVA, {4 + 16 + 77 + 16, 0, 0, NULL}},
        {TICKET_LAYOUT_RUSTLS, {16 + 12 + 55 + 16, 0, 0, NULL}},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(has(layouts_of(&cases[i].ticket), cases[i].layout));
    }
}

static void a_length_that_does_not_fit_is_another_layout(void **state)
{
    (void)state;
    const struct {
        enum ticket_layout layout;
        struct ticket ticket;
    } cases[] = {
        {TICKET_LAYOUT_OPENSSL, {16 + 16 + 8 * 16 + 31, 0, 0, NULL}},
        {TICKET_LAYOUT_OPENSSL, {16 + 16 + 32, 0, 0, NULL}}, /* nothing is encrypted */
        {TICKET_LAYOUT_GNUTLS, {16 + 16 + 2 + 7 * 16 + 20, 32, 7 * 16 + 1, NULL}},
        {TICKET_LAYOUT_GNUTLS, {16 + 16 + 2 + 7 * 16 + 1 + 20, 32, 7 * 16 + 1, NULL}},
        {TICKET_LAYOUT_MBEDTLS, {4 + 12 + 2 + 133 + 16, 16, 134, NULL}},
        {TICKET_LAYOUT_WOLFSSL, {16 + 16 + 2 + 131 + 32, 32, 130, NULL}},
        {TICKET_LAYOUT_NSS, {16 + 16 + 2 + 6 * 16 + 32, 32, 6 * 16, "NSS?"}},
        {TICKET_LAYOUT_S2N, {16 + 12 + 16, 0, 0, NULL}},
        {TICKET_LAYOUT_GO, {16 + 16 + 32, 0, 0, NULL}},
        {TICKET_LAYOUT_JAVA, {4 + 16 + 16, 0, 0, NULL}},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(has(layouts_of(&cases[i].ticket), cases[i].layout));
    }
}

static void a_ticket_cut_anywhere_does_not_fit_its_inner_length(void **state)
{
    (void)state;
    const struct {
        enum ticket_layout layout;
        struct ticket ticket;
    } cases[] = {
        {TICKET_LAYOUT_GNUTLS, {16 + 16 + 2 + 7 * 16 + 20, 32, 7 * 16, NULL}},
        {TICKET_LAYOUT_MBEDTLS, {4 + 12 + 2 + 133 + 16, 16, 133, NULL}},
        {TICKET_LAYOUT_WOLFSSL, {16 + 16 + 2 + 131 + 32, 32, 131, NULL}},
        {TICKET_LAYOUT_NSS, {16 + 16 + 2 + 6 * 16 + 32, 32, 6 * 16, "NSS!"}},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(has(layouts_of(&cases[i].ticket), cases[i].layout));
        for (size_t len = 0; len < cases[i].ticket.len; len++) {
            assert_false(has(shape_of(bytes_of_ticket, len).layouts, cases[i].layout));
        }
    }
}

static void the_start_is_kept_as_far_as_there_is_any(void **state)
{
    (void)state;
    uint8_t ticket[64];

    fill(ticket, sizeof(ticket));
    for (size_t len = 0; len <= sizeof(ticket); len++) {
        const struct ticket_shape shape = shape_of(ticket, len);
        const size_t kept = len < TICKET_START_BYTES ? len : TICKET_START_BYTES;
        assert_int_equal(shape.len, kept);
        assert_memory_equal(shape.start, ticket, kept);
    }
}

static void what_people_can_read_is_no_ticket(void **state)
{
    (void)state;
    const char identity[] = "a-pre-shared-key-of-somebody-with-a-name-of-more-than-48-letters";

    assert_int_equal(shape_of((const uint8_t *)identity, strlen(identity)).layouts, 0);
}

static void a_name_of_zeros_is_seen(void **state)
{
    (void)state;
    uint8_t ticket[96];

    fill(ticket, sizeof(ticket));
    memset(ticket, 0, 16);
    assert_int_equal(shape_of(ticket, sizeof(ticket)).warnings, 1U << TICKET_WARNING_ZERO_NAME);
    ticket[15] = 1;
    assert_int_equal(shape_of(ticket, sizeof(ticket)).warnings, 0);
}

/* Bytes that rise from 0x80 on, but for a run: of letters or of zeros. */
static uint8_t warnings_of_run(size_t at, size_t len, bool is_text)
{
    uint8_t ticket[120];

    for (size_t i = 0; i < sizeof(ticket); i++) {
        const bool is_in_run = i >= at && i < at + len;
        const uint8_t run = is_text ? (uint8_t)('A' + i % 26) : 0;
        ticket[i] = is_in_run ? run : (uint8_t)(0x80 + i);
    }
    return shape_of(ticket, sizeof(ticket)).warnings;
}

static void runs_of_24_are_plaintext_wherever_they_are(void **state)
{
    (void)state;
    for (size_t at = 16; at <= 96; at++) {
        for (size_t len = 20; len <= 26 && at + len <= 120; len++) {
            const uint8_t expected = (uint8_t)((len >= 24) << TICKET_WARNING_PLAINTEXT);
            assert_int_equal(warnings_of_run(at, len, true), expected);
            assert_int_equal(warnings_of_run(at, len, false), expected);
        }
    }
}

static void the_name_may_be_text(void **state)
{
    (void)state;
    uint8_t ticket[96];

    fill(ticket, sizeof(ticket));
    memset(ticket, 'n', 16);
    assert_int_equal(shape_of(ticket, sizeof(ticket)).warnings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_layout_is_known_by_its_lengths),
        cmocka_unit_test(a_length_that_does_not_fit_is_another_layout),
        cmocka_unit_test(a_ticket_cut_anywhere_does_not_fit_its_inner_length),
        cmocka_unit_test(the_start_is_kept_as_far_as_there_is_any),
        cmocka_unit_test(what_people_can_read_is_no_ticket),
        cmocka_unit_test(a_name_of_zeros_is_seen),
        cmocka_unit_test(runs_of_24_are_plaintext_wherever_they_are),
        cmocka_unit_test(the_name_may_be_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
