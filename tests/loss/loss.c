/* Harms captures and holds the verdicts against those of the unharmed ones.
 *
 *     loss [-n SEEDS] [-s FIRST_SEED] FILE|FOLDER...
 *
 * With LOSS_VERBOSE in the environment every verdict that changed is named, not only wrong ones.
 *
 * Ends with 1 when a verdict turned into a wrong one, or when fewer were kept than a row of the
 * table demands.
 * Folders that are not there are passed over: third-party captures are not everywhere. */
#include "tests/loss/harm.h"
#include "tests/loss/judge.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, TITLE_BYTES = PATH_BYTES + 64, DEFAULT_SEEDS = 3 };

static const struct {
    const char *name;
    struct harm harm;
    bool is_random;  /* each seed another outcome */
    double kept_min; /* share of all records */
} harms[] = {
    {"nothing", {.drop = 0}, false, 0.98},
    {"loss 0.1 %", {.drop = 0.001}, true, 0.98},
    {"loss 1 %", {.drop = 0.01}, true, 0},
    {"loss 5 %", {.drop = 0.05}, true, 0},
    {"loss 20 %", {.drop = 0.2}, true, 0},
    {"duplicates 1 %", {.duplicate = 0.01}, true, 0.98},
    {"every packet twice", {.duplicate = 1}, false, 0.98},
    {"reordered 1 %", {.reorder = 0.01}, true, 0.98},
    {"all three, 2 % each", {.drop = 0.02, .duplicate = 0.02, .reorder = 0.02}, true, 0},
    {"96 bytes kept", {.snaplen = 96}, false, 0.3},
    {"128 bytes kept", {.snaplen = 128}, false, 0.3},
    {"256 bytes kept", {.snaplen = 256}, false, 0.45},
    {"600 bytes kept", {.snaplen = 600}, false, 0.8},
};

enum { HARM_COUNT = sizeof(harms) / sizeof(harms[0]) };

struct study {
    struct judge judges[HARM_COUNT];
    unsigned captures;
    unsigned seeds;
    uint64_t first_seed;
};

/* FNV-1a: a capture's dice do not depend on what other captures there are. */
static uint64_t seed_of(const char *path)
{
    const char *name = strrchr(path, '/');
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (const char *c = name != NULL ? name : path; *c != '\0'; c++) {
        hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* A capture as it is, and what is right to say of it. */
struct subject {
    const char *path;
    struct trace whole;
    struct records right;
};

static void harm_once(struct study *study, unsigned which, const struct subject *subject,
                      uint64_t seed)
{
    struct harm harm = harms[which].harm;
    struct trace trace;
    struct records records;
    char title[TITLE_BYTES];

    harm.seed = seed_of(subject->path) ^ (seed * HARM_COUNT + which);
    (void)snprintf(title, sizeof(title), "%s, %s, seed %llu", subject->path, harms[which].name,
                   (unsigned long long)seed);
    harm_apply(&harm, &subject->whole, &trace);
    records_of(&trace, &records);
    judge_add(&study->judges[which], &subject->right, &records, title);
    records_clear(&records);
    trace_clear(&trace);
}

static void study_capture(struct study *study, const char *path)
{
    struct subject subject = {.path = path};
    struct error error;

    if (!trace_load(&subject.whole, path, &error)) {
        trace_clear(&subject.whole);
        return;
    }
    study->captures++;
    records_of(&subject.whole, &subject.right);
    for (unsigned which = 0; which < HARM_COUNT; which++) {
        const unsigned seeds = harms[which].is_random ? study->seeds : 1;
        for (unsigned i = 0; i < seeds && (subject.right.count > 0 || which == 0); i++) {
            harm_once(study, which, &subject, study->first_seed + i);
        }
    }
    records_clear(&subject.right);
    trace_clear(&subject.whole);
}

static int is_capture(const struct dirent *entry)
{
    return strstr(entry->d_name, ".pcap") != NULL || strstr(entry->d_name, ".cap") != NULL;
}

static void study_path(struct study *study, const char *path)
{
    struct dirent **entries;
    const int count = scandir(path, &entries, is_capture, alphasort);

    if (count < 0) {
        if (access(path, R_OK) == 0) {
            study_capture(study, path);
        }
        return;
    }
    for (int i = 0; i < count; i++) {
        char file[PATH_BYTES];
        (void)snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
        study_capture(study, file);
        free(entries[i]);
    }
    free(entries);
}

static double share_of(const struct judge *judge, enum fate fate)
{
    return judge->total == 0 ? 0 : (double)judge->fates[fate] / (double)judge->total;
}

static bool is_good(unsigned which, const struct judge *judge)
{
    return judge->total > 0 && judge->fates[FATE_WRONG] == 0 && judge->fates[FATE_FALSE] == 0 &&
           share_of(judge, FATE_KEPT) >= harms[which].kept_min;
}

static bool print_table(const struct study *study)
{
    bool is_all_good = true;

    printf("%-20s %8s %7s %8s %7s %7s %7s %7s %6s %6s\n", "harm", "records", "kept", "unknown",
           "gone", "likely", "ended", "unended", "wrong", "false");
    for (unsigned which = 0; which < HARM_COUNT; which++) {
        const struct judge *judge = &study->judges[which];
        const size_t *fates = judge->fates;
        const bool good = is_good(which, judge);
        printf("%-20s %8zu %6.2f%% %8zu %7zu %7zu %7zu %7zu %6zu %6zu%s\n", harms[which].name,
               judge->total, 100 * share_of(judge, FATE_KEPT), fates[FATE_UNKNOWN],
               fates[FATE_GONE], fates[FATE_LIKELY], fates[FATE_ENDED], fates[FATE_END_UNSEEN],
               fates[FATE_WRONG], fates[FATE_FALSE], good ? "" : "  <- FAILED");
        is_all_good = is_all_good && good;
    }
    printf("%u captures, %u seeds\n", study->captures, study->seeds);
    return is_all_good;
}

int main(int argc, char **argv)
{
    struct study study = {.seeds = DEFAULT_SEEDS, .first_seed = 1};
    int letter;

    while ((letter = getopt(argc, argv, "n:s:")) != -1) {
        if (letter == 'n') {
            study.seeds = (unsigned)strtoul(optarg, NULL, 10);
        } else if (letter == 's') {
            study.first_seed = strtoull(optarg, NULL, 10);
        } else {
            (void)fprintf(stderr, "usage: loss [-n SEEDS] [-s FIRST_SEED] FILE|FOLDER...\n");
            return 2;
        }
    }
    for (int i = optind; i < argc; i++) {
        study_path(&study, argv[i]);
    }
    return print_table(&study) ? 0 : 1;
}
