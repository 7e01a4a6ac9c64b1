/* The subcommands, one file each: cmd_<name>.c. */
#ifndef REPRISE_APP_COMMANDS_H
#define REPRISE_APP_COMMANDS_H

#include "app/options.h"

extern const struct command cmd_read;
extern const struct command cmd_watch;
extern const struct command cmd_report;
extern const struct command cmd_handshakes;
extern const struct command cmd_tickets;
extern const struct command cmd_interfaces;
extern const struct command cmd_help;

/* The command of a word of the command line, `--help` and `--version` included; NULL: none. */
const struct command *cmd_find(const struct command *const *commands, const char *word);

/* What `reprise help COMMAND` prints. */
MUST_CHECK enum status cmd_print_usage(const struct command *command, struct error *error);

#endif
