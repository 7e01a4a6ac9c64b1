#include "report/formats.h"

#include <string.h>

enum {
    TELL_READERS = FORMATS_TELL_ADVICE | FORMATS_TELL_CONDUCT,
    TELL_MACHINES = TELL_READERS | FORMATS_TELL_OFFERS | FORMATS_TELL_KEYS,
    TELL_ALL = TELL_MACHINES | FORMATS_TELL_DETAILS,
};

static const struct formats_entry formats[] = {
    {"text", false, REPORT_TEXT, text_summary, &text_handshakes, &text_sessions, TELL_READERS},
    {"json", false, REPORT_JSON, json_summary, &json_handshakes, &json_sessions, TELL_MACHINES},
    {"csv", false, REPORT_CSV, csv_summary, &csv_handshakes, &csv_sessions, 0},
    {"markdown", false, REPORT_MARKDOWN, markdown_summary, &markdown_handshakes, &markdown_sessions,
     TELL_READERS},
    {"md", true, REPORT_MARKDOWN, markdown_summary, &markdown_handshakes, &markdown_sessions,
     TELL_READERS},
    {"prometheus", false, REPORT_PROMETHEUS, prometheus_summary, NULL, NULL, 0},
    {"zeek-tsv", false, REPORT_ZEEK_TSV, NULL, &zeek_tsv_handshakes, NULL, 0},
    {"zeek-json", false, REPORT_ZEEK_JSON, NULL, &zeek_json_handshakes, NULL, 0},
    {"eve", false, REPORT_EVE, NULL, &eve_handshakes, NULL, 0},
    {"html", false, REPORT_HTML, html_summary, NULL, NULL, TELL_ALL},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

const struct formats_entry *formats_of(enum report_format format)
{
    size_t i = 0;

    while (i + 1 < FORMATS && formats[i].format != format) {
        i++;
    }
    return &formats[i];
}

const struct formats_entry *formats_by_word(const char *word)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcmp(formats[i].word, word) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

const struct formats_entry *formats_at(size_t i)
{
    return i < FORMATS ? &formats[i] : NULL;
}

bool formats_has(const struct formats_entry *entry, enum report_kind kind)
{
    switch (kind) {
    case REPORT_OF_GROUPS:
        return entry->summary != NULL;
    case REPORT_OF_HANDSHAKES:
        return entry->handshakes != NULL;
    case REPORT_OF_TICKETS:
        return entry->sessions != NULL;
    case REPORT_KINDS:
        break;
    }
    return false;
}

unsigned formats_columns(unsigned columns)
{
    return columns < REPORT_COLUMNS_MIN ? REPORT_COLUMNS_MIN : columns;
}

size_t formats_shown(const struct summary *summary, const struct report_options *options)
{
    size_t groups = summary_groups(summary);
    return options->top > 0 && options->top < groups ? options->top : groups;
}

enum { DETAILED_GROUPS = 50 }; /* where nobody says how many */

/* The hours of a day, or days, are details already. */
size_t formats_detailed(const struct summary *summary, const struct report_options *options)
{
    const size_t groups = summary_groups(summary);
    const size_t wanted = options->top > 0 ? options->top : DETAILED_GROUPS;

    if (options->by == REPORT_BY_HOUR || options->by == REPORT_BY_DAY) {
        return 0;
    }
    return wanted < groups ? wanted : groups;
}
