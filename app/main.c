#include "app/commands.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &cmd_read,    &cmd_watch,      &cmd_report, &cmd_handshakes,
    &cmd_tickets, &cmd_interfaces, &cmd_help,   NULL,
};

static int fail(enum status status, const struct error *error)
{
    if (error->text[0] != '\0') {
        (void)fprintf(stderr, "reprise: %s\n", error->text);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct error error = {""};
    struct settings settings;
    const char *const word = argc > 1 ? argv[1] : "(none given)";
    const bool is_help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    const struct command *const command = options_find(commands, is_help ? "help" : word);

    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        cmd_print_version(stdout);
        return STATUS_DONE;
    }
    if (command == NULL) {
        (void)error_set(&error, "there is no command %s (see: reprise help)", word);
        return fail(STATUS_USAGE, &error);
    }
    options_init(&settings, commands);
    switch (options_parse(command, argc - 1, argv + 1, &settings, &error)) {
    case OPTIONS_OK:
        return fail(command->run(&settings, &error), &error);
    case OPTIONS_HELP:
        options_print_usage(command, stdout);
        return STATUS_DONE;
    case OPTIONS_WRONG:
        break;
    }
    return fail(STATUS_USAGE, &error);
}
