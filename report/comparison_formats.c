#include "report/comparison_formats.h"

#include "report/comparison_tables.h"
#include "report/escape.h"
#include "report/value.h"

static void get_handshakes(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->handshakes);
}

static void get_failed(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->failed);
}

static void get_unknown(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->unknown);
}

static void get_evaluated(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->resumed.of);
}

static void get_resumed(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->resumed.part);
}

static void get_rate(const struct comparison_side *side, struct value *out)
{
    value_set_fraction(out, proportion_rate(&side->resumed));
}

static void get_offers(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->refused.of);
}

static void get_refused(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->refused.part);
}

static void get_refused_share(const struct comparison_side *side, struct value *out)
{
    value_set_fraction(out, proportion_rate(&side->refused));
}

static void get_full_us(const struct comparison_side *side, struct value *out)
{
    value_set_us(out, side->full_ns);
}

static void get_full_samples(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->full_timed);
}

static void get_resumed_us(const struct comparison_side *side, struct value *out)
{
    value_set_us(out, side->resumed_ns);
}

static void get_resumed_samples(const struct comparison_side *side, struct value *out)
{
    value_set_count(out, side->resumed_timed);
}

/* Keys of JSON, columns of CSV: of a side, with "a_" or "b_" in front. */
static const struct {
    const char *name;
    void (*get)(const struct comparison_side *side, struct value *out);
} side_columns[] = {
    {"handshakes", get_handshakes},
    {"failed", get_failed},
    {"unknown", get_unknown},
    {"evaluated", get_evaluated},
    {"resumed", get_resumed},
    {"resumption_rate", get_rate},
    {"offers_judged", get_offers},
    {"offers_refused", get_refused},
    {"refused_share", get_refused_share},
    {"full_handshake_us", get_full_us},
    {"full_handshake_samples", get_full_samples},
    {"resumed_handshake_us", get_resumed_us},
    {"resumed_handshake_samples", get_resumed_samples},
};

enum { SIDE_COLUMNS = sizeof(side_columns) / sizeof(side_columns[0]) };

static const char *const side_prefixes[COMPARISON_SIDES] = {"a_", "b_"};

/* Of a share: its name with a suffix. */
static void get_change(const struct comparison_share *share, struct value *out)
{
    value_set_words(out, comparison_change_name(share->change));
}

static void set_points(const struct comparison_share *share, double fraction, struct value *out)
{
    if (share->change == COMPARISON_TOO_FEW) {
        value_set_null(out);
    } else {
        value_set_fraction(out, 100 * fraction);
    }
}

static void get_points(const struct comparison_share *share, struct value *out)
{
    set_points(share, share->difference, out);
}

static void get_low(const struct comparison_share *share, struct value *out)
{
    set_points(share, share->interval.low, out);
}

static void get_high(const struct comparison_share *share, struct value *out)
{
    set_points(share, share->interval.high, out);
}

static const struct {
    const char *suffix;
    void (*get)(const struct comparison_share *share, struct value *out);
} share_columns[] = {
    {"_change", get_change},
    {"_points", get_points},
    {"_points_low", get_low},
    {"_points_high", get_high},
};

enum { SHARE_COLUMNS = sizeof(share_columns) / sizeof(share_columns[0]) };

static const char *const share_prefixes[] = {"resumption", "refused"};

enum { SHARES = sizeof(share_prefixes) / sizeof(share_prefixes[0]) };

static const struct comparison_share *share_at(const struct comparison_row *row, size_t share)
{
    return share == 0 ? &row->resumed : &row->refused;
}

/* One figure of a row: called for each in turn, with what it is called in two parts. */
typedef void figure_printer(FILE *out, const char *prefix, const char *name,
                            const struct value *value);

static void print_figures(FILE *out, const struct comparison_row *row, figure_printer *print)
{
    struct value value;

    for (size_t side = 0; side < COMPARISON_SIDES; side++) {
        for (size_t i = 0; i < SIDE_COLUMNS; i++) {
            side_columns[i].get(&row->sides[side], &value);
            print(out, side_prefixes[side], side_columns[i].name, &value);
        }
    }
    for (size_t share = 0; share < SHARES; share++) {
        for (size_t i = 0; i < SHARE_COLUMNS; i++) {
            share_columns[i].get(share_at(row, share), &value);
            print(out, share_prefixes[share], share_columns[i].suffix, &value);
        }
    }
}

static void print_json_figure(FILE *out, const char *prefix, const char *name,
                              const struct value *value)
{
    fprintf(out, ", \"%s%s\": ", prefix, name);
    value_print_json(out, value);
}

static void print_json_row(FILE *out, const struct comparison_row *row)
{
    struct value name;

    value_set_text(&name, row->name, row->name_len);
    fputs("{\"name\": ", out);
    value_print_json(out, &name);
    print_figures(out, row, print_json_figure);
    fputs("}", out);
}

static void print_json_words(FILE *out, const char *key, const char *words)
{
    struct value value;

    value_set_words(&value, words);
    fprintf(out, "  \"%s\": ", key);
    value_print_json(out, &value);
    fputs(",\n", out);
}

static void print_json_period(FILE *out, const char *key, const struct query_filter *period)
{
    struct value value;

    fprintf(out, "  \"%s\": {\"since\": ", key);
    value_set_time(&value, period->since_ns);
    value_print_json(out, &value);
    fputs(", \"until\": ", out);
    value_set_time(&value, period->until_ns);
    value_print_json(out, &value);
    fputs("},\n", out);
}

static void write_json(FILE *out, const struct comparison *comparison,
                       const struct report_options *options)
{
    size_t shown = comparison_tables_shown(comparison, options);

    fputs("{\n  \"schema\": \"reprise-comparison/1\",\n", out);
    print_json_words(out, "by", report_by_name(options->by));
    print_json_words(out, "host", options->filter.host_glob);
    print_json_period(out, "a", &options->periods[COMPARISON_A]);
    print_json_period(out, "b", &options->periods[COMPARISON_B]);
    fputs("  \"total\": ", out);
    print_json_row(out, &comparison->total);
    fputs(",\n  \"groups\": [", out);
    for (size_t i = 0; i < shown; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        print_json_row(out, &comparison->rows[i]);
    }
    fprintf(out, "%s],\n  \"groups_not_shown\": %zu\n}\n", shown > 0 ? "\n  " : "",
            comparison->count - shown);
}

static void print_csv_name(FILE *out, const char *prefix, const char *name,
                           const struct value *value)
{
    (void)value;
    fprintf(out, ",%s%s", prefix, name);
}

static void print_csv_figure(FILE *out, const char *prefix, const char *name,
                             const struct value *value)
{
    (void)prefix;
    (void)name;
    fputc(',', out);
    value_print_csv(out, value);
}

static void write_csv(FILE *out, const struct comparison *comparison,
                      const struct report_options *options)
{
    fputs("name", out);
    print_figures(out, &comparison->total, print_csv_name);
    fputs("\r\n", out); /* RFC 4180, 2 */
    for (size_t i = 0; i < comparison_tables_shown(comparison, options); i++) {
        escape_csv(out, comparison->rows[i].name, comparison->rows[i].name_len);
        print_figures(out, &comparison->rows[i], print_csv_figure);
        fputs("\r\n", out);
    }
}

static const struct {
    enum report_format format;
    comparison_writer *write;
} writers[] = {
    {REPORT_TEXT, comparison_text},
    {REPORT_JSON, write_json},
    {REPORT_CSV, write_csv},
    {REPORT_MARKDOWN, comparison_markdown},
};

comparison_writer *comparison_formats_of(enum report_format format)
{
    for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
        if (writers[i].format == format) {
            return writers[i].write;
        }
    }
    return NULL;
}
