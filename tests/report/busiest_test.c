#include "report/busiest.h"
#include "report/busiest_table.h"

#include "tests/report/hostile.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct busiest *new_busiest(void)
{
    struct busiest *busiest = busiest_new();
    assert_non_null(busiest);
    return busiest;
}

static void add(struct busiest *busiest, const char *host, enum verdict verdict, double ms)
{
    struct record record = summaries_full(host, "192.0.2.1", ms);

    record.handshake.verdict = verdict;
    busiest_add(busiest, &record);
}

/* A host's name without a record made of words, for many of them. */
static void add_number(struct busiest *busiest, unsigned number)
{
    static struct record record;

    record.handshake.verdict = VERDICT_FULL;
    record.handshake.handshake_ns = HANDSHAKE_NULL;
    record.host.len = (uint8_t)snprintf(record.host.text, sizeof(record.host.text), "h%u", number);
    busiest_add(busiest, &record);
}

static void check_name(const struct wire_text *name, const char *wanted)
{
    assert_int_equal(name->len, strlen(wanted));
    assert_memory_equal(name->text, wanted, name->len);
}

static void hosts_come_by_handshakes_then_by_name(void **state)
{
    (void)state;
    struct busiest *busiest = new_busiest();
    struct busiest_figures figures;

    add(busiest, "b", VERDICT_FULL, 10);
    add(busiest, "c", VERDICT_RESUMED_ID, 10);
    add(busiest, "c", VERDICT_FULL, 10);
    add(busiest, "a", VERDICT_FAILED, -1);
    assert_int_equal(busiest_sort(busiest), 3);
    check_name(busiest_host(busiest, 0, &figures), "c");
    assert_int_equal(figures.handshakes, 2);
    assert_int_equal(figures.resumed, 1);
    check_name(busiest_host(busiest, 1, &figures), "a");
    assert_int_equal(figures.verdicts[VERDICT_FAILED], 1);
    check_name(busiest_host(busiest, 2, &figures), "b");
    add(busiest, "b", VERDICT_FULL, 10);
    add(busiest, "b", VERDICT_FULL, 10);
    assert_int_equal(busiest_sort(busiest), 3);
    check_name(busiest_host(busiest, 0, &figures), "b");
    busiest_free(busiest);
}

static void total_counts_verdicts_and_refusals(void **state)
{
    (void)state;
    struct busiest *busiest = new_busiest();
    struct busiest_figures total;

    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        add(busiest, "a", (enum verdict)verdict, -1);
    }
    struct record refused = summaries_full("b", "192.0.2.1", -1);
    refused.handshake.outcome = OUTCOME_REFUSED;
    busiest_add(busiest, &refused);
    busiest_total(busiest, &total);
    assert_int_equal(total.handshakes, VERDICT_COUNT + 1);
    assert_int_equal(total.resumed, 3);
    assert_int_equal(total.refused, 1);
    assert_int_equal(total.verdicts[VERDICT_FULL], 2);
    assert_true(total.full_median_ns == HANDSHAKE_NULL);
    assert_true(total.resumed_median_ns == HANDSHAKE_NULL);
    busiest_free(busiest);
}

static void check_near(int64_t ns, double ms)
{
    summaries_near((double)ns / 1e6, ms, 0.0601 * ms);
}

/* 1 ms to 1000 ms, each once, in any order: the middle one is 500 ms. Half a step of a twentieth of
 * a decade is 10^(1/40) = 1.0593. */
static void medians_are_within_six_percent(void **state)
{
    (void)state;
    struct busiest *busiest = new_busiest();
    struct busiest_figures figures;

    for (int i = 0; i < 1000; i++) {
        add(busiest, "a", VERDICT_FULL, i * 7 % 1000 + 1);
    }
    for (int i = 0; i < 3; i++) {
        static const double ms[] = {0.05, 20, 90000};
        add(busiest, "a", VERDICT_RESUMED_TICKET, ms[i]);
    }
    (void)busiest_sort(busiest);
    (void)busiest_host(busiest, 0, &figures);
    check_near(figures.full_median_ns, 500);
    check_near(figures.resumed_median_ns, 20);
    busiest_free(busiest);
}

static void times_beyond_the_steps_fall_into_the_first_and_last(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MIN + 1, -5, 0, 1, INT64_MAX};
    struct busiest *busiest = new_busiest();
    struct busiest_figures total;

    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        struct record record = summaries_full("a", "192.0.2.1", 1);
        record.handshake.handshake_ns = times[i];
        busiest_add(busiest, &record);
    }
    busiest_total(busiest, &total);
    assert_in_range(total.full_median_ns, 1000, 1200);
    busiest_free(busiest);
}

/* n = 200 000 handshakes, half of them of hosts that come once, the rest of 100 hosts with 1000
 * each, which is more than n / 1024: whatever the order, all 100 are there at the end. */
static void a_busy_host_is_never_let_go(void **state)
{
    (void)state;
    struct busiest *busiest = new_busiest();
    struct busiest_figures figures;

    for (unsigned i = 0; i < 100000; i++) {
        add_number(busiest, 1000 + i);
        add_number(busiest, i % 100);
    }
    assert_int_equal(busiest_sort(busiest), BUSIEST_HOSTS);
    assert_true(busiest_let_go(busiest) > 90000);
    for (size_t place = 0; place < 100; place++) {
        const struct wire_text *name = busiest_host(busiest, place, &figures);
        assert_true(name->len <= 3);
        assert_int_equal(figures.handshakes, 1000);
    }
    busiest_total(busiest, &figures);
    assert_int_equal(figures.handshakes, 200000);
    busiest_free(busiest);
}

/* What is shown of a host that came late is what was seen of it, not what its rank says. */
static void counts_are_of_what_was_seen(void **state)
{
    (void)state;
    struct busiest *busiest = new_busiest();
    struct busiest_figures figures;

    for (unsigned times = 0; times < 3; times++) {
        for (unsigned i = 0; i < BUSIEST_HOSTS; i++) {
            add_number(busiest, i);
        }
    }
    add_number(busiest, 5000);
    assert_int_equal(busiest_let_go(busiest), 1);
    assert_int_equal(busiest_sort(busiest), BUSIEST_HOSTS);
    check_name(busiest_host(busiest, BUSIEST_HOSTS - 1, &figures), "h5000");
    assert_int_equal(figures.handshakes, 1);
    busiest_free(busiest);
}

static size_t print(struct busiest *busiest, const struct busiest_page *page, char **text)
{
    size_t size;
    FILE *out = open_memstream(text, &size);

    assert_non_null(out);
    size_t lines = busiest_table_print(out, busiest, page);
    assert_int_equal(fclose(out), 0);
    return lines;
}

static void check_lines(const char *text, size_t lines, unsigned columns)
{
    for (; *text != '\0'; lines--) {
        size_t width = 0;
        for (; *text != '\n'; text++) {
            assert_true((unsigned char)*text >= 0x20 && *text != 0x7f);
            width += (*text & 0xc0) != 0x80;
        }
        assert_in_range(width, 1, columns);
        text++;
    }
    assert_int_equal(lines, 0);
}

static void the_table_keeps_to_its_page_whatever_hosts_are_called(void **state)
{
    (void)state;
    static const unsigned widths[] = {80, 100, 140, 200};
    struct busiest *busiest = new_busiest();
    uint32_t seed = 41;

    for (int i = 0; i < 3000; i++) {
        struct record record = hostile_record(&seed);
        busiest_add(busiest, &record);
    }
    for (size_t i = 0; i < 4; i++) {
        for (size_t hosts = 0; hosts < 60; hosts += 7) {
            struct busiest_page page = {.columns = widths[i], .hosts = hosts, .elapsed_ns = 1};
            char *text = NULL;
            size_t lines = print(busiest, &page, &text);
            assert_int_equal(lines, hosts + BUSIEST_TABLE_FRAME);
            check_lines(text, lines, widths[i]);
            free(text);
        }
    }
    busiest_free(busiest);
}

static void the_table_is_as_written_down(void **state)
{
    (void)state;
    struct busiest *busiest = new_busiest();
    struct busiest_page page = {.columns = 80, .hosts = 2, .elapsed_ns = 90 * records_s};
    char *text = NULL;

    for (int i = 0; i < 3; i++) {
        add(busiest, "shop.example", VERDICT_FULL, 126);
        add(busiest, "shop.example", VERDICT_RESUMED_TICKET, 61.8);
        add(busiest, "api.example", VERDICT_FULL, 94.1);
    }
    add(busiest, "\x1b[2J", VERDICT_FAILED, -1);
    assert_int_equal(print(busiest, &page, &text), 6);
    /* Steps begin at 1 us x 10^(n/20): 61.8 ms lies in that of 56.2 to 63.1 ms, whose middle is
     * 1 us x 10^(95.5/20) = 59.6 ms; likewise 94.1 in 89.1 to 100 and 126 in 125.9 to 141. The
     * middle one of three and three is the third. */
    assert_string_equal(
        text, "10 handshakes in 90 s, 0.1 a second\n"
              "host                all   full resumed    rate refused failed full ms res. ms\n"
              "all hosts            10      6       3  33.3 %       0      1    94.4    59.6\n"
              "shop.example          6      3       3  50.0 %       0      0     133    59.6\n"
              "api.example           3      3       0   0.0 %       0      0    94.4       -\n"
              "1 more host\n");
    free(text);
    busiest_free(busiest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_come_by_handshakes_then_by_name),
        cmocka_unit_test(total_counts_verdicts_and_refusals),
        cmocka_unit_test(medians_are_within_six_percent),
        cmocka_unit_test(times_beyond_the_steps_fall_into_the_first_and_last),
        cmocka_unit_test(a_busy_host_is_never_let_go),
        cmocka_unit_test(counts_are_of_what_was_seen),
        cmocka_unit_test(the_table_keeps_to_its_page_whatever_hosts_are_called),
        cmocka_unit_test(the_table_is_as_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
