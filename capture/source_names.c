#include "capture/source_names.h"

#include "capture/magic.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Compares two runs of digits by value and advances both over them. A longer run without its
 * leading zeros is the larger number. */
static int compare_numbers(const char **a, const char **b)
{
    const size_t zeros_a = strspn(*a, "0");
    const size_t zeros_b = strspn(*b, "0");
    const size_t digits_a = strspn(*a + zeros_a, "0123456789");
    const size_t digits_b = strspn(*b + zeros_b, "0123456789");
    int order = digits_a < digits_b ? -1 : digits_a > digits_b;

    if (order == 0) {
        order = memcmp(*a + zeros_a, *b + zeros_b, digits_a);
    }
    *a += zeros_a + digits_a;
    *b += zeros_b + digits_b;
    return order;
}

int source_names_compare(const char *a, const char *b)
{
    const char *const whole_a = a;
    const char *const whole_b = b;
    int order = 0;

    while (order == 0 && *a != '\0' && *b != '\0') {
        if (is_digit(*a) && is_digit(*b)) {
            order = compare_numbers(&a, &b);
        } else {
            order = (unsigned char)*a - (unsigned char)*b;
            a++;
            b++;
        }
    }
    if (order == 0) {
        order = (unsigned char)*a - (unsigned char)*b;
    }
    return order != 0 ? order
                      : strcmp(whole_a, whole_b); /* 01 and 1: some order, always the same */
}

static int compare_paths(const void *a, const void *b)
{
    const char *const *first = a;
    const char *const *second = b;

    return source_names_compare(*first, *second);
}

/* Takes ownership of path, also when it fails. */
static bool append(struct source_names *names, char *path, struct error *error)
{
    char **grown = NULL;

    if (path != NULL) {
        grown = realloc(names->paths, (names->count + 1) * sizeof(*grown));
    }
    if (grown == NULL) {
        free(path);
        return error_set(error, "no memory for the list of files");
    }
    names->paths = grown;
    names->paths[names->count++] = path;
    return true;
}

static char *join(const char *directory, const char *name)
{
    const size_t len = strlen(directory);
    const char *const slash = len > 0 && directory[len - 1] == '/' ? "" : "/";
    const size_t bytes = len + 1 + strlen(name) + 1;
    char *path = malloc(bytes);

    if (path != NULL) {
        (void)snprintf(path, bytes, "%s%s%s", directory, slash, name);
    }
    return path;
}

/* Appends a directory's entry if it is a regular file that may be a capture; whatever else lies
 * beside captures is passed over. */
static bool append_entry(struct source_names *names, const char *directory, const char *name,
                         struct error *error)
{
    struct stat status;
    char *path = join(directory, name);

    if (path != NULL &&
        (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || !magic_may_be_capture(path))) {
        free(path);
        return true;
    }
    return append(names, path, error);
}

/* A directory that cannot be listed or has no files stays in the list as itself, so that opening
 * it tells why while the others go on. */
static bool append_directory(struct source_names *names, const char *path, struct error *error)
{
    const size_t count_before = names->count;
    DIR *directory = opendir(path);
    bool ok = true;

    while (directory != NULL && ok) {
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            break;
        }
        if (entry->d_name[0] != '.') {
            ok = append_entry(names, path, entry->d_name, error);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    if (ok && names->count == count_before) {
        ok = append(names, strdup(path), error);
    }
    return ok;
}

static bool append_word(struct source_names *names, const char *word, struct error *error)
{
    struct stat status;

    if (stat(word, &status) == 0 && S_ISDIR(status.st_mode)) {
        return append_directory(names, word, error);
    }
    return append(names, strdup(word), error);
}

bool source_names_init(struct source_names *out, const char *const *words, size_t count,
                       struct error *error)
{
    *out = (struct source_names){NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (!append_word(out, words[i], error)) {
            source_names_clear(out);
            return false;
        }
    }
    if (out->count > 0) {
        qsort(out->paths, out->count, sizeof(*out->paths), compare_paths);
    }
    return true;
}

void source_names_clear(struct source_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->paths[i]);
    }
    free(names->paths);
    *names = (struct source_names){NULL, 0};
}
