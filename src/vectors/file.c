#include "file.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 64 << 20 };

static void close_file(FILE **file)
{
    if (*file != NULL)
        fclose(*file);
}

bool file_read(struct arena *arena, const char *path, struct str *ret_text)
{
    scoped(close_file) FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return false;

    long size = ftell(file);
    if (size < 0 || size > FILE_MAX || !arena_has_room(arena, (size_t)size + 1))
        return false;

    rewind(file);
    char *text = arena_alloc(arena, (size_t)size + 1);
    *ret_text = (struct str){text, fread(text, 1, (size_t)size, file)};
    return ret_text->len == (size_t)size;
}

int tally_end(const struct tally *tally)
{
    printf("%u passed, %u failed\n", tally->passed, tally->failed);
    return tally->failed == 0 && tally->passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
