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
#include "report/report_ledger.h"
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

/* Sessions come host by host; after the last one of a host, its figures; in the end what was not
 * handled as was promised, the keys, then what IDs, tickets and PSKs cost. */
struct formats_sessions {
    void (*begin)(FILE *out, struct formats_state *state);
    void (*begin_host)(FILE *out, const struct wire_text *host, struct formats_state *state);
    void (*session)(FILE *out, const struct session_record *session, bool is_first_of_host);
    void (*end_host)(FILE *out, const struct host_sessions *host, struct formats_state *state);
    /* NULL: this format does not tell of it, as the last but one. */
    void (*conduct)(FILE *out, const struct conduct *conduct, struct formats_state *state);
    void (*keys)(FILE *out, const struct report_keys *keys, struct formats_state *state);
    void (*mechanisms)(FILE *out, const struct mechanisms *mechanisms, struct formats_state *state);
    void (*end)(FILE *out, struct formats_state *state);
};

/* What a format's summary tells beside figures, as bits: all but the keys of groups that are hosts
 * only. */
enum formats_tells {
    FORMATS_TELL_ADVICE = 1,  /* what could be done: report_options.advice */
    FORMATS_TELL_CONDUCT = 2, /* report_options.ledger: refusals and faults by host */
    FORMATS_TELL_OFFERS = 4,  /* its findings, too */
    FORMATS_TELL_KEYS = 8,    /* its keys */
    FORMATS_TELL_DETAILS = 16 /* its mechanisms; and of the first groups, what each is like */
};

struct formats_entry {
    const char *word; /* on the command line */
    bool is_alias;    /* another word for the entry before it */
    enum report_format format;
    void (*summary)(FILE *out, const struct summary *summary, const struct report_options *options);
    const struct formats_handshakes *handshakes;
    const struct formats_sessions *sessions;
    unsigned tells; /* enum formats_tells */
};

const struct formats_entry *formats_of(enum report_format format);
const struct formats_entry *formats_by_word(const char *word); /* NULL: there is no such format */
const struct formats_entry *formats_at(size_t i);              /* NULL: no more */
bool formats_has(const struct formats_entry *entry, enum report_kind kind);

/* The width of the page. */
unsigned formats_columns(unsigned columns);

/* How many groups are to be shown. */
/* Of how many groups, the first ones, the details are told. */
size_t formats_detailed(const struct summary *summary, const struct report_options *options);

size_t formats_shown(const struct summary *summary, const struct report_options *options);

void text_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void json_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void csv_summary(FILE *out, const struct summary *summary, const struct report_options *options);
void markdown_summary(FILE *out, const struct summary *summary,
                      const struct report_options *options);
void prometheus_summary(FILE *out, const struct summary *summary,
                        const struct report_options *options);
void html_summary(FILE *out, const struct summary *summary, const struct report_options *options);

/* IDs, tickets and PSKs side by side as text. */
void text_mechanisms(FILE *out, const struct mechanisms *mechanisms, struct formats_state *state);

/* What was not handled as was promised, as text. */
void text_conduct(FILE *out, const struct conduct *conduct, struct formats_state *state);

/* The keys as text. */
void text_keys(FILE *out, const struct report_keys *keys, struct formats_state *state);

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
