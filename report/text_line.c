#include "report/text_line.h"

#include "report/escape.h"
#include "report/text_page.h"

#include <string.h>

void text_line_begin(struct text_line *line, FILE *out)
{
    line->out = out;
    line->len = 0;
}

void text_line_flush(struct text_line *line)
{
    (void)fwrite(line->bytes, 1, line->len, line->out);
    line->len = 0;
}

/* Where so many bytes can be put; NULL: they would never fit. */
static char *room_for(struct text_line *line, size_t len)
{
    if (len > TEXT_LINE_BYTES - line->len) {
        text_line_flush(line);
    }
    if (len > TEXT_LINE_BYTES) {
        return NULL;
    }
    char *const room = line->bytes + line->len;
    line->len += len;
    return room;
}

void text_line_add(struct text_line *line, const char *text, size_t len)
{
    char *const room = room_for(line, len);

    if (room != NULL) {
        memcpy(room, text, len);
    } else {
        (void)fwrite(text, 1, len, line->out);
    }
}

void text_line_spaces(struct text_line *line, size_t count)
{
    while (count > 0) {
        const size_t some = count < TEXT_LINE_BYTES ? count : TEXT_LINE_BYTES;
        memset(room_for(line, some), ' ', some);
        count -= some;
    }
}

void text_line_name(struct text_line *line, const char *name, size_t len, size_t columns)
{
    if (len <= columns && escape_is_plain(name, len)) {
        text_line_add(line, name, len);
        text_line_spaces(line, columns - len);
        return;
    }
    text_line_flush(line);
    text_page_name(line->out, name, len, columns);
}
