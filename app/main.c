#include "app/commands.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &cmd_read,    &cmd_watch,      &cmd_report, &cmd_handshakes,
    &cmd_tickets, &cmd_interfaces, &cmd_help,   NULL,
};

static enum status run(const struct command *command, int argc, char **argv, struct error *error)
{
    struct settings settings;
    enum status status = STATUS_USAGE;

    options_init(&settings, commands);
    switch (options_parse(command, argc, argv, &settings, error)) {
    case OPTIONS_OK:
        status = command->run(&settings, error);
        if (status == STATUS_USAGE) {
            options_blame(command, error);
        }
        return status;
    case OPTIONS_HELP:
        return cmd_print_usage(command, error);
    case OPTIONS_WRONG:
        break;
    }
    return status;
}

/* One heap for all threads. No thread allocates per packet, so they do not wait for each other; but
 * the heaps that glibc gives to further threads grow page by page, with a system call for each. */
static void share_heap(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
}

int main(int argc, char **argv)
{
    struct error error = {""};
    const char *const word = argc > 1 ? argv[1] : "";
    const struct command *const command = cmd_find(commands, word);
    enum status status = STATUS_USAGE;

    share_heap();
    if (command != NULL) {
        status = run(command, argc - 1, argv + 1, &error);
    } else {
        (void)error_set(&error, "%s%s (see: reprise help)",
                        argc > 1 ? "there is no command " : "a command is missing", word);
    }
    if (error.text[0] != '\0') {
        (void)fprintf(stderr, "reprise: %s\n", error.text);
    }
    return status;
}
