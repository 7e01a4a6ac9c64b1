/* The formats, each behind the same three doors. They write what they are given and read no
 * database; a failed write shows in ferror(out). A new format is one file and one row of the table
 * in formats.c. */
#ifndef REPRISE_REPORT_FORMATS_H
#define REPRISE_REPORT_FORMATS_H

#include "report/columns.h"
#include "report/host_sessions.h"
#include "report/key_history.h"
#include "report/report.h"
#include "report/summary.h"

/* Where a writer of rows stands; {0} at first. */
struct formats_state {
    uint64_t rows;
    int64_t day; /* of the last row (text) */
    bool use_color;
};

/* Rows are pushed: begin, each row, end. */
struct formats_handshakes {
    void (*begin)(FILE *out, struct formats_state *state);
    void (*row)(FILE *out, const struct columns_row *row, struct formats_state *state);
    void (*end)(FILE *out, struct formats_state *state);
};

/* Sessions come host by host; after the last one of a host, its figures; in the end the keys. */
struct formats_sessions {
    void (*begin)(FILE *out, struct formats_state *state);
    void (*begin_host)(FILE *out, const struct wire_text *host, struct formats_state *state);
    void (*session)(FILE *out, const struct session_record *session, bool is_first_of_host);
    void (*end_host)(FILE *out, const struct host_sessions *host, struct formats_state *state);
    void (*keys)(FILE *out, const struct key_history *history, struct formats_state *state);
    void (*end)(FILE *out, struct formats_state *state);
};

struct formats_entry {
    const char *word; /* on the command line */
    enum report_format format;
    void (*summary)(FILE *out, const struct summary *summary, const struct report_options *options);
    const struct formats_handshakes *handshakes;
    const struct formats_sessions *sessions;
};

const struct formats_entry *formats_of(enum report_format format);
const struct formats_entry *formats_by_word(const char *word); /* NULL: there is no such format */

/* How many groups are to be shown. */
size_t formats_shown(const struct summary *summary, const struct report_options *options);

void text_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void json_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void csv_summary(FILE *out, const struct summary *summary, const struct report_options *options);

/* The keys as text. */
void text_keys(FILE *out, const struct key_history *history, struct formats_state *state);

extern const struct formats_handshakes text_handshakes;
extern const struct formats_handshakes json_handshakes;
extern const struct formats_handshakes csv_handshakes;

extern const struct formats_sessions text_sessions;
extern const struct formats_sessions json_sessions;
extern const struct formats_sessions csv_sessions;

#endif
