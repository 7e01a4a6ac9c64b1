#include "app/commands.h"

#include "app/output.h"
#include "app/signals.h"

#include "capture/capture.h"
#include "dissect/label/label.h"
#include "store/store.h"

#include <string.h>

static const struct option_row no_options[] = {{.name = NULL}};

static enum status flush(struct error *error)
{
    return output_flush(stdout, "standard output", error) == OUTPUT_FAILED ? STATUS_FAILED
                                                                           : STATUS_DONE;
}

static void print_commands(const struct command *const *commands, FILE *out)
{
    (void)fputs("Usage: reprise COMMAND [OPTION]... [ARGUMENT]...\n\n"
                "Watches packets, finds every TLS handshake, and says whether it was resumed and\n"
                "what that saved.\n\nCommands:\n",
                out);
    for (; *commands != NULL; commands++) {
        (void)fprintf(out, "  %-12s %s\n", (*commands)->name, (*commands)->summary);
    }
    (void)fputs("\nreprise help COMMAND explains one of them; reprise --version tells versions.\n",
                out);
}

static bool check(struct settings *settings, struct error *error)
{
    if (settings->operand_count > 1) {
        return error_set(error, "one command at a time");
    }
    if (settings->operand_count == 1 &&
        options_find(settings->commands, settings->operands[0]) == NULL) {
        return error_set(error, "there is no command %s", settings->operands[0]);
    }
    return true;
}

static enum status run_help(const struct settings *settings, struct error *error)
{
    signals_ignore_pipe();
    if (settings->operand_count == 1) {
        return cmd_print_usage(options_find(settings->commands, settings->operands[0]), error);
    }
    print_commands(settings->commands, stdout);
    return flush(error);
}

/* Ours, and those of the libraries that read untrusted bytes. */
static enum status run_version(const struct settings *settings, struct error *error)
{
    (void)settings;
    signals_ignore_pipe();
    (void)printf("reprise %s\n%s\nlibndpi %s\nSQLite %s\n", REPRISE_VERSION,
                 capture_library_version(), label_library_version(), store_library_version());
    return flush(error);
}

const struct command cmd_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "explain the commands, or one of them",
    .options = no_options,
    .check = check,
    .run = run_help,
};

static const struct command cmd_version = {
    .name = "--version",
    .operands = "",
    .summary = "versions of reprise and of the libraries it stands on",
    .options = no_options,
    .run = run_version,
};

enum status cmd_print_usage(const struct command *command, struct error *error)
{
    signals_ignore_pipe();
    options_print_usage(command, stdout);
    return flush(error);
}

const struct command *cmd_find(const struct command *const *commands, const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        return &cmd_help;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        return &cmd_version;
    }
    return options_find(commands, word);
}
