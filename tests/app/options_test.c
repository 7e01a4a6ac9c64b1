#include "app/options.h"

#include "app/commands.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_WORDS = 32, TEXT_BYTES = 16384 };

static const struct command *const commands[] = {
    &cmd_read,    &cmd_watch,      &cmd_report, &cmd_handshakes,
    &cmd_tickets, &cmd_interfaces, &cmd_help,   NULL,
};

/* A command line: its words are split at blanks, into memory of their own. */
struct line {
    char text[512];
    char *words[MAX_WORDS + 1];
    int count;
    struct settings settings;
    struct error error;
};

static enum options_result parse(struct line *line, const char *text)
{
    char *rest = NULL;

    assert_in_range(snprintf(line->text, sizeof(line->text), "%s", text), 1,
                    sizeof(line->text) - 1);
    line->count = 0;
    for (char *word = strtok_r(line->text, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        assert_true(line->count < MAX_WORDS);
        line->words[line->count++] = word;
    }
    line->words[line->count] = NULL;
    line->error.text[0] = '\0';
    options_init(&line->settings, commands);
    const struct command *const command = options_find(commands, line->words[0]);
    assert_non_null(command);
    return options_parse(command, line->count, line->words, &line->settings, &line->error);
}

static void expect_wrong(const char *text, const char *message)
{
    struct line line;

    assert_int_equal(parse(&line, text), OPTIONS_WRONG);
    assert_string_equal(line.error.text, message);
}

static void parse_fills_defaults(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "watch -i eth0"), OPTIONS_OK);
    assert_int_equal(line.settings.snaplen, 262144);
    assert_int_equal(line.settings.buffer_kib, 65536);
    assert_true(line.settings.is_promiscuous);
    assert_int_equal(line.settings.jobs, 1);
    assert_int_equal(line.settings.max_handshakes, 0);
    assert_int_equal(line.settings.duration_ns, 0);
    assert_null(line.settings.database);
    assert_null(line.settings.filter);
    assert_null(line.settings.output);
    assert_null(line.settings.user);
    assert_int_equal(line.settings.color, COLOR_AUTO);
    assert_int_equal(line.settings.report.filter.since_ns, HANDSHAKE_NULL);
    assert_int_equal(line.settings.report.filter.until_ns, HANDSHAKE_NULL);
    assert_int_equal(line.settings.report.format, REPORT_TEXT);
    assert_false(line.settings.report.has_sort);
}

static void parse_reads_every_option_of_watch(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "watch -i eth0 -i any -d a.db -s 1500 -B 1024 -p -c 7 "
                                  "-a duration:60 -j 3 -Z daemon -q -v -n --color never"),
                     OPTIONS_OK);
    assert_int_equal(line.settings.interface_count, 2);
    assert_string_equal(line.settings.interfaces[0], "eth0");
    assert_string_equal(line.settings.interfaces[1], "any");
    assert_string_equal(line.settings.database, "a.db");
    assert_int_equal(line.settings.snaplen, 1500);
    assert_int_equal(line.settings.buffer_kib, 1024);
    assert_false(line.settings.is_promiscuous);
    assert_int_equal(line.settings.max_handshakes, 7);
    assert_int_equal(line.settings.duration_ns, 60000000000);
    assert_int_equal(line.settings.jobs, 3);
    assert_string_equal(line.settings.user, "daemon");
    assert_true(line.settings.is_quiet);
    assert_true(line.settings.is_verbose);
    assert_int_equal(line.settings.color, COLOR_NEVER);
}

static void parse_reads_every_option_of_report(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "report --db a.db --since @1 --until @2.5 --host *.example "
                                  "--by version --sort saved --top 3 --format csv --output b.csv"),
                     OPTIONS_OK);
    assert_string_equal(line.settings.database, "a.db");
    assert_int_equal(line.settings.report.filter.since_ns, 1000000000);
    assert_int_equal(line.settings.report.filter.until_ns, 2500000000);
    assert_string_equal(line.settings.report.filter.host_glob, "*.example");
    assert_int_equal(line.settings.report.by, REPORT_BY_VERSION);
    assert_true(line.settings.report.has_sort);
    assert_int_equal(line.settings.report.sort, REPORT_SORT_SAVED);
    assert_int_equal(line.settings.report.top, 3);
    assert_int_equal(line.settings.report.format, REPORT_CSV);
    assert_string_equal(line.settings.output, "b.csv");
}

static void compare_takes_two_words_whatever_they_begin_with(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "report -d a --compare -48h..-24h -24h --top 3"), OPTIONS_OK);
    assert_int_equal(line.settings.report.period_count, 2);
    assert_int_equal(line.settings.report.periods[0].until_ns,
                     line.settings.report.periods[1].since_ns);
    assert_int_equal(line.settings.report.periods[1].until_ns, line.settings.now_ns);
    assert_int_equal(line.settings.report.top, 3);
    assert_int_equal(parse(&line, "report --compare=@1..@2 @3..@4 -d a"), OPTIONS_OK);
    assert_int_equal(line.settings.report.periods[1].since_ns, 3000000000);
    assert_string_equal(line.settings.database, "a");
}

static void thresholds_are_percentages(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "report -d a"), OPTIONS_OK);
    assert_true(isnan(line.settings.least_rate));
    assert_true(isnan(line.settings.most_refused));
    assert_int_equal(parse(&line, "report -d a --fail-under 60 --fail-over-refused 0.25"),
                     OPTIONS_OK);
    assert_true(line.settings.least_rate == 60);
    assert_true(line.settings.most_refused == 0.25);
    assert_int_equal(parse(&line, "report -d a --fail-under 100 --fail-over-refused 0"),
                     OPTIONS_OK);
    assert_true(line.settings.least_rate == 100);
    assert_true(line.settings.most_refused == 0);
    static const char *const wrong[] = {
        "100.1", "-1", "60%", "1e1", ".5", "5.", "nan", "1.2.3", "999999999999999999999999"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[128];
        (void)snprintf(text, sizeof(text), "report -d a --fail-under %s", wrong[i]);
        assert_int_equal(parse(&line, text), OPTIONS_WRONG);
        assert_non_null(strstr(line.error.text, "is not a percentage from 0 to 100"));
    }
}

static void parse_takes_options_after_operands(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "read a.pcap -q b.pcap --jobs=2 -- -c"), OPTIONS_OK);
    assert_true(line.settings.is_quiet);
    assert_int_equal(line.settings.jobs, 2);
    assert_int_equal(line.settings.operand_count, 3);
    assert_string_equal(line.settings.operands[0], "a.pcap");
    assert_string_equal(line.settings.operands[1], "b.pcap");
    assert_string_equal(line.settings.operands[2], "-c");
}

static void parse_joins_the_words_of_a_trailing_filter(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "watch -i lo tcp port 443 and not host ::1"), OPTIONS_OK);
    assert_string_equal(line.settings.filter, "tcp port 443 and not host ::1");
}

static void parse_refuses_a_filter_that_is_too_long(void **state)
{
    struct settings settings;
    struct error error;
    char name[] = "watch";
    char option[] = "-ilo";
    char *words[] = {name, option, calloc(1, OPTIONS_FILTER_BYTES + 1), NULL};

    (void)state;
    assert_non_null(words[2]);
    memset(words[2], 'x', OPTIONS_FILTER_BYTES - 1);
    options_init(&settings, commands);
    assert_int_equal(options_parse(&cmd_watch, 3, words, &settings, &error), OPTIONS_OK);
    memset(words[2], 'x', OPTIONS_FILTER_BYTES);
    options_init(&settings, commands);
    assert_int_equal(options_parse(&cmd_watch, 3, words, &settings, &error), OPTIONS_WRONG);
    free(words[2]);
}

static void parse_names_what_is_wrong(void **state)
{
    (void)state;
    expect_wrong("read -y a", "read: there is no option -y (see: reprise help read)");
    expect_wrong("read --yes a",
                 "read: there is no option --yes, or several begin so (see: reprise help read)");
    expect_wrong("report -d x --s 1",
                 "report: there is no option --s, or several begin so (see: reprise help report)");
    expect_wrong("read --quiet=1 a",
                 "read: option --quiet=1 takes no argument (see: reprise help read)");
    expect_wrong("read a -j", "read: -j/--jobs needs an argument: COUNT (see: reprise help read)");
    expect_wrong("report --since",
                 "report: --since needs an argument: TIME (see: reprise help report)");
    expect_wrong("read -j 65 a", "read: -j/--jobs: \"65\" is not a whole number from 1 to 64 (see: "
                                 "reprise help read)");
    expect_wrong("interfaces eth0",
                 "interfaces: eth0 is not wanted here (see: reprise help interfaces)");
}

static void parse_understands_beginnings_of_long_options(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "report --db a --form json --unt @5"), OPTIONS_OK);
    assert_int_equal(line.settings.report.format, REPORT_JSON);
    assert_int_equal(line.settings.report.filter.until_ns, 5000000000);
}

static void parse_stops_at_help(void **state)
{
    struct line line;

    (void)state;
    assert_int_equal(parse(&line, "report --help"), OPTIONS_HELP);
    assert_int_equal(parse(&line, "watch -h"), OPTIONS_HELP);
}

/* One command's usage, in memory. */
static void usage_of(const struct command *command, char out[TEXT_BYTES])
{
    FILE *file = fmemopen(out, TEXT_BYTES, "w");

    assert_non_null(file);
    options_print_usage(command, file);
    assert_int_equal(fclose(file), 0);
}

static void usage_names_every_row_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i] != NULL; i++) {
        char text[TEXT_BYTES];
        usage_of(commands[i], text);
        assert_non_null(strstr(text, commands[i]->summary));
        for (const struct option_row *row = commands[i]->options; row->name != NULL; row++) {
            assert_non_null(strstr(text, row->name));
            assert_non_null(strstr(text, row->help));
        }
        assert_non_null(strstr(text, "--help"));
    }
}

static void expect_unlike_those_after(const struct option_row *row)
{
    assert_non_null(row->apply);
    for (const struct option_row *other = row + 1; other->name != NULL; other++) {
        assert_string_not_equal(row->name, other->name);
        assert_true(row->letter == 0 || row->letter != other->letter);
    }
}

static void tables_have_no_option_twice(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i] != NULL; i++) {
        for (const struct option_row *row = commands[i]->options; row->name != NULL; row++) {
            expect_unlike_those_after(row);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_fills_defaults),
        cmocka_unit_test(parse_reads_every_option_of_watch),
        cmocka_unit_test(parse_reads_every_option_of_report),
        cmocka_unit_test(compare_takes_two_words_whatever_they_begin_with),
        cmocka_unit_test(thresholds_are_percentages),
        cmocka_unit_test(parse_takes_options_after_operands),
        cmocka_unit_test(parse_joins_the_words_of_a_trailing_filter),
        cmocka_unit_test(parse_refuses_a_filter_that_is_too_long),
        cmocka_unit_test(parse_names_what_is_wrong),
        cmocka_unit_test(parse_understands_beginnings_of_long_options),
        cmocka_unit_test(parse_stops_at_help),
        cmocka_unit_test(usage_names_every_row_of_the_table),
        cmocka_unit_test(tables_have_no_option_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
