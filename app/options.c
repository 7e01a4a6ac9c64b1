#include "app/options.h"

#include "app/clock.h"

#include <assert.h>
#include <getopt.h>
#include <math.h>
#include <string.h>

enum {
    MAX_ROWS = 32,        /* options of one command, --help included */
    LONG_ONLY_BASE = 256, /* values of options without a letter: beyond any char */
    HELP_COLUMN = 31,
};

/* The rows of a table in getopt's words. */
struct grammar {
    const struct option_row *rows[MAX_ROWS];
    struct option long_options[MAX_ROWS + 1];
    char letters[2 * MAX_ROWS + 2];
    size_t count;
};

static const struct option_row help_row = {'h', "help", NULL, "explain this command", NULL};

void options_init(struct settings *settings, const struct command *const *commands)
{
    struct capture_options capture;

    capture_options_init(&capture);
    *settings = (struct settings){
        .commands = commands,
        .now_ns = clock_wall_ns(),
        .snaplen = capture.snaplen,
        .buffer_kib = capture.buffer_kib,
        .is_promiscuous = capture.is_promiscuous,
        .jobs = 1,
        .least_rate = (double)NAN,
        .most_refused = (double)NAN,
        .report = {.filter = {.since_ns = HANDSHAKE_NULL, .until_ns = HANDSHAKE_NULL}},
    };
    settings->report.now_ns = settings->now_ns;
}

static int option_value(const struct option_row *row, size_t index)
{
    return row->letter != 0 ? row->letter : LONG_ONLY_BASE + (int)index;
}

static void add_row(struct grammar *grammar, const struct option_row *row)
{
    char *const end = grammar->letters + strlen(grammar->letters);

    assert(grammar->count < MAX_ROWS);
    grammar->long_options[grammar->count] = (struct option){
        .name = row->name,
        .has_arg = row->argument != NULL ? required_argument : no_argument,
        .val = option_value(row, grammar->count),
    };
    if (row->letter != 0) {
        (void)snprintf(end, sizeof(grammar->letters) - (size_t)(end - grammar->letters), "%c%s",
                       row->letter, row->argument != NULL ? ":" : "");
    }
    grammar->rows[grammar->count++] = row;
}

/* The leading ':' makes getopt tell a missing argument from an unknown option. */
static void make_grammar(struct grammar *out, const struct command *command)
{
    *out = (struct grammar){.letters = ":"};
    for (const struct option_row *row = command->options; row->name != NULL; row++) {
        add_row(out, row);
    }
    add_row(out, &help_row);
}

static const struct option_row *find_row(const struct grammar *grammar, int value)
{
    for (size_t i = 0; i < grammar->count; i++) {
        if (grammar->long_options[i].val == value) {
            return grammar->rows[i];
        }
    }
    return NULL;
}

/* What a command line is read with. */
struct parser {
    const struct command *command;
    struct grammar grammar;
    char **argv;
    struct settings *settings;
    struct error *error;
};

void options_blame(const struct command *command, struct error *error)
{
    const struct error reason = *error;

    (void)error_set(error, "%s: %s (see: reprise help %s)", command->name, reason.text,
                    command->name);
}

static enum options_result wrong(const struct parser *parser)
{
    options_blame(parser->command, parser->error);
    return OPTIONS_WRONG;
}

/* getopt keeps a wrong letter in optopt, and a wrong word only in argv. */
static enum options_result unknown_option(const struct parser *parser)
{
    const char *const word = parser->argv[optind - 1];
    const bool is_word = strncmp(word, "--", 2) == 0;

    if (!is_word) {
        (void)error_set(parser->error, "there is no option -%c", optopt);
    } else if (optopt != 0) {
        (void)error_set(parser->error, "option %s takes no argument", word);
    } else {
        (void)error_set(parser->error, "there is no option %s, or several begin so", word);
    }
    return wrong(parser);
}

/* Calls an option by the names it has. */
static void name_of(const struct option_row *row, char *out, size_t bytes)
{
    if (row->letter != 0) {
        (void)snprintf(out, bytes, "-%c/--%s", row->letter, row->name);
    } else {
        (void)snprintf(out, bytes, "--%s", row->name);
    }
}

static enum options_result missing_argument(const struct parser *parser)
{
    const struct option_row *const row = find_row(&parser->grammar, optopt);
    char name[64];

    assert(row != NULL); /* getopt names an option of ours */
    name_of(row, name, sizeof(name));
    (void)error_set(parser->error, "%s needs an argument: %s", name, row->argument);
    return wrong(parser);
}

static enum options_result wrong_value(const struct parser *parser, const struct option_row *row,
                                       const struct error *reason)
{
    char name[64];

    name_of(row, name, sizeof(name));
    (void)error_set(parser->error, "%s: %s", name, reason->text);
    return wrong(parser);
}

static bool takes_two(const struct option_row *row)
{
    return row->argument != NULL && strchr(row->argument, ' ') != NULL;
}

/* getopt takes the first argument of an option; the second is the next word, also one that begins
 * with a dash. */
static enum options_result apply(const struct parser *parser, const struct option_row *row)
{
    struct error reason = {""};

    if (row == &help_row) {
        return OPTIONS_HELP;
    }
    if (!row->apply(parser->settings, optarg, &reason)) {
        return wrong_value(parser, row, &reason);
    }
    if (!takes_two(row)) {
        return OPTIONS_OK;
    }
    if (parser->argv[optind] == NULL) {
        (void)error_set(&reason, "needs two arguments: %s", row->argument);
        return wrong_value(parser, row, &reason);
    }
    return row->apply(parser->settings, parser->argv[optind++], &reason)
               ? OPTIONS_OK
               : wrong_value(parser, row, &reason);
}

static enum options_result parse_option(const struct parser *parser, int value)
{
    if (value == '?') {
        return unknown_option(parser);
    }
    if (value == ':') {
        return missing_argument(parser);
    }
    return apply(parser, find_row(&parser->grammar, value));
}

/* What remains when the options are read. */
static enum options_result finish(const struct parser *parser)
{
    const struct command *const command = parser->command;
    struct settings *const settings = parser->settings;

    if (command->operands[0] == '\0' && settings->operand_count > 0) {
        (void)error_set(parser->error, "%s is not wanted here", settings->operands[0]);
        return wrong(parser);
    }
    if (command->check != NULL && !command->check(settings, parser->error)) {
        return wrong(parser);
    }
    return OPTIONS_OK;
}

enum options_result options_parse(const struct command *command, int argc, char **argv,
                                  struct settings *settings, struct error *error)
{
    struct parser parser = {.command = command, .argv = argv, .settings = settings, .error = error};
    enum options_result result = OPTIONS_OK;

    make_grammar(&parser.grammar, command);
    opterr = 0;
    optind = 0; /* glibc: begin anew, also after an earlier command line */
    while (result == OPTIONS_OK) {
        const int value =
            getopt_long(argc, argv, parser.grammar.letters, parser.grammar.long_options, NULL);
        if (value == -1) {
            break;
        }
        result = parse_option(&parser, value);
    }
    if (result != OPTIONS_OK) {
        return result;
    }
    settings->operands = (const char *const *)(argv + optind);
    settings->operand_count = (size_t)(argc - optind);
    return finish(&parser);
}

const struct command *options_find(const struct command *const *commands, const char *name)
{
    for (; *commands != NULL; commands++) {
        if (strcmp((*commands)->name, name) == 0) {
            return *commands;
        }
    }
    return NULL;
}

static void print_row(const struct option_row *row, FILE *out)
{
    char names[64];
    const char letter[] = {'-', row->letter, ',', ' ', '\0'};

    (void)snprintf(names, sizeof(names), "%s--%s%s%s", row->letter != 0 ? letter : "    ",
                   row->name, row->argument != NULL ? " " : "",
                   row->argument != NULL ? row->argument : "");
    (void)fprintf(out, "  %-*s %s\n", HELP_COLUMN, names, row->help);
}

void options_print_usage(const struct command *command, FILE *out)
{
    (void)fprintf(out, "Usage: reprise %s [OPTION]...%s%s\n\n%s\n", command->name,
                  command->operands[0] != '\0' ? " " : "", command->operands, command->summary);
    if (command->details != NULL) {
        (void)fprintf(out, "\n%s\n", command->details);
    }
    (void)fputs("\nOptions:\n", out);
    for (const struct option_row *row = command->options; row->name != NULL; row++) {
        print_row(row, out);
    }
    print_row(&help_row, out);
}
