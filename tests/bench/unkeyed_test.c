#include "tests/bench/unkeyed.h"

#include "tests/bench/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Two rows of the table that comes with the specification of receive side scaling. */
static void toeplitz_is_that_of_network_cards(void **state)
{
    (void)state;
    const struct endpoints first = {{0x420995bb, 0xa18e6450}, {2794, 1766}};
    const struct endpoints second = {{0xc75c6f02, 0x41458c53}, {14230, 4739}};

    assert_int_equal(unkeyed_hash(UNKEYED_TOEPLITZ, &first), 0x51ccc178);
    assert_int_equal(unkeyed_hash(UNKEYED_TOEPLITZ, &second), 0xc626b0ea);
}

/* The CRC-32 of the text "123456789012", as zlib works it out. */
static void crc32_is_that_of_ethernet(void **state)
{
    (void)state;
    const struct endpoints digits = {{0x31323334, 0x35363738}, {0x3930, 0x3132}};

    assert_int_equal(unkeyed_hash(UNKEYED_CRC32, &digits), 0x5d34eb96);
}

static void whoever_chooses_endpoints_chooses_the_hash(void **state)
{
    (void)state;
    struct random random = random_of(1, 0);

    for (int which = 0; which < UNKEYED_COUNT; which++) {
        const struct unkeyed_chooser chooser = unkeyed_chooser((enum unkeyed)which);
        for (int i = 0; i < 1000; i++) {
            struct endpoints endpoints = {
                {(uint32_t)random_next(&random), (uint32_t)random_next(&random)},
                {(uint16_t)random_next(&random), (uint16_t)random_next(&random)}};
            const struct endpoints before = endpoints;
            unkeyed_choose(&chooser, 0xfedcba98, &endpoints);
            assert_int_equal(unkeyed_hash((enum unkeyed)which, &endpoints), 0xfedcba98);
            assert_int_equal(endpoints.address[SIDE_CLIENT], before.address[SIDE_CLIENT]);
            assert_int_equal(endpoints.port[SIDE_CLIENT], before.port[SIDE_CLIENT]);
            assert_int_equal(endpoints.port[SIDE_SERVER], before.port[SIDE_SERVER]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(toeplitz_is_that_of_network_cards),
        cmocka_unit_test(crc32_is_that_of_ethernet),
        cmocka_unit_test(whoever_chooses_endpoints_chooses_the_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
