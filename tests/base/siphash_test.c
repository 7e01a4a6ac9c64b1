#include "base/siphash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Key 00..0f, data 00, 01, 02, ...: values from libcrypto's SIPHASH with one compression and three
 * finalisation rounds (openssl mac -macopt c-rounds:1 -macopt d-rounds:3 -macopt size:8). */
static void hashes_equal_those_of_another_implementation(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        uint64_t hash;
    } vectors[] = {
        {0, 0xabac0158050fc4dc},  {1, 0xc9f49bf37d57ca93},  {7, 0xd3927d989bb11140},
        {8, 0x369095118d299a8e},  {9, 0x25a48eb36c063de4},  {15, 0xd320d86d2a519956},
        {16, 0xcc4fdd1a7d908b66}, {36, 0x2cf508d3ada26206}, {63, 0x9d199062b7bbb3a8},
    };
    uint8_t counting[64];

    for (size_t i = 0; i < sizeof(counting); i++) {
        counting[i] = (uint8_t)i;
    }
    const struct siphash_key key = siphash_key_of(counting);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t *exact = malloc(vectors[i].len + 1);
        assert_non_null(exact);
        memcpy(exact, counting, vectors[i].len);
        assert_true(siphash(&key, exact, vectors[i].len) == vectors[i].hash);
        free(exact);
    }
}

static void another_key_gives_another_hash(void **state)
{
    (void)state;
    const uint8_t zeros[16] = {0};
    const uint8_t one[16] = {[15] = 1};
    const struct siphash_key a = siphash_key_of(zeros);
    const struct siphash_key b = siphash_key_of(one);

    assert_true(siphash(&a, zeros, 16) != siphash(&b, zeros, 16));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_equal_those_of_another_implementation),
        cmocka_unit_test(another_key_gives_another_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
