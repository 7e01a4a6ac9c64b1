/* The main of a fuzz target outside the fuzz preset: gives it each file of the folders named on
 * the command line once, so that what was found stays found. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX_BYTES = 1 << 20 };

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *buffer = malloc(INPUT_MAX_BYTES);
    uint8_t *exact = NULL;
    size_t len = 0;

    if (file != NULL && buffer != NULL) {
        len = fread(buffer, 1, INPUT_MAX_BYTES, file);
        exact = malloc(len > 0 ? len : 1);
    }
    if (exact != NULL) {
        /* An exact-size copy lets a sanitizer see one byte too far. */
        for (size_t i = 0; i < len; i++) {
            exact[i] = buffer[i];
        }
        (void)LLVMFuzzerTestOneInput(exact, len);
    }
    const int done = exact != NULL;
    free(exact);
    free(buffer);
    if (file != NULL) {
        (void)fclose(file);
    }
    return done;
}

static int replay_folder(const char *folder)
{
    char path[4096];
    int count = 0;
    DIR *directory = opendir(folder);

    if (directory == NULL) {
        return 0;
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        const int written = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && written > 0 && (size_t)written < sizeof(path)) {
            count += replay_file(path);
        }
    }
    (void)closedir(directory);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;

    for (int i = 1; i < argc; i++) {
        count += replay_folder(argv[i]);
    }
    (void)printf("%d inputs replayed\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE; /* an empty corpus tests nothing */
}
