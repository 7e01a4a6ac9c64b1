/* Any bytes as a name that a packet chose, through every format: what comes out is UTF-8 without
 * control characters, cannot leave the string, cell or label it stands in, and where a format can
 * say any bytes, it says these. The first byte says how many of the others are the host's name. */
#include "report/escape.h"
#include "report/formats.h"

#include "dissect/bytes.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

struct paper {
    FILE *stream;
    char *text;
    size_t len;
};

static void open_paper(struct paper *paper)
{
    paper->stream = open_memstream(&paper->text, &paper->len);
    must(paper->stream != NULL);
}

/* How many bytes follow this one in its character; no character acts but those allowed. */
static size_t following(unsigned char byte, const char *allowed)
{
    if (byte < 0x80) {
        must((byte >= 0x20 && byte != 0x7f) || (byte != 0 && strchr(allowed, byte) != NULL));
        return 0;
    }
    must(byte >= 0xc2 && byte <= 0xf4);
    if (byte >= 0xf0) {
        return 3;
    }
    return byte >= 0xe0 ? 2 : 1;
}

/* Also that it is UTF-8 in form. */
static void close_paper(struct paper *paper, const char *allowed)
{
    size_t left = 0;

    must(fclose(paper->stream) == 0);
    for (size_t i = 0; i < paper->len; i++) {
        unsigned char byte = (unsigned char)paper->text[i];
        must(((byte & 0xc0) == 0x80) == (left > 0));
        left = left > 0 ? left - 1 : following(byte, allowed);
    }
    must(left == 0);
}

static void escaped(void (*escape)(FILE *out, const char *text, size_t len), struct bytes name,
                    const char *allowed, struct paper *paper)
{
    open_paper(paper);
    escape(paper->stream, (const char *)name.data, name.len);
    close_paper(paper, allowed);
}

static size_t count_of(const struct paper *paper, const char *characters)
{
    size_t count = 0;

    for (size_t i = 0; i < paper->len; i++) {
        count += strchr(characters, paper->text[i]) != NULL;
    }
    return count;
}

/* A string between quotes in which a backslash comes only before one of these. */
static void check_quoted(const struct paper *paper, const char *escapes)
{
    must(paper->len >= 2 && paper->text[0] == '"' && paper->text[paper->len - 1] == '"');
    for (size_t i = 1; i < paper->len - 1; i++) {
        must(paper->text[i] != '"');
        if (paper->text[i] == '\\') {
            i++;
            must(i < paper->len - 1 && strchr(escapes, paper->text[i]) != NULL);
        }
    }
}

static int digit_of(char c)
{
    const char *const digits = "0123456789abcdef";
    const char *const found = strchr(digits, c);

    must(c != '\0' && found != NULL);
    return (int)(found - digits);
}

/* Takes what Zeek's reader takes, and gives the bytes back. */
static void check_zeek(const struct paper *paper, struct bytes name)
{
    size_t taken = 0;

    for (size_t i = 0; i < paper->len; i++) {
        int byte = (unsigned char)paper->text[i];
        if (byte == '\\') {
            must(i + 3 < paper->len && paper->text[i + 1] == 'x');
            byte = digit_of(paper->text[i + 2]) << 4 | digit_of(paper->text[i + 3]);
            i += 3;
        }
        must(taken < name.len && name.data[taken] == byte);
        taken++;
    }
    must(taken == name.len);
    must(strcmp(paper->text, "-") != 0 && strcmp(paper->text, "(empty)") != 0);
}

static void check_name(struct bytes name)
{
    struct paper paper;

    escaped(escape_terminal, name, "", &paper);
    free(paper.text);
    escaped(escape_json, name, "", &paper);
    check_quoted(&paper, "\"\\u");
    free(paper.text);
    escaped(escape_csv, name, "\t\r\n", &paper);
    must(paper.len == 0 || strchr("=@\t\r\n", paper.text[0]) == NULL);
    free(paper.text);
    escaped(escape_prometheus, name, "", &paper);
    check_quoted(&paper, "\"\\");
    free(paper.text);
    escaped(escape_zeek, name, "", &paper);
    check_zeek(&paper, name);
    free(paper.text);
    if (name.len > 0) {
        escaped(escape_markdown, name, "", &paper);
        must(count_of(&paper, "`|<>&") == 2);
        free(paper.text);
    }
}

static void set_text(struct wire_text *text, struct bytes name)
{
    text->len = (uint8_t)(name.len < sizeof(text->text) ? name.len : sizeof(text->text));
    memcpy(text->text, name.data, text->len);
}

/* A handshake in each format: after what the format begins with, one line. */
static void check_record(const struct record *record)
{
    const struct formats_entry *entry;
    const struct columns_row row = {record, HANDSHAKE_NULL};

    for (size_t i = 0; (entry = formats_at(i)) != NULL; i++) {
        struct formats_state state = {0};
        struct paper paper;
        if (!formats_has(entry, REPORT_OF_HANDSHAKES)) {
            continue;
        }
        open_paper(&paper);
        entry->handshakes->begin(paper.stream, &state);
        entry->handshakes->row(paper.stream, &row, &state);
        entry->handshakes->row(paper.stream, &row, &state);
        entry->handshakes->end(paper.stream, &state);
        close_paper(&paper, "\t\r\n");
        must(paper.len > 0 && paper.text[paper.len - 1] == '\n');
        must(entry->format == REPORT_CSV || count_of(&paper, "\n") <= 12);
        free(paper.text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    struct bytes host;
    uint8_t host_len;
    static struct record record;

    if (!bytes_u8(&rest, &host_len) || !bytes_take(&rest, host_len, &host)) {
        return 0;
    }
    check_name(host);
    check_name(rest);
    handshake_init(&record.handshake);
    set_text(&record.host, host);
    set_text(&record.handshake.sni, rest);
    set_text(&record.handshake.alpn, host);
    check_record(&record);
    return 0;
}
