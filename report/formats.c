#include "report/formats.h"

#include <string.h>

static const struct formats_entry formats[] = {
    {"text", false, REPORT_TEXT, text_summary, NULL, &text_handshakes, &text_sessions, true},
    {"json", false, REPORT_JSON, json_summary, NULL, &json_handshakes, &json_sessions, true},
    {"csv", false, REPORT_CSV, csv_summary, NULL, &csv_handshakes, &csv_sessions, false},
    {"markdown", false, REPORT_MARKDOWN, markdown_summary, NULL, &markdown_handshakes,
     &markdown_sessions, true},
    {"md", true, REPORT_MARKDOWN, markdown_summary, NULL, &markdown_handshakes, &markdown_sessions,
     true},
    {"prometheus", false, REPORT_PROMETHEUS, prometheus_summary, NULL, NULL, NULL, false},
    {"zeek-tsv", false, REPORT_ZEEK_TSV, NULL, NULL, &zeek_tsv_handshakes, NULL, false},
    {"zeek-json", false, REPORT_ZEEK_JSON, NULL, NULL, &zeek_json_handshakes, NULL, false},
    {"eve", false, REPORT_EVE, NULL, NULL, &eve_handshakes, NULL, false},
    {"html", false, REPORT_HTML, html_summary, html_summary_with_keys, NULL, NULL, true},
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
