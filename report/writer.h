/* The formats, each behind the same three doors. They write what they are given and read no
 * database; a failed write shows in ferror(out). A new format is one file and one row of the table
 * in report.c. */
#ifndef REPRISE_REPORT_WRITER_H
#define REPRISE_REPORT_WRITER_H

#include "report/columns.h"
#include "report/host_sessions.h"
#include "report/report.h"
#include "report/summary.h"

/* Where a writer of rows stands; {0} at first. */
struct writer_state {
    uint64_t rows;
    int64_t day; /* of the last row (text) */
    bool use_color;
};

/* Rows are pushed: begin, each row, end. */
struct writer_of_handshakes {
    void (*begin)(FILE *out, struct writer_state *state);
    void (*row)(FILE *out, const struct columns_row *row, struct writer_state *state);
    void (*end)(FILE *out, struct writer_state *state);
};

/* Sessions come host by host; after the last one of a host, its figures. */
struct writer_of_sessions {
    void (*begin)(FILE *out, struct writer_state *state);
    void (*begin_host)(FILE *out, const struct wire_text *host, struct writer_state *state);
    void (*session)(FILE *out, const struct session_record *session, bool is_first_of_host);
    void (*end_host)(FILE *out, const struct host_sessions *host, struct writer_state *state);
    void (*end)(FILE *out, struct writer_state *state);
};

struct writer {
    void (*summary)(FILE *out, const struct summary *summary, const struct report_options *options);
    const struct writer_of_handshakes *handshakes;
    const struct writer_of_sessions *sessions;
};

/* How many groups are to be shown. */
size_t writer_shown(const struct summary *summary, const struct report_options *options);

void text_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void json_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void csv_summary(FILE *out, const struct summary *summary, const struct report_options *options);

extern const struct writer_of_handshakes text_handshakes;
extern const struct writer_of_handshakes json_handshakes;
extern const struct writer_of_handshakes csv_handshakes;

extern const struct writer_of_sessions text_sessions;
extern const struct writer_of_sessions json_sessions;
extern const struct writer_of_sessions csv_sessions;

#endif
