#include "report/value.h"

#include "report/decimal.h"
#include "report/escape.h"

#include <math.h>
#include <string.h>

void value_set_null(struct value *value)
{
    value->kind = VALUE_NULL;
}

void value_set_text(struct value *value, const char *text, size_t len)
{
    value->kind = len == 0 ? VALUE_NULL : VALUE_TEXT;
    value->text = text;
    value->len = len;
}

void value_set_words(struct value *value, const char *words)
{
    value_set_text(value, words, words == NULL ? 0 : strlen(words));
}

void value_set_integer(struct value *value, int64_t integer)
{
    value->kind = integer == HANDSHAKE_NULL ? VALUE_NULL : VALUE_INTEGER;
    value->integer = integer;
}

void value_set_count(struct value *value, uint64_t count)
{
    value->kind = VALUE_INTEGER;
    value->integer = (int64_t)count;
}

void value_set_us(struct value *value, int64_t ns)
{
    value_set_integer(value, ns == HANDSHAKE_NULL ? HANDSHAKE_NULL : format_us(ns));
}

void value_set_time(struct value *value, int64_t ns)
{
    if (ns == HANDSHAKE_NULL) {
        value_set_null(value);
    } else {
        value_set_words(value, format_time(ns, value->own));
    }
}

void value_set_fraction(struct value *value, double fraction)
{
    value->kind = isnan(fraction) ? VALUE_NULL : VALUE_FRACTION;
    value->fraction = fraction;
}

void value_set_rounded(struct value *value, double number)
{
    if (isnan(number) || fabs(number) > 9e18) {
        value_set_null(value);
    } else {
        value->kind = VALUE_INTEGER;
        value->integer = llround(number);
    }
}

void value_set_bool(struct value *value, bool is_true)
{
    value->kind = VALUE_BOOL;
    value->integer = is_true;
}

void value_set_anomalies(struct value *value, uint32_t anomalies)
{
    value->kind = VALUE_ANOMALIES;
    value->integer = anomalies;
}

void value_set_hash(struct value *value, const struct session_hash *hash)
{
    value_set_words(value, hash->is_set ? format_hash(hash, value->own) : NULL);
}

void value_set_address(struct value *value, const struct endpoint *endpoint)
{
    value_set_words(value, format_address(endpoint, value->own));
}

/* Every name in the set, each through `print`, with `between` in between. */
static void print_anomalies(FILE *out, int64_t set, const char *between,
                            void (*print)(FILE *out, const char *text, size_t len))
{
    bool is_first = true;

    for (int anomaly = 0; anomaly < ANOMALY_COUNT; anomaly++) {
        if ((set >> anomaly & 1) == 0) {
            continue;
        }
        const char *name = anomaly_name((enum anomaly)anomaly);
        if (!is_first) {
            fputs(between, out);
        }
        print(out, name, strlen(name));
        is_first = false;
    }
}

static void print_integer(FILE *out, int64_t integer)
{
    char digits[DECIMAL_BYTES];

    (void)fwrite(digits, 1, decimal_signed(integer, digits), out);
}

void value_print_json(FILE *out, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        fputs("null", out);
        break;
    case VALUE_TEXT:
        escape_json(out, value->text, value->len);
        break;
    case VALUE_INTEGER:
        print_integer(out, value->integer);
        break;
    case VALUE_FRACTION:
        fprintf(out, "%.6g", value->fraction);
        break;
    case VALUE_BOOL:
        fputs(value->integer != 0 ? "true" : "false", out);
        break;
    case VALUE_ANOMALIES:
        fputc('[', out);
        print_anomalies(out, value->integer, ",", escape_json);
        fputc(']', out);
        break;
    }
}

void value_print_csv(FILE *out, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        break;
    case VALUE_TEXT:
        escape_csv(out, value->text, value->len);
        break;
    case VALUE_ANOMALIES:
        print_anomalies(out, value->integer, ";", escape_csv);
        break;
    case VALUE_INTEGER:
    case VALUE_FRACTION:
    case VALUE_BOOL:
        value_print_json(out, value);
        break;
    }
}
