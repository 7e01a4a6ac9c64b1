#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* FIPS 180-4's examples, "abc" and nothing, in base64. */
static void digest_is_sha256_in_base64(void **state)
{
    (void)state;
    char text[DIGEST_TEXT_BYTES];

    digest_sha256("abc", 3, text);
    assert_string_equal(text, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    digest_sha256("", 0, text);
    assert_string_equal(text, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

static void digest_reads_no_further_than_it_is_told(void **state)
{
    (void)state;
    char text[DIGEST_TEXT_BYTES];
    char *exact = malloc(1);

    assert_non_null(exact);
    exact[0] = 'a';
    digest_sha256(exact, 1, text);
    assert_string_equal(text, "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=");
    free(exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_is_sha256_in_base64),
        cmocka_unit_test(digest_reads_no_further_than_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
