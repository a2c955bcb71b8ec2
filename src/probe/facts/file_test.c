#include "file.h"

#include <hp/base/test.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[32];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/probe-file-test.XXXXXX");
    ck_assert(mkdtemp(folder) != NULL);
}

static const char *in_folder(const char *name)
{
    static char path[4][256];
    static int at;

    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

/* What NAME is called while it is written. */
static const char *fresh(const char *name)
{
    char made[64];

    snprintf(made, sizeof made, "%s.%d.new", name, getpid());
    return in_folder(made);
}

START_TEST(a_file_is_written_whole_and_read_again)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct probe_error error = {0};
    struct str text;

    make_folder();
    ck_assert(file_write(in_folder("a"), S("first"), &error));
    ck_assert(file_write(in_folder("a"), S("second"), &error));
    ck_assert(file_read(arena, in_folder("a"), 100, &text, &error));
    ck_assert_str(text, S("second"));
    ck_assert(access(fresh("a"), F_OK) != 0);
    unlink(in_folder("a"));
    rmdir(folder);
}

START_TEST(a_full_disk_leaves_the_old_file_and_no_half_one)
{
    struct probe_error error = {0};

    /* /dev/full takes nothing; the name that is written first lies there by a link. */
    make_folder();
    ck_assert_int_eq(symlink("/dev/full", fresh("b")), 0);
    ck_assert(file_write(in_folder("c"), S("old"), &error));
    ck_assert(!file_write(in_folder("b"), S("text"), &error));
    ck_assert_int_eq(error.exit_code, EXIT_CANNOT_WRITE);
    ck_assert_msg(strstr(error.text, "No space left") != NULL, "%s", error.text);
    ck_assert(access(in_folder("b"), F_OK) != 0 && access(fresh("b"), F_OK) != 0);
    unlink(in_folder("c"));
    rmdir(folder);
}

START_TEST(words_beside_a_report_are_those_of_a_plain_file)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct probe_error error = {0};
    struct str text;

    make_folder();
    ck_assert(file_write(in_folder("a"), S("0123456789"), &error));
    ck_assert(file_read_words(arena, in_folder("a"), 4, &text));
    ck_assert_str(text, S("0123"));
    ck_assert_int_eq(mkfifo(in_folder("pipe"), 0600), 0);
    ck_assert(!file_read_words(arena, in_folder("pipe"), 4, &text)); /* nor does it wait */
    ck_assert(!file_read_words(arena, "/dev/zero", 4, &text));
    ck_assert(!file_read_words(arena, in_folder("none"), 4, &text));
    unlink(in_folder("a"));
    unlink(in_folder("pipe"));
    rmdir(folder);
}

START_TEST(a_device_stays_a_device)
{
    struct probe_error error = {0};
    struct stat status;

    ck_assert(file_write("/dev/null", S("text"), &error));
    ck_assert(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    ck_assert(!file_write("/dev/full", S("text"), &error));
    ck_assert_int_eq(error.exit_code, EXIT_CANNOT_WRITE);
    ck_assert(stat("/dev/full", &status) == 0 && S_ISCHR(status.st_mode));
}

START_TEST(what_cannot_be_read_says_why)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct probe_error error = {0};
    struct str text;

    ck_assert(!file_read(arena, "/nonexistent", 100, &text, &error));
    ck_assert(strstr(error.text, "No such file") != NULL && error.exit_code == EXIT_BAD_DATA);
    error = (struct probe_error){0};
    ck_assert(!file_read(arena, "/tmp", 100, &text, &error));
    error = (struct probe_error){0};
    ck_assert(!file_read(arena, "/proc/self/exe", 100, &text, &error));
    ck_assert(strstr(error.text, "larger than 100 bytes") != NULL);
}

START_TEST(folders_are_made_with_those_above_them)
{
    struct probe_error error = {0};
    struct stat status;

    make_folder();
    ck_assert(folder_make(in_folder("x/y/z"), &error));
    ck_assert(stat(in_folder("x/y/z"), &status) == 0 && S_ISDIR(status.st_mode));
    ck_assert(folder_make(in_folder("x/y/z"), &error));
    ck_assert(!folder_make("/dev/null/x", &error));
    ck_assert_int_eq(error.exit_code, EXIT_CANNOT_WRITE);
    rmdir(in_folder("x/y/z"));
    rmdir(in_folder("x/y"));
    rmdir(in_folder("x"));
    rmdir(folder);
}

TESTS("probe/file", a_file_is_written_whole_and_read_again,
      a_full_disk_leaves_the_old_file_and_no_half_one,
      words_beside_a_report_are_those_of_a_plain_file, a_device_stays_a_device,
      what_cannot_be_read_says_why, folders_are_made_with_those_above_them)
