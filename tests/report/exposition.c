#include "tests/report/exposition.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES_MAX = 20000, FAMILIES_MAX = 200 };

struct text {
    const char *at;
    size_t len;
};

struct reader {
    struct text families[FAMILIES_MAX];
    size_t family_count;
    bool has_type;
    bool is_counter;
    struct text series[SERIES_MAX];
    size_t series_count;
};

static bool is_equal(struct text a, struct text b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static bool is_word(struct text text, const char *word)
{
    return is_equal(text, (struct text){word, strlen(word)});
}

/* Takes a name: [a-zA-Z_][a-zA-Z0-9_]*. Colons are for recording rules only. */
static struct text take_name(struct text *line)
{
    struct text name = {line->at, 0};

    while (line->len > 0 && (isalpha((unsigned char)*line->at) || *line->at == '_' ||
                             (name.len > 0 && isdigit((unsigned char)*line->at)))) {
        name.len++;
        line->at++;
        line->len--;
    }
    return name;
}

static bool take(struct text *line, const char *words)
{
    size_t len = strlen(words);

    if (line->len < len || memcmp(line->at, words, len) != 0) {
        return false;
    }
    line->at += len;
    line->len -= len;
    return true;
}

/* One character of a label's value: \\, \" and \n are the only escapes. */
static bool take_character(struct text *line)
{
    if (take(line, "\\\\") || take(line, "\\\"") || take(line, "\\n")) {
        return true;
    }
    bool is_plain = *line->at != '\\';
    line->at++;
    line->len--;
    return is_plain;
}

/* A label's value behind its first quote. */
static bool take_value(struct text *line)
{
    while (line->len > 0 && *line->at != '"') {
        if (!take_character(line)) {
            return false;
        }
    }
    return take(line, "\"");
}

static const char *take_labels(struct text *line)
{
    if (!take(line, "{")) {
        return NULL;
    }
    do {
        if (take_name(line).len == 0 || !take(line, "=\"")) {
            return "a label without name or value";
        }
        if (!take_value(line)) {
            return "a label's value that does not end, or a wrong escape in it";
        }
    } while (take(line, ","));
    return take(line, "}") ? NULL : "labels that do not end";
}

static bool ends_in_total(struct text name)
{
    return name.len > 6 && memcmp(name.at + name.len - 6, "_total", 6) == 0;
}

static const char *read_help(struct reader *reader, struct text line)
{
    struct text name = take_name(&line);

    if (name.len == 0 || !take(&line, " ") || line.len == 0) {
        return "HELP without name or words";
    }
    if (memchr(line.at, '\\', line.len) != NULL) {
        return "an escape in HELP";
    }
    for (size_t i = 0; i < reader->family_count; i++) {
        if (is_equal(reader->families[i], name)) {
            return "a metric at two places";
        }
    }
    if (reader->family_count == FAMILIES_MAX) {
        return "too many metrics";
    }
    reader->families[reader->family_count++] = name;
    reader->has_type = false;
    return NULL;
}

static const char *read_type(struct reader *reader, struct text line)
{
    struct text name = take_name(&line);

    if (reader->family_count == 0 || reader->has_type ||
        !is_equal(name, reader->families[reader->family_count - 1])) {
        return "TYPE without its HELP before it";
    }
    if (!is_word(line, " counter") && !is_word(line, " gauge")) {
        return "a type that is neither counter nor gauge";
    }
    reader->has_type = true;
    reader->is_counter = is_word(line, " counter");
    return reader->is_counter == ends_in_total(name) ? NULL : "_total belongs to counters";
}

static const char *read_number(struct reader *reader, struct text line)
{
    char number[64];
    char *end;

    if (line.len == 0 || line.len >= sizeof(number) || isspace((unsigned char)*line.at)) {
        return "a sample without a number";
    }
    memcpy(number, line.at, line.len);
    number[line.len] = '\0';
    double value = strtod(number, &end);
    if (*end != '\0' || !isfinite(value)) {
        return "a number that is none";
    }
    return reader->is_counter && value < 0 ? "a counter below 0" : NULL;
}

static const char *read_sample(struct reader *reader, struct text line)
{
    const char *begin = line.at;
    struct text name = take_name(&line);

    if (!reader->has_type || !is_equal(name, reader->families[reader->family_count - 1])) {
        return "a sample apart from its HELP and TYPE";
    }
    const char *fault = take_labels(&line);
    if (fault != NULL) {
        return fault;
    }
    struct text series = {begin, (size_t)(line.at - begin)};
    for (size_t i = 0; i < reader->series_count; i++) {
        if (is_equal(reader->series[i], series)) {
            return "a series that is there twice";
        }
    }
    if (reader->series_count == SERIES_MAX) {
        return "too many series";
    }
    reader->series[reader->series_count++] = series;
    return take(&line, " ") ? read_number(reader, line) : "no space before the number";
}

static const char *read_line(struct reader *reader, struct text line)
{
    for (size_t i = 0; i < line.len; i++) {
        if ((unsigned char)line.at[i] < 0x20 || line.at[i] == 0x7f) {
            return "a control character";
        }
    }
    if (take(&line, "# HELP ")) {
        return read_help(reader, line);
    }
    if (take(&line, "# TYPE ")) {
        return read_type(reader, line);
    }
    return read_sample(reader, line);
}

/* Lead bytes, and as many that follow as they say. */
static bool is_utf8(const char *text)
{
    for (size_t left = 0; *text != '\0' || left > 0; text++) {
        unsigned char byte = (unsigned char)*text;
        bool follows = (byte & 0xc0) == 0x80;
        if (follows != (left > 0)) {
            return false;
        }
        if (follows) {
            left--;
        } else if (byte >= 0x80) {
            left = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        }
    }
    return true;
}

static const char *read_lines(struct reader *reader, const char *text)
{
    const char *fault = NULL;

    while (fault == NULL && *text != '\0') {
        size_t len = strcspn(text, "\n");
        if (text[len] == '\0') {
            return "the last line does not end";
        }
        fault = read_line(reader, (struct text){text, len});
        text += len + 1;
    }
    return fault;
}

const char *exposition_fault(const char *text, size_t *samples)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    const char *fault = "no memory";

    *samples = 0;
    if (reader != NULL) {
        fault = is_utf8(text) ? read_lines(reader, text) : "not UTF-8";
        *samples = reader->series_count;
        free(reader);
    }
    return fault;
}
