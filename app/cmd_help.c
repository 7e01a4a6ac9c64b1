#include "app/commands.h"

#include "app/output.h"

#include "capture/capture.h"
#include "dissect/label/label.h"
#include "store/store.h"

static const struct option_row options[] = {{.name = NULL}};

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

static enum status run(const struct settings *settings, struct error *error)
{
    if (settings->operand_count == 0) {
        print_commands(settings->commands, stdout);
    } else {
        options_print_usage(options_find(settings->commands, settings->operands[0]), stdout);
    }
    return output_flush(stdout, "standard output", error) == OUTPUT_FAILED ? STATUS_FAILED
                                                                           : STATUS_DONE;
}

const struct command cmd_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "explain the commands, or one of them",
    .options = options,
    .check = check,
    .run = run,
};

void cmd_print_version(FILE *out)
{
    (void)fprintf(out, "reprise %s\n%s\nlibndpi %s\nSQLite %s\n", REPRISE_VERSION,
                  capture_library_version(), label_library_version(), store_library_version());
}
