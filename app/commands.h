/* The subcommands, one file each: cmd_<name>.c. */
#ifndef REPRISE_APP_COMMANDS_H
#define REPRISE_APP_COMMANDS_H

#include "app/options.h"

#include <stdio.h>

extern const struct command cmd_read;
extern const struct command cmd_watch;
extern const struct command cmd_report;
extern const struct command cmd_handshakes;
extern const struct command cmd_tickets;
extern const struct command cmd_interfaces;
extern const struct command cmd_help;

/* `reprise --version`: ours, and those of the libraries that read untrusted bytes. */
void cmd_print_version(FILE *out);

#endif
