#include "app/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ROWS_DEFAULT = 24, SIZE_MAX_SAID = 10000 };

bool terminal_can_rewrite(FILE *file)
{
    const char *const terminal = getenv("TERM");

    return isatty(fileno(file)) != 0 && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* 0: nothing that makes sense. */
static unsigned from_environment(const char *name)
{
    const char *const text = getenv(name);
    char *end;

    if (text == NULL) {
        return 0;
    }
    const long number = strtol(text, &end, 10);
    return *end != '\0' || number < 0 || number > SIZE_MAX_SAID ? 0 : (unsigned)number;
}

static unsigned or_else(unsigned number, unsigned other)
{
    return number != 0 ? number : other;
}

static unsigned clamped(unsigned columns)
{
    if (columns < TERMINAL_COLUMNS_MIN) {
        return TERMINAL_COLUMNS_MIN;
    }
    return columns > TERMINAL_COLUMNS_MAX ? TERMINAL_COLUMNS_MAX : columns;
}

struct terminal_size terminal_size(FILE *file)
{
    struct winsize said = {0};

    if (isatty(fileno(file)) != 0) {
        (void)ioctl(fileno(file), TIOCGWINSZ, &said);
        said.ws_row = (unsigned short)or_else(said.ws_row, from_environment("LINES"));
    }
    const unsigned columns = or_else(said.ws_col, from_environment("COLUMNS"));
    return (struct terminal_size){
        .columns = clamped(or_else(columns, TERMINAL_COLUMNS_MIN)),
        .rows = or_else(said.ws_row, ROWS_DEFAULT),
    };
}

bool terminal_has_utf8(void)
{
    const locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);

    if (locale == (locale_t)0) {
        return false; /* one that this machine does not have */
    }
    const bool has_utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return has_utf8;
}
