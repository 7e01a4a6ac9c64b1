/* Zeek's ssl.log with our columns behind its own: as a log of lines (its LogAscii writer) and as
 * JSON lines. Where Zeek's own field can say it, ours is left out; what is not known is unset, also
 * where Zeek would say F. */
#include "report/zeek.h"

#include "report/escape.h"
#include "report/formats.h"
#include "report/identity.h"

#include "dissect/tls/names.h"

#include <inttypes.h>
#include <string.h>

typedef void field_getter(const struct handshake *handshake, struct value *out);

/* Microseconds, as Zeek has them; the fraction of a double would round them. */
static void get_ts(const struct handshake *handshake, struct value *out)
{
    int64_t us = format_us(handshake->time_ns);
    uint64_t size = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;

    (void)snprintf(out->own, sizeof(out->own), "%s%" PRIu64 ".%06" PRIu64, us < 0 ? "-" : "",
                   size / 1000000, size % 1000000);
    value_set_words(out, out->own);
}

static void get_uid(const struct handshake *handshake, struct value *out)
{
    value_set_words(out, identity_uid(handshake, out->own));
}

static void get_orig_h(const struct handshake *handshake, struct value *out)
{
    value_set_address(out, &handshake->client);
}

static void get_orig_p(const struct handshake *handshake, struct value *out)
{
    value_set_integer(out, handshake->client.port);
}

static void get_resp_h(const struct handshake *handshake, struct value *out)
{
    value_set_address(out, &handshake->server);
}

static void get_resp_p(const struct handshake *handshake, struct value *out)
{
    value_set_integer(out, handshake->server.port);
}

/* "TLSv12"; "unknown-32540" where there is no name. */
static void get_version(const struct handshake *handshake, struct value *out)
{
    const char *name = tls_version_name(handshake->version);
    size_t len = 0;

    if (handshake->version == 0) {
        value_set_null(out);
        return;
    }
    if (name == NULL) {
        (void)snprintf(out->own, sizeof(out->own), "unknown-%u", handshake->version);
    } else {
        for (; *name != '\0'; name++) {
            out->own[len] = *name;
            len += *name != '.';
        }
        out->own[len] = '\0';
    }
    value_set_words(out, out->own);
}

static void get_cipher(const struct handshake *handshake, struct value *out)
{
    const char *name = tls_cipher_name(handshake->cipher);

    if (handshake->has_cipher && name == NULL) {
        (void)snprintf(out->own, sizeof(out->own), "unknown-%u", handshake->cipher);
        name = out->own;
    }
    value_set_words(out, handshake->has_cipher ? name : NULL);
}

static void get_server_name(const struct handshake *handshake, struct value *out)
{
    value_set_text(out, handshake->sni.text, handshake->sni.len);
}

/* Neither yes nor no of a handshake that was not judged, or did not come to its end. */
static void get_resumed(const struct handshake *handshake, struct value *out)
{
    value_set_bool(out, verdict_is_resumed(handshake->verdict));
    if (handshake->verdict == VERDICT_UNKNOWN || handshake->verdict == VERDICT_FAILED) {
        value_set_null(out);
    }
}

static void get_last_alert(const struct handshake *handshake, struct value *out)
{
    const char *name = tls_alert_name(handshake->alert);

    if (handshake->reason == REASON_ALERT && name == NULL) {
        (void)snprintf(out->own, sizeof(out->own), "unknown-%u", handshake->alert);
        name = out->own;
    }
    value_set_words(out, handshake->reason == REASON_ALERT ? name : NULL);
}

static void get_established(const struct handshake *handshake, struct value *out)
{
    value_set_bool(out, handshake->verdict != VERDICT_FAILED);
    if (handshake->verdict == VERDICT_UNKNOWN) {
        value_set_null(out);
    }
}

static const struct {
    const char *name;
    const char *type;
    field_getter *get;
} fields[] = {
    {"ts", "time", get_ts},
    {"uid", "string", get_uid},
    {"id.orig_h", "addr", get_orig_h},
    {"id.orig_p", "port", get_orig_p},
    {"id.resp_h", "addr", get_resp_h},
    {"id.resp_p", "port", get_resp_p},
    {"version", "string", get_version},
    {"cipher", "string", get_cipher},
    {"server_name", "string", get_server_name},
    {"resumed", "bool", get_resumed},
    {"last_alert", "string", get_last_alert},
    {"established", "bool", get_established},
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* Zeek's type of each of our columns, in their order; NULL where a field above says it. */
static const struct {
    const char *name;
    const char *type;
} columns[] = {
    {"id", "count"},
    {"run", "count"},
    {"time", NULL},
    {"transport", "string"},
    {"client", NULL},
    {"client_port", NULL},
    {"server", NULL},
    {"server_port", NULL},
    {"host", "string"},
    {"sni", NULL},
    {"alpn", "string"},
    {"app", "string"},
    {"version", NULL},
    {"cipher", NULL},
    {"verdict", "string"},
    {"certainty", "string"},
    {"reason", "string"},
    {"messages", "string"},
    {"anomalies", "set[string]"},
    {"carrier", "string"},
    {"offered", "string"},
    {"outcome", "string"},
    {"refusal_cause", "string"},
    {"early_data", "string"},
    {"hello_retry", "count"},
    {"rtts_tcp", "int"},
    {"rtts_tls", "int"},
    {"rtts_stalled", "int"},
    {"rtts_saved", "int"},
    {"rtt_us", "int"},
    {"rtt_client_us", "int"},
    {"rtt_server_us", "int"},
    {"handshake_us", "int"},
    {"setup_us", "int"},
    {"server_think_us", "int"},
    {"bytes_client", "int"},
    {"bytes_server", "int"},
    {"session_offered", "string"},
    {"session_issued", "string"},
    {"issued_kind", "string"},
    {"age_s", "int"},
    {"lifetime_hint_s", "int"},
    {"ticket_bytes", "int"},
    {"key_name", "string"},
    {"renewed", "bool"},
};

size_t zeek_columns(void)
{
    return sizeof(columns) / sizeof(columns[0]);
}

const char *zeek_column_name(size_t column)
{
    return columns[column].name;
}

/* "2026-11-23-12-44-33"; Zeek has the local time there, we have UTC as everywhere. */
static void print_moment(FILE *out, const char *key, int64_t time_ns)
{
    char text[FORMAT_BYTES];

    (void)format_second(time_ns, text);
    text[strcspn(text, "Z")] = '\0';
    for (char *c = text + strcspn(text, "T:"); *c != '\0'; c += strcspn(c, "T:")) {
        *c = '-';
    }
    fprintf(out, "#%s\t%s\n", key, text);
}

static void print_names(FILE *out)
{
    fputs("#fields", out);
    for (size_t i = 0; i < FIELDS; i++) {
        fprintf(out, "\t%s", fields[i].name);
    }
    for (size_t i = 0; i < zeek_columns(); i++) {
        if (columns[i].type != NULL) {
            fprintf(out, "\treprise_%s", columns[i].name);
        }
    }
    fputc('\n', out);
}

static void print_types(FILE *out)
{
    fputs("#types", out);
    for (size_t i = 0; i < FIELDS; i++) {
        fprintf(out, "\t%s", fields[i].type);
    }
    for (size_t i = 0; i < zeek_columns(); i++) {
        if (columns[i].type != NULL) {
            fprintf(out, "\t%s", columns[i].type);
        }
    }
    fputc('\n', out);
}

static void begin_lines(FILE *out, struct formats_state *state)
{
    fputs("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
          "#path\tssl\n",
          out);
    print_moment(out, "open", state->now_ns);
    print_names(out);
    print_types(out);
}

static void print_anomalies(FILE *out, uint32_t set)
{
    bool is_first = true;

    for (int anomaly = 0; anomaly < ANOMALY_COUNT; anomaly++) {
        if ((set >> anomaly & 1) != 0) {
            fprintf(out, "%s%s", is_first ? "" : ",", anomaly_name((enum anomaly)anomaly));
            is_first = false;
        }
    }
    if (is_first) {
        fputs("(empty)", out);
    }
}

static void print_cell(FILE *out, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        fputc('-', out);
        break;
    case VALUE_TEXT:
        escape_zeek(out, value->text, value->len);
        break;
    case VALUE_BOOL:
        fputc(value->integer != 0 ? 'T' : 'F', out);
        break;
    case VALUE_ANOMALIES:
        print_anomalies(out, (uint32_t)value->integer);
        break;
    case VALUE_INTEGER:
    case VALUE_FRACTION:
        value_print_json(out, value);
        break;
    }
}

static void print_line(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    struct value value;

    (void)state;
    for (size_t i = 0; i < FIELDS; i++) {
        fputs(i > 0 ? "\t" : "", out);
        fields[i].get(&row->record->handshake, &value);
        print_cell(out, &value);
    }
    for (size_t i = 0; i < zeek_columns(); i++) {
        if (columns[i].type != NULL) {
            fputc('\t', out);
            columns_value(i, row, &value);
            print_cell(out, &value);
        }
    }
    fputc('\n', out);
}

static void end_lines(FILE *out, struct formats_state *state)
{
    print_moment(out, "close", state->now_ns);
}

const struct formats_handshakes zeek_tsv_handshakes = {begin_lines, print_line, end_lines};

/* Zeek leaves out what is unset. */
static void print_member(FILE *out, const char *prefix, const char *name, const struct value *value)
{
    if (value->kind != VALUE_NULL) {
        fprintf(out, ",\"%s%s\":", prefix, name);
        value_print_json(out, value);
    }
}

static void frame_nothing(FILE *out, struct formats_state *state)
{
    (void)out;
    (void)state;
}

static void print_object(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    struct value value;

    (void)state;
    get_ts(&row->record->handshake, &value);
    fprintf(out, "{\"_path\":\"ssl\",\"ts\":%s", value.own); /* a number */
    for (size_t i = 1; i < FIELDS; i++) {
        fields[i].get(&row->record->handshake, &value);
        print_member(out, "", fields[i].name, &value);
    }
    for (size_t i = 0; i < zeek_columns(); i++) {
        if (columns[i].type != NULL) {
            columns_value(i, row, &value);
            print_member(out, "reprise_", columns[i].name, &value);
        }
    }
    fputs("}\n", out);
}

const struct formats_handshakes zeek_json_handshakes = {frame_nothing, print_object, frame_nothing};
