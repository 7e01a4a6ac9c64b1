#include "report/escape.h"
#include "report/formats.h"
#include "report/group_columns.h"

/* RFC 4180, 2: lines end in CR LF. */
static void end_line(FILE *out)
{
    fputs("\r\n", out);
}

static void print_cell(FILE *out, size_t column, const struct value *value)
{
    if (column > 0) {
        fputc(',', out);
    }
    value_print_csv(out, value);
}

void csv_summary(FILE *out, const struct summary *summary, const struct report_options *options)
{
    size_t shown = formats_shown(summary, options);
    struct figures figures;
    struct value value;
    size_t len;

    fputs("name", out);
    for (size_t column = 0; column < group_columns_count(); column++) {
        fprintf(out, ",%s", group_columns_name(column));
    }
    end_line(out);
    for (size_t place = 0; place < shown; place++) {
        const char *name = summary_name(summary, place, &len);
        summary_figures(summary, place, &figures);
        escape_csv(out, name, len);
        for (size_t column = 0; column < group_columns_count(); column++) {
            group_columns_value(column, &figures, &value);
            print_cell(out, column + 1, &value);
        }
        end_line(out);
    }
}

static void begin_handshakes(FILE *out, struct formats_state *state)
{
    (void)state;
    for (size_t column = 0; column < columns_count(); column++) {
        fprintf(out, "%s%s", column > 0 ? "," : "", columns_name(column));
    }
    end_line(out);
}

static void print_handshake(FILE *out, const struct columns_row *row, struct formats_state *state)
{
    struct value value;

    (void)state;
    for (size_t column = 0; column < columns_count(); column++) {
        columns_value(column, row, &value);
        print_cell(out, column, &value);
    }
    end_line(out);
}

static void end_rows(FILE *out, struct formats_state *state)
{
    (void)out;
    (void)state;
}

const struct formats_handshakes csv_handshakes = {begin_handshakes, print_handshake, end_rows};

static void begin_sessions(FILE *out, struct formats_state *state)
{
    (void)state;
    for (size_t column = 0; column < host_sessions_columns(); column++) {
        fprintf(out, "%s%s", column > 0 ? "," : "", host_sessions_column_name(column));
    }
    end_line(out);
}

static void print_session(FILE *out, const struct session_record *session, bool is_first_of_host)
{
    struct value value;

    (void)is_first_of_host;
    for (size_t column = 0; column < host_sessions_columns(); column++) {
        host_sessions_column_value(column, session, &value);
        print_cell(out, column, &value);
    }
    end_line(out);
}

/* One kind of line only: the figures of a host and the keys are for readers and for JSON. */
static void begin_host(FILE *out, const struct wire_text *host, struct formats_state *state)
{
    (void)out;
    (void)host;
    (void)state;
}

static void end_host(FILE *out, const struct host_sessions *host, struct formats_state *state)
{
    (void)out;
    (void)host;
    (void)state;
}

static void leave_out_keys(FILE *out, const struct report_keys *keys, struct formats_state *state)
{
    (void)out;
    (void)keys;
    (void)state;
}

const struct formats_sessions csv_sessions = {
    .begin = begin_sessions,
    .begin_host = begin_host,
    .session = print_session,
    .end_host = end_host,
    .keys = leave_out_keys,
    .end = end_rows,
};
