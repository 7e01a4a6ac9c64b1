/* The command line: one option table per command, from which it is read, checked and explained. */
#ifndef REPRISE_APP_OPTIONS_H
#define REPRISE_APP_OPTIONS_H

#include "app/status.h"

#include "capture/capture.h"
#include "report/report.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { OPTIONS_MAX_INTERFACES = 64, OPTIONS_FILTER_BYTES = 4096, OPTIONS_MAX_JOBS = 64 };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct command;

/* All that can be said on a command line; each command looks at its own part. Text is borrowed
 * from the command line. */
struct settings {
    const struct command *const *commands; /* all there are, NULL at the end */
    int64_t now_ns;                        /* what "-24h" and "today" go from */
    const char *database;                  /* NULL: none given */
    const char *filter;                    /* NULL: none given */
    const char *interfaces[OPTIONS_MAX_INTERFACES];
    size_t interface_count;
    int snaplen;
    int buffer_kib;
    bool is_promiscuous;
    bool is_followed;
    uint64_t max_handshakes; /* 0: all */
    int64_t duration_ns;     /* 0: no end */
    unsigned jobs;
    uint64_t memory_bytes; /* of all dissectors; 0: the default */
    bool is_quiet;
    bool shows_table; /* watch */
    bool is_verbose;
    const char *output; /* NULL: standard output */
    const char *user;   /* NULL: the default */
    enum color color;
    struct report_options report;
    double least_rate;   /* percent; NAN: not asked for, as the next */
    double most_refused; /* percent of offers */
    const char *const *operands;
    size_t operand_count;
    char filter_words[OPTIONS_FILTER_BYTES]; /* where the words of a trailing filter are joined */
};

/* One option. The tables end with a row whose name is NULL. */
struct option_row {
    char letter;          /* 0: it has only a long name */
    const char *name;     /* long, without the dashes */
    const char *argument; /* what usage calls it; NULL: takes none; "A B": takes two */
    const char *help;
    /* value: the argument, NULL where the row has none; called once for each. On failure the
     * sentence says what is wrong with the value, not which option it belongs to. */
    bool (*apply)(struct settings *settings, const char *value, struct error *error);
};

struct command {
    const char *name;
    const char *operands; /* as in the usage line: "FILE..."; "" for none */
    const char *summary;  /* a line */
    const char *details;  /* a paragraph; NULL: none */
    const struct option_row *options;
    /* After the last option: what is missing or does not go together. NULL: nothing to check. */
    bool (*check)(struct settings *settings, struct error *error);
    enum status (*run)(const struct settings *settings, struct error *error);
};

void options_init(struct settings *settings, const struct command *const *commands);

enum options_result {
    OPTIONS_OK,
    OPTIONS_HELP,  /* --help was among them */
    OPTIONS_WRONG, /* one line that names the option and the command that explains it */
};

/* argv[0] is the command's name. Reorders argv: options first. */
MUST_CHECK enum options_result options_parse(const struct command *command, int argc, char **argv,
                                             struct settings *settings, struct error *error);

/* Puts the command in front of a sentence about its usage, and what explains it behind. */
void options_blame(const struct command *command, struct error *error);

/* NULL when there is no such command. */
const struct command *options_find(const struct command *const *commands, const char *name);

/* What `reprise help COMMAND` prints. */
void options_print_usage(const struct command *command, FILE *out);

#endif
