#include "app/period_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static const int64_t second = 1000000000;
static const int64_t day = INT64_C(86400) * 1000000000;
static const int64_t midnight = INT64_C(1788220800) * 1000000000; /* 2026-09-01T00:00:00Z */
static const int64_t now = INT64_C(1788266096) * 1000000000;      /* 12:34:56 */

static void expect(const char *text, int64_t since_ns, int64_t until_ns)
{
    struct query_filter out = {7, 8, NULL};

    if (!period_words_parse(text, now, &out)) {
        fail_msg("\"%s\" was not understood", text);
    }
    if (out.since_ns != since_ns || out.until_ns != until_ns) {
        fail_msg("\"%s\" is %lld to %lld", text, (long long)out.since_ns, (long long)out.until_ns);
    }
}

static void refuse(const char *text)
{
    struct query_filter out = {7, 8, NULL};

    if (period_words_parse(text, now, &out)) {
        fail_msg("\"%s\" was understood", text);
    }
    assert_int_equal(out.since_ns, 7);
    assert_int_equal(out.until_ns, 8);
}

static void period_reaches_from_one_time_to_another(void **state)
{
    (void)state;
    expect("2026-09-01..2026-09-08", midnight, midnight + 7 * day);
    expect("-48h..-24h", now - 2 * day, now - day);
    expect("@5..@6.5", 5 * second, 6 * second + second / 2);
    expect("2026-09-01T12:00:00.5Z..2026-09-01T14:00:00+01:00",
           midnight + 43200 * second + second / 2, midnight + 46800 * second);
    expect("today..now", midnight, now);
    expect("yesterday..2026-09-01", midnight - day, midnight);
}

static void period_may_be_open_at_one_end(void **state)
{
    (void)state;
    expect("2026-09-01..", midnight, HANDSHAKE_NULL);
    expect("..2026-09-01", HANDSHAKE_NULL, midnight);
    refuse("..");
}

static void word_alone_is_a_day_or_until_now(void **state)
{
    (void)state;
    expect("2026-09-01", midnight, midnight + day);
    expect("today", midnight, now);
    expect("yesterday", midnight - day, midnight);
    expect("-24h", now - day, now);
}

static void moment_alone_is_no_period(void **state)
{
    (void)state;
    refuse("now");
    refuse("@1788220800");
    refuse("2026-09-01T00:00:00Z");
}

static void period_must_end_after_it_began(void **state)
{
    (void)state;
    refuse("2026-09-02..2026-09-01");
    refuse("2026-09-01..2026-09-01");
    refuse("now..-1h");
    refuse("-0h");
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    char long_one[200] = "2026-09-01T00:00:00.";

    refuse("");
    refuse("soon");
    refuse("soon..now");
    refuse("-1h..soon");
    refuse("-1h...now");
    refuse("-1h..now..");
    refuse("2026-02-30");
    for (size_t i = 20; i < 190; i++) {
        long_one[i] = '0';
    }
    long_one[190] = 'Z';
    long_one[191] = '.';
    long_one[192] = '.';
    refuse(long_one);
}

int main(void)
{
    (void)setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(period_reaches_from_one_time_to_another),
        cmocka_unit_test(period_may_be_open_at_one_end),
        cmocka_unit_test(word_alone_is_a_day_or_until_now),
        cmocka_unit_test(moment_alone_is_no_period),
        cmocka_unit_test(period_must_end_after_it_began),
        cmocka_unit_test(what_is_no_time_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
