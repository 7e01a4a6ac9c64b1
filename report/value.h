/* One cell of machine-readable output, before its format is chosen. The setters map what is not
 * known to null, so that no table of columns has to. */
#ifndef REPRISE_REPORT_VALUE_H
#define REPRISE_REPORT_VALUE_H

#include "report/format.h"
#include "report/statistics.h"

#include "dissect/handshake.h"

#include <stdio.h>

enum value_kind {
    VALUE_NULL,
    VALUE_TEXT, /* untrusted */
    VALUE_INTEGER,
    VALUE_FRACTION,
    VALUE_BOOL,     /* integer is 0 or 1 */
    VALUE_ANOMALIES /* integer is the set of bits: a list of their names */
};

struct value {
    enum value_kind kind;
    const char *text; /* borrowed from the record, or `own` */
    size_t len;
    int64_t integer;
    double fraction;
    char own[FORMAT_BYTES];
};

void value_set_null(struct value *value);
void value_set_text(struct value *value, const char *text, size_t len); /* len 0: null */
void value_set_words(struct value *value, const char *words);           /* NULL or "": null */
void value_set_integer(struct value *value, int64_t integer);           /* HANDSHAKE_NULL: null */
void value_set_count(struct value *value, uint64_t count);
void value_set_us(struct value *value, int64_t ns);            /* HANDSHAKE_NULL: null */
void value_set_time(struct value *value, int64_t ns);          /* HANDSHAKE_NULL: null */
void value_set_fraction(struct value *value, double fraction); /* NAN: null */
void value_set_rounded(struct value *value, double number);    /* to an integer; NAN: null */
void value_set_bool(struct value *value, bool is_true);
void value_set_anomalies(struct value *value, uint32_t anomalies);
void value_set_hash(struct value *value, const struct session_hash *hash); /* in hex */
void value_set_address(struct value *value, const struct endpoint *endpoint);

void value_print_json(FILE *out, const struct value *value);
void value_print_csv(FILE *out, const struct value *value); /* null: nothing; lists with ';' */

#endif
