#include "base/keyed_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The key of SipHash's published test vectors: 00 01 ... 0f. */
static struct keyed_hash *new_with_vector_key(void)
{
    uint8_t key[KEYED_HASH_KEY_BYTES];
    struct error error;

    for (size_t i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t)i;
    }
    struct keyed_hash *hash = keyed_hash_new(key, &error);
    assert_non_null(hash);
    return hash;
}

/* Vectors of SipHash-2-4-128 for the inputs 00, 00 01 and 00 01 ... 0f: their first byte is our
 * domain, the rest our data. */
static void agrees_with_the_published_vectors(void **state)
{
    (void)state;
    static const struct {
        size_t data_len;
        uint8_t expected[KEYED_HASH_BYTES];
    } vectors[] = {
        {0,
         {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc,
          0x45}},
        {1,
         {0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3, 0x8b, 0xde, 0xf6, 0x0a, 0xff,
          0xe4}},
        {15,
         {0x6e, 0xe2, 0xa4, 0xca, 0x67, 0xb0, 0x54, 0xbb, 0xfd, 0x33, 0x15, 0xbf, 0x85, 0x23, 0x05,
          0x77}},
    };
    struct keyed_hash *hash = new_with_vector_key();
    uint8_t data[15];
    uint8_t out[KEYED_HASH_BYTES];

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i + 1);
    }
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        keyed_hash_of(hash, 0, data, vectors[i].data_len, out);
        assert_memory_equal(out, vectors[i].expected, sizeof(out));
    }
    keyed_hash_free(hash);
}

/* Whatever the place of the last byte in its word: the values are libcrypto's (openssl mac -macopt
 * size:16 -macopt hexkey:0001...0f SIPHASH), their first byte 00 again our domain. */
static void agrees_with_another_implementation_at_every_length(void **state)
{
    (void)state;
    static const struct {
        size_t data_len;
        uint64_t head; /* the first eight bytes of the hash */
        uint64_t tail;
    } vectors[] = {
        {5, 0x14eeca338b208613, 0x485ea0308fd7a15e},  {6, 0xa1f1ebbed8dbc153, 0xc0b84aa61ff08239},
        {7, 0x3b62a9ba6258f561, 0x0f83e264f31497b4},  {8, 0x264499060ad9baab, 0xc47f8b02bb6d71ed},
        {13, 0x31fcefac66d7de9c, 0x7ec7485fe4494902}, {14, 0x5493e99933b0a811, 0x7e08ec0f97cfc3d9},
        {15, 0x6ee2a4ca67b054bb, 0xfd3315bf85230577}, {16, 0x473d06e8738db898, 0x54c066c47ae47740},
        {22, 0xc9d184ddd5a9f5e0, 0xcf8ce29a9abf691c}, {23, 0x2db479ae78bd50d8, 0x882a8a178a6132ad},
        {24, 0x8ece5f042d5e447b, 0x5051b9eacb8d8f6f}, {62, 0x5150d1772f50834a, 0x503e069a973fbd7c},
        {63, 0x1eaf077dc0d4cd3f, 0x8cad4d383658a74b}, {199, 0x7c5853f4ed12ff9d, 0x836a79bc4047022d},
    };
    struct keyed_hash *hash = new_with_vector_key();

    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t *exact = malloc(vectors[i].data_len);
        uint8_t out[KEYED_HASH_BYTES];
        uint64_t head = 0;
        uint64_t tail = 0;
        assert_non_null(exact);
        for (size_t j = 0; j < vectors[i].data_len; j++) {
            exact[j] = (uint8_t)(j + 1);
        }
        keyed_hash_of(hash, 0, exact, vectors[i].data_len, out);
        for (size_t j = 0; j < 8; j++) {
            head = head << 8 | out[j];
            tail = tail << 8 | out[8 + j];
        }
        assert_true(head == vectors[i].head);
        assert_true(tail == vectors[i].tail);
        free(exact);
    }
    keyed_hash_free(hash);
}

static void the_same_bytes_hash_alike_each_time(void **state)
{
    (void)state;
    struct keyed_hash *hash = new_with_vector_key();
    uint8_t first[KEYED_HASH_BYTES];
    uint8_t between[KEYED_HASH_BYTES];
    uint8_t second[KEYED_HASH_BYTES];

    keyed_hash_of(hash, 2, (const uint8_t *)"ticket", 6, first);
    keyed_hash_of(hash, 2, (const uint8_t *)"another", 7, between);
    keyed_hash_of(hash, 2, (const uint8_t *)"ticket", 6, second);
    assert_memory_equal(first, second, sizeof(first));
    assert_memory_not_equal(first, between, sizeof(first));
    keyed_hash_free(hash);
}

static void the_same_bytes_in_another_domain_hash_otherwise(void **state)
{
    (void)state;
    struct keyed_hash *hash = new_with_vector_key();
    uint8_t as_id[KEYED_HASH_BYTES];
    uint8_t as_ticket[KEYED_HASH_BYTES];

    keyed_hash_of(hash, 1, (const uint8_t *)"bytes", 5, as_id);
    keyed_hash_of(hash, 2, (const uint8_t *)"bytes", 5, as_ticket);
    assert_memory_not_equal(as_id, as_ticket, sizeof(as_id));
    keyed_hash_free(hash);
}

static void another_key_hashes_otherwise_and_is_copied(void **state)
{
    (void)state;
    uint8_t key[KEYED_HASH_KEY_BYTES] = {1};
    uint8_t with_first[KEYED_HASH_BYTES];
    uint8_t with_first_again[KEYED_HASH_BYTES];
    uint8_t with_second[KEYED_HASH_BYTES];
    struct error error;
    struct keyed_hash *first = keyed_hash_new(key, &error);
    assert_non_null(first);

    keyed_hash_of(first, 1, (const uint8_t *)"id", 2, with_first);
    key[0] = 2;
    struct keyed_hash *second = keyed_hash_new(key, &error);
    assert_non_null(second);
    keyed_hash_of(second, 1, (const uint8_t *)"id", 2, with_second);
    keyed_hash_of(first, 1, (const uint8_t *)"id", 2, with_first_again);
    assert_memory_not_equal(with_first, with_second, sizeof(with_first));
    assert_memory_equal(with_first, with_first_again, sizeof(with_first));
    keyed_hash_free(second);
    keyed_hash_free(first);
}

static void no_data_may_be_a_null_pointer(void **state)
{
    (void)state;
    struct keyed_hash *hash = new_with_vector_key();
    const uint8_t nothing[1] = {0};
    uint8_t of_null[KEYED_HASH_BYTES];
    uint8_t of_none[KEYED_HASH_BYTES];

    keyed_hash_of(hash, 1, NULL, 0, of_null);
    keyed_hash_of(hash, 1, nothing, 0, of_none);
    assert_memory_equal(of_null, of_none, sizeof(of_null));
    keyed_hash_free(hash);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    keyed_hash_free(NULL);
}

static void random_bytes_fill_the_buffer_and_differ(void **state)
{
    (void)state;
    uint8_t first[32] = {0};
    uint8_t second[32] = {0};

    assert_true(keyed_hash_random(first, sizeof(first)));
    assert_true(keyed_hash_random(second, sizeof(second)));
    assert_memory_not_equal(first, second, sizeof(first));
    /* One chance in 2^128 that the last sixteen bytes stay zero. */
    assert_memory_not_equal(first + 16, (const uint8_t[16]){0}, 16);
}

static void random_refuses_more_than_the_system_gives_at_once(void **state)
{
    (void)state;
    uint8_t out[257] = {7};

    assert_false(keyed_hash_random(out, 257));
    assert_int_equal(out[0], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_published_vectors),
        cmocka_unit_test(agrees_with_another_implementation_at_every_length),
        cmocka_unit_test(the_same_bytes_hash_alike_each_time),
        cmocka_unit_test(the_same_bytes_in_another_domain_hash_otherwise),
        cmocka_unit_test(another_key_hashes_otherwise_and_is_copied),
        cmocka_unit_test(no_data_may_be_a_null_pointer),
        cmocka_unit_test(freeing_nothing_is_allowed),
        cmocka_unit_test(random_bytes_fill_the_buffer_and_differ),
        cmocka_unit_test(random_refuses_more_than_the_system_gives_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
