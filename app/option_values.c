#include "app/option_values.h"

#include "app/clock.h"
#include "app/period_words.h"
#include "app/time_words.h"

#include <limits.h>
#include <string.h>

/* A whole decimal number between least and most. */
static bool parse_number(const char *text, int64_t least, int64_t most, int64_t *out)
{
    int64_t value = 0;

    if (text[0] == '\0') {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *c - '0', &value)) {
            return false;
        }
    }
    if (value < least || value > most) {
        return false;
    }
    *out = value;
    return true;
}

static bool set_number(const char *text, int64_t least, int64_t most, int64_t *out,
                       struct error *error)
{
    if (parse_number(text, least, most, out)) {
        return true;
    }
    (void)error_set(error, "\"%s\" is not a whole number from %lld to %lld", text, (long long)least,
                    (long long)most);
    return false;
}

static bool set_text(const char *value, const char **out, struct error *error)
{
    if (value[0] == '\0') {
        return error_set(error, "the argument is empty");
    }
    *out = value;
    return true;
}

bool set_database(struct settings *settings, const char *value, struct error *error)
{
    return set_text(value, &settings->database, error);
}

bool set_filter(struct settings *settings, const char *value, struct error *error)
{
    return set_text(value, &settings->filter, error);
}

bool set_interface(struct settings *settings, const char *value, struct error *error)
{
    if (settings->interface_count == OPTIONS_MAX_INTERFACES) {
        return error_set(error, "no more than %d interfaces", OPTIONS_MAX_INTERFACES);
    }
    return set_text(value, &settings->interfaces[settings->interface_count++], error);
}

bool set_snaplen(struct settings *settings, const char *value, struct error *error)
{
    struct capture_options defaults;
    int64_t bytes;

    capture_options_init(&defaults);
    if (!set_number(value, 0, defaults.snaplen, &bytes, error)) {
        return false;
    }
    settings->snaplen = bytes == 0 ? defaults.snaplen : (int)bytes; /* 0 as in tcpdump */
    return true;
}

bool set_buffer_size(struct settings *settings, const char *value, struct error *error)
{
    int64_t kib;

    if (!set_number(value, 64, INT_MAX / 1024, &kib, error)) {
        return false;
    }
    settings->buffer_kib = (int)kib;
    return true;
}

bool set_memory(struct settings *settings, const char *value, struct error *error)
{
    int64_t mib;

    if (!set_number(value, 8, 1 << 20, &mib, error)) {
        return false;
    }
    settings->memory_bytes = (uint64_t)mib << 20;
    return true;
}

bool set_not_promiscuous(struct settings *settings, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    settings->is_promiscuous = false;
    return true;
}

bool set_follow(struct settings *settings, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    settings->is_followed = true;
    return true;
}

bool set_count(struct settings *settings, const char *value, struct error *error)
{
    int64_t count;

    if (!set_number(value, 1, INT64_MAX, &count, error)) {
        return false;
    }
    settings->max_handshakes = (uint64_t)count;
    return true;
}

bool set_autostop(struct settings *settings, const char *value, struct error *error)
{
    static const char kind[] = "duration:";
    const size_t kind_len = sizeof(kind) - 1;
    int64_t seconds;

    if (strncmp(value, kind, kind_len) != 0) {
        return error_set(error, "\"%s\" is not of the form duration:SECONDS", value);
    }
    if (!set_number(value + kind_len, 1, INT32_MAX, &seconds, error)) {
        return false;
    }
    settings->duration_ns = seconds * CLOCK_SECOND_NS;
    return true;
}

bool set_jobs(struct settings *settings, const char *value, struct error *error)
{
    int64_t jobs;

    if (!set_number(value, 1, OPTIONS_MAX_JOBS, &jobs, error)) {
        return false;
    }
    settings->jobs = (unsigned)jobs;
    return true;
}

bool set_table(struct settings *settings, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    settings->shows_table = true;
    return true;
}

bool set_quiet(struct settings *settings, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    settings->is_quiet = true;
    return true;
}

bool set_verbose(struct settings *settings, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    settings->is_verbose = true;
    return true;
}

/* Nothing is ever resolved: fingers type it all the same. */
bool set_numeric(struct settings *settings, const char *value, struct error *error)
{
    (void)settings;
    (void)value;
    (void)error;
    return true;
}

bool set_user(struct settings *settings, const char *value, struct error *error)
{
    return set_text(value, &settings->user, error);
}

bool set_output(struct settings *settings, const char *value, struct error *error)
{
    return set_text(value, &settings->output, error);
}

bool set_color(struct settings *settings, const char *value, struct error *error)
{
    static const struct {
        const char *word;
        enum color color;
    } words[] = {{"auto", COLOR_AUTO}, {"always", COLOR_ALWAYS}, {"never", COLOR_NEVER}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, value) == 0) {
            settings->color = words[i].color;
            return true;
        }
    }
    return error_set(error, "\"%s\" is not one of auto, always, never", value);
}

static bool set_format(struct settings *settings, const char *value, enum report_kind kind,
                       struct error *error)
{
    char words[REPORT_WORDS_BYTES];

    if (report_format_parse(value, kind, &settings->report.format)) {
        return true;
    }
    report_format_words(kind, words);
    return error_set(error, "\"%s\" is not one of %s", value, words);
}

bool set_report_format(struct settings *settings, const char *value, struct error *error)
{
    return set_format(settings, value, REPORT_OF_GROUPS, error);
}

bool set_handshakes_format(struct settings *settings, const char *value, struct error *error)
{
    return set_format(settings, value, REPORT_OF_HANDSHAKES, error);
}

bool set_tickets_format(struct settings *settings, const char *value, struct error *error)
{
    return set_format(settings, value, REPORT_OF_TICKETS, error);
}

static bool set_time(const struct settings *settings, const char *value, int64_t *out,
                     struct error *error)
{
    if (!time_words_parse(value, settings->now_ns, out)) {
        return error_set(error,
                         "\"%s\" is not a time: say 2026-09-01T12:30:00Z, 2026-09-01, @1788200000, "
                         "-24h, today or yesterday",
                         value);
    }
    return true;
}

bool set_since(struct settings *settings, const char *value, struct error *error)
{
    return set_time(settings, value, &settings->report.filter.since_ns, error);
}

bool set_until(struct settings *settings, const char *value, struct error *error)
{
    return set_time(settings, value, &settings->report.filter.until_ns, error);
}

bool set_host(struct settings *settings, const char *value, struct error *error)
{
    return set_text(value, &settings->report.filter.host_glob, error);
}

bool set_by(struct settings *settings, const char *value, struct error *error)
{
    if (!report_by_parse(value, &settings->report.by)) {
        return error_set(error, "\"%s\" is not one of host, client, version, app, hour, day",
                         value);
    }
    return true;
}

bool set_sort(struct settings *settings, const char *value, struct error *error)
{
    if (!report_sort_parse(value, &settings->report.sort)) {
        return error_set(error, "\"%s\" is not one of handshakes, name, rate, refused, saved",
                         value);
    }
    settings->report.has_sort = true;
    return true;
}

bool set_top(struct settings *settings, const char *value, struct error *error)
{
    int64_t top;

    if (!set_number(value, 0, INT32_MAX, &top, error)) {
        return false;
    }
    settings->report.top = (unsigned)top;
    return true;
}

/* Once for A, once for B. */
bool set_period(struct settings *settings, const char *value, struct error *error)
{
    struct report_options *const report = &settings->report;

    if (report->period_count == sizeof(report->periods) / sizeof(report->periods[0])) {
        return error_set(error, "two periods are enough");
    }
    if (!period_words_parse(value, settings->now_ns, &report->periods[report->period_count])) {
        return error_set(
            error,
            "\"%s\" is not a period: say 2026-11-01..2026-11-08, 2026-11-01, -48h..-24h, "
            "-24h, yesterday or today",
            value);
    }
    report->period_count++;
    return true;
}

/* Digits, and a fraction behind a point: 60, 99.5. No strtod: it takes names, powers and what the
 * locale has for a point. */
static bool set_percent(const char *text, double *out, struct error *error)
{
    const char *at = text;
    double unit = 1;
    double value = 0;

    for (; *at >= '0' && *at <= '9' && value <= 100; at++) {
        value = value * 10 + (*at - '0');
    }
    if (at != text && at[0] == '.' && at[1] != '\0') {
        for (at++; *at >= '0' && *at <= '9'; at++) {
            unit /= 10;
            value += (*at - '0') * unit;
        }
    }
    if (at == text || *at != '\0' || value > 100) {
        return error_set(error, "\"%s\" is not a percentage from 0 to 100", text);
    }
    *out = value;
    return true;
}

bool set_least_rate(struct settings *settings, const char *value, struct error *error)
{
    return set_percent(value, &settings->least_rate, error);
}

bool set_most_refused(struct settings *settings, const char *value, struct error *error)
{
    return set_percent(value, &settings->most_refused, error);
}
