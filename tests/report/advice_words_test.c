/* What the rules of advice say of figures that differ in kind. */
#include "report/advice_words.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct advice_host plain(void)
{
    struct advice_host host = {.name = "www.example.com", .name_len = 15};

    host.figures.hint_min_s = 3600;
    host.figures.hint_max_s = 86400;
    host_keys_init(&host.keys);
    return host;
}

static struct advice_finding said(advice_words *write, const struct advice_host *host)
{
    struct advice_finding finding = {0};

    write(host, &finding);
    return finding;
}

static void says(const struct advice_finding *finding, const char *words)
{
    assert_non_null(strstr(finding->sentence.text, words));
}

/* The first key was there before the watch began: one change tells of no period. */
static void one_change_of_key_is_not_called_a_period(void **state)
{
    (void)state;
    struct advice_host host = plain();

    host.keys.rotation_ns = 1800 * records_s;
    host.keys.rotations = 1;
    struct advice_finding finding = said(advice_words_keep_keys, &host);
    says(&finding, "; one new key was seen: go on");
    assert_string_equal(finding.figures[2].name, "rotation_s");
    assert_int_equal(finding.figures[2].value, 1800);
    host.keys.rotations = 2;
    finding = said(advice_words_keep_keys, &host);
    says(&finding, "; a new key comes every 30.0 min (median of 2): go on");
}

static void ids_refused_younger_than_others_accepted_had_no_timeout(void **state)
{
    (void)state;
    struct advice_host host = plain();

    host.counts.refused_id_age_s = 60;
    host.counts.accepted_id_age_s = 300;
    struct advice_finding finding = said(advice_words_keep_ids_longer, &host);
    says(&finding, "(the youngest refused was 60 s old, the oldest accepted 5 min)");
    says(&finding, "give it more room, and let it outlive restarts");
    assert_int_equal(finding.figures[0].value, 60);
    assert_int_equal(finding.figures[1].value, 300);
    host.counts.refused_id_age_s = 301;
    finding = said(advice_words_keep_ids_longer, &host);
    says(&finding, "give it a longer timeout, or more room");
}

/* Of sessions that were never seen issued. */
static void ages_that_are_not_known_are_not_said(void **state)
{
    (void)state;
    struct advice_host host = plain();

    host.counts.refused_id_age_s = 60;
    host.counts.accepted_id_age_s = HANDSHAKE_NULL;
    const struct advice_finding finding = said(advice_words_keep_ids_longer, &host);
    assert_null(strstr(finding.sentence.text, "youngest"));
    assert_true(finding.figures[1].value == HANDSHAKE_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_change_of_key_is_not_called_a_period),
        cmocka_unit_test(ids_refused_younger_than_others_accepted_had_no_timeout),
        cmocka_unit_test(ages_that_are_not_known_are_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
