#include "app/progress.h"

#include "app/clock.h"
#include "app/terminal.h"

enum { UPDATES_PER_SECOND = 4 };

static const double megabyte = 1e6;

void progress_init(struct progress *progress, FILE *out, bool is_wanted, int64_t now_ns)
{
    *progress = (struct progress){.out = is_wanted && terminal_can_rewrite(out) ? out : NULL,
                                  .started_ns = now_ns};
}

void progress_text(const struct capture_statistics *statistics, int64_t elapsed_ns, char *out,
                   size_t bytes)
{
    const double done = (double)statistics->bytes_read;
    const double total = (double)statistics->bytes_total;
    const double seconds = (double)elapsed_ns / (double)CLOCK_SECOND_NS;
    const double speed = seconds > 0 ? done / seconds : 0;

    if (total <= 0 || speed <= 0) {
        (void)snprintf(out, bytes, "%.1f MB, %.1f MB/s", done / megabyte, speed / megabyte);
        return;
    }
    const double left = done < total ? total - done : 0; /* a file can grow meanwhile */
    (void)snprintf(out, bytes, "%.0f %%, %.1f of %.1f MB, %.1f MB/s, %.0f s left",
                   done < total ? 100 * done / total : 100, done / megabyte, total / megabyte,
                   speed / megabyte, left / speed);
}

void progress_show(struct progress *progress, const struct capture_statistics *statistics,
                   int64_t now_ns)
{
    char text[160];

    if (progress->out == NULL ||
        now_ns - (progress->shown_ns != 0 ? progress->shown_ns : progress->started_ns) <
            CLOCK_SECOND_NS / UPDATES_PER_SECOND) {
        return;
    }
    progress->shown_ns = now_ns;
    progress_text(statistics, now_ns - progress->started_ns, text, sizeof(text));
    (void)fprintf(progress->out, "\r%s\033[K", text);
    (void)fflush(progress->out);
}

void progress_hide(struct progress *progress)
{
    if (progress->out != NULL && progress->shown_ns != 0) {
        (void)fputs("\r\033[K", progress->out);
        (void)fflush(progress->out);
    }
}
