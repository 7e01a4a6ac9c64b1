/* The formats, each behind the same three doors; a door that a format does not have is NULL, and
 * the command line lets nobody come to it (report_format_parse()). They write what they are given
 * and read no database; a failed write shows in ferror(out). A new format is one file and one row
 * of the table in formats.c. */
#ifndef REPRISE_REPORT_FORMATS_H
#define REPRISE_REPORT_FORMATS_H

#include "report/columns.h"
#include "report/host_sessions.h"
#include "report/key_history.h"
#include "report/mechanisms.h"
#include "report/report.h"
#include "report/report_keys.h"
#include "report/summary.h"

/* Where a writer of rows stands; {0} at first. */
struct formats_state {
    uint64_t rows;
    int64_t day;    /* of the last row (text) */
    int64_t now_ns; /* report_options.now_ns */
    bool use_color;
    unsigned columns; /* of a page of text; 0 means 80 */
};

/* Rows are pushed: begin, each row, end. */
struct formats_handshakes {
    void (*begin)(FILE *out, struct formats_state *state);
    void (*row)(FILE *out, const struct columns_row *row, struct formats_state *state);
    void (*end)(FILE *out, struct formats_state *state);
};

/* Sessions come host by host; after the last one of a host, its figures; in the end the keys,
 * then what IDs, tickets and PSKs cost. */
struct formats_sessions {
    void (*begin)(FILE *out, struct formats_state *state);
    void (*begin_host)(FILE *out, const struct wire_text *host, struct formats_state *state);
    void (*session)(FILE *out, const struct session_record *session, bool is_first_of_host);
    void (*end_host)(FILE *out, const struct host_sessions *host, struct formats_state *state);
    void (*keys)(FILE *out, const struct key_history *history, struct formats_state *state);
    /* NULL: this format does not tell of them. */
    void (*mechanisms)(FILE *out, const struct mechanisms *mechanisms, struct formats_state *state);
    void (*end)(FILE *out, struct formats_state *state);
};

struct formats_entry {
    const char *word; /* on the command line */
    bool is_alias;    /* another word for the entry before it */
    enum report_format format;
    void (*summary)(FILE *out, const struct summary *summary, const struct report_options *options);
    /* In place of summary where it is not NULL: this format tells of ticket keys, too. */
    void (*summary_with_keys)(FILE *out, const struct summary *summary,
                              const struct report_keys *keys, const struct report_options *options);
    const struct formats_handshakes *handshakes;
    const struct formats_sessions *sessions;
    bool is_advised; /* the summary says what could be done about hosts */
};

const struct formats_entry *formats_of(enum report_format format);
const struct formats_entry *formats_by_word(const char *word); /* NULL: there is no such format */
const struct formats_entry *formats_at(size_t i);              /* NULL: no more */
bool formats_has(const struct formats_entry *entry, enum report_kind kind);

/* The width of the page. */
unsigned formats_columns(unsigned columns);

/* How many groups are to be shown. */
size_t formats_shown(const struct summary *summary, const struct report_options *options);

void text_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void json_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void csv_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void markdown_summary(FILE *out, const struct summary *summary,
                      const struct report_options *options);
void prometheus_summary(FILE *out, const struct summary *summary,
                        const struct report_options *options);
void html_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void html_summary_with_keys(FILE *out, const struct summary *summary,
                            const struct report_keys *keys, const struct report_options *options);

/* IDs, tickets and PSKs side by side as text. */
void text_mechanisms(FILE *out, const struct mechanisms *mechanisms, struct formats_state *state);

/* The keys as text. */
void text_keys(FILE *out, const struct key_history *history, struct formats_state *state);

extern const struct formats_handshakes text_handshakes;
extern const struct formats_handshakes json_handshakes;
extern const struct formats_handshakes csv_handshakes;
extern const struct formats_handshakes markdown_handshakes;
extern const struct formats_handshakes zeek_tsv_handshakes;
extern const struct formats_handshakes zeek_json_handshakes;
extern const struct formats_handshakes eve_handshakes;

extern const struct formats_sessions text_sessions;
extern const struct formats_sessions json_sessions;
extern const struct formats_sessions csv_sessions;
extern const struct formats_sessions markdown_sessions;

/* One handshake as an object with the keys of SPEC 6, without a newline. */
void json_handshake_object(FILE *out, const struct columns_row *row);

#endif
