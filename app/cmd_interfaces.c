#include "app/commands.h"

#include "app/output.h"
#include "app/signals.h"

#include "capture/interface_list.h"

static const struct option_row options[] = {{.name = NULL}};

/* Names and descriptions come from the system, not from packets. */
static void print_entry(const struct interface_entry *entry, FILE *out)
{
    const char *const state = !entry->is_up ? "not up" : entry->is_running ? "running" : "up";

    (void)fprintf(out, "%-16s %-8s%s%s", entry->name, state, entry->is_loopback ? " loopback" : "",
                  entry->is_wireless ? " wireless" : "");
    if (entry->addresses[0] != '\0') {
        (void)fprintf(out, " %s", entry->addresses);
    }
    if (entry->description[0] != '\0') {
        (void)fprintf(out, " (%s)", entry->description);
    }
    (void)fputc('\n', out);
}

static enum status run(const struct settings *settings, struct error *error)
{
    struct interface_list list;

    (void)settings;
    signals_ignore_pipe();
    if (!interface_list_init(&list, error)) {
        return STATUS_FAILED;
    }
    for (size_t i = 0; i < list.count; i++) {
        print_entry(&list.entries[i], stdout);
    }
    interface_list_clear(&list);
    return output_flush(stdout, "standard output", error) == OUTPUT_FAILED ? STATUS_FAILED
                                                                           : STATUS_DONE;
}

const struct command cmd_interfaces = {
    .name = "interfaces",
    .operands = "",
    .summary = "list the interfaces that can be watched",
    .options = options,
    .run = run,
};
