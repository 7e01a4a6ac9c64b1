#include "report/escape.h"

#include <stdint.h>
#include <string.h>

/* One character of the text, or one byte that is none. */
struct character {
    const char *text;
    size_t len;
    uint32_t code;
    bool is_valid; /* UTF-8; else len is 1 and code the byte */
};

/* Length of the sequence a first byte begins, and the smallest code it may hold (RFC 3629, 3). */
static size_t sequence_of(unsigned char first, uint32_t *bits, uint32_t *smallest)
{
    static const struct {
        unsigned char mask;
        unsigned char value;
        uint32_t smallest;
    } kinds[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if ((first & kinds[i].mask) == kinds[i].value) {
            *bits = first & (uint32_t)(unsigned char)~kinds[i].mask;
            *smallest = kinds[i].smallest;
            return i + 1;
        }
    }
    return 0;
}

static bool decode(const unsigned char *text, size_t len, uint32_t *code, size_t *used)
{
    uint32_t smallest;
    size_t length = sequence_of(text[0], code, &smallest);

    if (length == 0 || length > len) {
        return false;
    }
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return false;
        }
        *code = *code << 6 | (text[i] & 0x3f);
    }
    *used = length;
    bool is_surrogate = *code >= 0xd800 && *code <= 0xdfff;
    return *code >= smallest && *code <= 0x10ffff && !is_surrogate;
}

/* Takes the first character off a text that is not empty. */
static struct character next_character(const char **text, size_t *len)
{
    struct character character = {.text = *text, .len = 1};

    character.is_valid =
        decode((const unsigned char *)*text, *len, &character.code, &character.len);
    if (!character.is_valid) {
        character.len = 1;
        character.code = (unsigned char)**text;
    }
    *text += character.len;
    *len -= character.len;
    return character;
}

/* Characters that act on a terminal, or hide: controls, what orders text from right to left,
 * separators of lines, joiners, fillers, tags, noncharacters. */
static bool is_harmful(uint32_t code)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {
        {0x0000, 0x001f},    {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x034f, 0x034f},
        {0x061c, 0x061c},    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
        {0x200b, 0x200f},    {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
        {0xe000, 0xf8ff},    {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
        {0xffa0, 0xffa0},    {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe0fff},
        {0xf0000, 0x10ffff},
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

enum { SHOWN_BYTES = 16 };

/* What a terminal is shown for a character; returns its columns. */
static size_t show(const struct character *character, char out[SHOWN_BYTES])
{
    if (!character->is_valid || (is_harmful(character->code) && character->code < 0x80)) {
        return (size_t)snprintf(out, SHOWN_BYTES, "\\x%02x", character->code);
    }
    if (is_harmful(character->code)) {
        return (size_t)snprintf(out, SHOWN_BYTES, "\\u{%04x}", character->code);
    }
    if (character->code == '\\') {
        memcpy(out, "\\\\", 3);
        return 2;
    }
    memcpy(out, character->text, character->len);
    out[character->len] = '\0';
    return 1;
}

/* Printable ASCII but the backslash. */
bool escape_is_plain(const char *text, size_t len)
{
    bool is_plain = true;

    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];
        is_plain &= (unsigned char)(byte - 0x20) < 0x5f && byte != '\\';
    }
    return is_plain;
}

void escape_terminal(FILE *out, const char *text, size_t len)
{
    char shown[SHOWN_BYTES];

    if (escape_is_plain(text, len)) {
        (void)fwrite(text, 1, len, out);
        return;
    }
    while (len > 0) {
        struct character character = next_character(&text, &len);
        (void)show(&character, shown);
        fputs(shown, out);
    }
}

size_t escape_columns(const char *text, size_t len)
{
    char shown[SHOWN_BYTES];
    size_t columns = 0;

    if (escape_is_plain(text, len)) {
        return len;
    }
    while (len > 0) {
        struct character character = next_character(&text, &len);
        columns += show(&character, shown);
    }
    return columns;
}

/* Prints characters as long as they fit; returns the columns taken. */
static size_t print_front(FILE *out, const char *text, size_t len, size_t columns)
{
    char shown[SHOWN_BYTES];
    size_t taken = 0;

    while (len > 0) {
        struct character character = next_character(&text, &len);
        size_t width = show(&character, shown);
        if (taken + width > columns) {
            break;
        }
        fputs(shown, out);
        taken += width;
    }
    return taken;
}

/* Prints the last characters that fit, of a text of `left` columns. */
static size_t print_back(FILE *out, const char *text, size_t len, size_t left, size_t columns)
{
    char shown[SHOWN_BYTES];

    while (len > 0 && left > columns) {
        struct character character = next_character(&text, &len);
        left -= show(&character, shown);
    }
    escape_terminal(out, text, len);
    return left;
}

static const char ellipsis[] = "\xe2\x80\xa6"; /* U+2026 */

size_t escape_terminal_cut(FILE *out, const char *text, size_t len, size_t columns)
{
    size_t wanted = escape_columns(text, len);
    if (wanted <= columns) {
        escape_terminal(out, text, len);
        return wanted;
    }
    size_t back = (columns - 1) / 2;
    size_t front = columns - 1 - back;
    if (wanted == len && escape_is_plain(text, len)) {
        (void)fwrite(text, 1, front, out);
        fputs(ellipsis, out);
        (void)fwrite(text + len - back, 1, back, out);
        return columns;
    }
    size_t taken = print_front(out, text, len, front);
    fputs(ellipsis, out);
    return taken + 1 + print_back(out, text, len, wanted, back);
}

/* \uNNNN, as a pair of surrogates where it has to be (RFC 8259, 7). */
static void print_json_code(FILE *out, uint32_t code)
{
    if (code >= 0x10000) {
        code -= 0x10000;
        fprintf(out, "\\u%04x\\u%04x", 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
    } else {
        fprintf(out, "\\u%04x", code);
    }
}

static void print_json_character(FILE *out, const struct character *character)
{
    if (!character->is_valid) {
        fputs("\xef\xbf\xbd", out); /* U+FFFD */
    } else if (is_harmful(character->code)) {
        print_json_code(out, character->code);
    } else {
        if (character->code == '"' || character->code == '\\') {
            fputc('\\', out);
        }
        fwrite(character->text, 1, character->len, out);
    }
}

/* Nothing in it that any format has to escape: nearly all text there is. */
static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == ',') {
            return false;
        }
    }
    return true;
}

void escape_json(FILE *out, const char *text, size_t len)
{
    fputc('"', out);
    if (is_plain(text, len)) {
        fwrite(text, 1, len, out);
    } else {
        while (len > 0) {
            struct character character = next_character(&text, &len);
            print_json_character(out, &character);
        }
    }
    fputc('"', out);
}

/* [+-] digits [. digits] */
static bool is_number(const char *text, size_t len)
{
    size_t at = len > 0 && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    bool has_point = false;
    bool has_digit = false;

    for (; at < len; at++) {
        if (text[at] >= '0' && text[at] <= '9') {
            has_digit = true;
        } else if (text[at] == '.' && has_digit && !has_point) {
            has_point = true;
        } else {
            return false;
        }
    }
    return has_digit;
}

/* Whether a byte is one of these characters; NUL is none. */
static bool is_one_of(const char *characters, char byte)
{
    return byte != '\0' && strchr(characters, byte) != NULL;
}

static bool begins_formula(const char *text, size_t len)
{
    return len > 0 && is_one_of("=+-@\t\r\n", text[0]) && !is_number(text, len);
}

static void print_csv_character(FILE *out, const struct character *character)
{
    char shown[SHOWN_BYTES];

    if (character->is_valid && character->code == '"') {
        fputs("\"\"", out);
    } else if (character->len == 1 && is_one_of("\\\t\r\n", character->text[0])) {
        fputc(character->text[0], out);
    } else {
        (void)show(character, shown);
        fputs(shown, out);
    }
}

void escape_csv(FILE *out, const char *text, size_t len)
{
    const bool has_only_plain = is_plain(text, len);
    bool is_quoted = len > 0 && (text[0] == ' ' || text[len - 1] == ' ');

    for (size_t i = 0; i < len && !is_quoted && !has_only_plain; i++) {
        is_quoted = is_one_of(",\"\r\n", text[i]);
    }
    if (is_quoted) {
        fputc('"', out);
    }
    if (begins_formula(text, len)) {
        fputc('\'', out);
    }
    if (has_only_plain) {
        fwrite(text, 1, len, out);
    } else {
        while (len > 0) {
            struct character character = next_character(&text, &len);
            print_csv_character(out, &character);
        }
    }
    if (is_quoted) {
        fputc('"', out);
    }
}

/* Spelled out even though a renderer ought to leave a span of code alone: some do not. */
static bool acts_in_markdown(const struct character *character, bool is_at_end)
{
    return character->len == 1 &&
           (is_one_of("`|<>&", character->text[0]) || (is_at_end && character->text[0] == ' '));
}

void escape_markdown(FILE *out, const char *text, size_t len)
{
    char shown[SHOWN_BYTES];
    bool is_at_end = true;

    fputc('`', out);
    while (len > 0) {
        struct character character = next_character(&text, &len);
        if (acts_in_markdown(&character, is_at_end || len == 0)) {
            fprintf(out, "\\x%02x", character.code);
        } else {
            (void)show(&character, shown);
            fputs(shown, out);
        }
        is_at_end = false;
    }
    fputc('`', out);
}

static void print_label_character(FILE *out, const char *shown)
{
    for (; *shown != '\0'; shown++) {
        if (*shown == '"' || *shown == '\\') {
            fputc('\\', out);
        }
        fputc(*shown, out);
    }
}

void escape_prometheus(FILE *out, const char *text, size_t len)
{
    char shown[SHOWN_BYTES];

    fputc('"', out);
    while (len > 0) {
        struct character character = next_character(&text, &len);
        (void)show(&character, shown);
        print_label_character(out, shown);
    }
    fputc('"', out);
}

static void print_zeek_character(FILE *out, const struct character *character)
{
    if (character->is_valid && !is_harmful(character->code) && character->code != '\\') {
        fwrite(character->text, 1, character->len, out);
        return;
    }
    for (size_t i = 0; i < character->len; i++) {
        fprintf(out, "\\x%02x", (unsigned char)character->text[i]);
    }
}

static bool is_text(const char *text, size_t len, const char *words)
{
    return len == strlen(words) && memcmp(text, words, len) == 0;
}

void escape_zeek(FILE *out, const char *text, size_t len)
{
    if (is_text(text, len, "-") || is_text(text, len, "(empty)")) {
        fprintf(out, "\\x%02x", (unsigned char)text[0]);
        text++;
        len--;
    }
    while (len > 0) {
        struct character character = next_character(&text, &len);
        print_zeek_character(out, &character);
    }
}

/* WHATWG HTML, 13.1.2.3 and 13.1.4: what text and double-quoted attribute values may not hold, and
 * single quotes and ends of tags, to be safe wherever the text is put. */
static const char *html_reference(const struct character *character)
{
    static const struct {
        uint32_t code;
        const char *reference;
    } references[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"},
    };

    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        if (references[i].code == character->code) {
            return references[i].reference;
        }
    }
    return NULL;
}

void escape_html(FILE *out, const char *text, size_t len)
{
    char shown[SHOWN_BYTES];

    while (len > 0) {
        struct character character = next_character(&text, &len);
        const char *reference = html_reference(&character);
        (void)show(&character, shown);
        fputs(reference != NULL ? reference : shown, out);
    }
}
