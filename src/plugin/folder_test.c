#include "folder.h"
#include <hp/base/test.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(the_first_base_that_works_is_taken_and_is_ours_alone)
{
    struct arena *arena = arena_new(1 << 20);
    char *too_long = arena_alloc(arena, 120);
    memset(too_long, 'x', 119);
    too_long[0] = '/';
    const struct str bases[] = {{NULL, 0},       S_INIT("relative"), S_INIT("/with|bar"),
                                S_INIT("/a\nb"), {too_long, 119},    S_INIT("/no/such/folder"),
                                S_INIT("/tmp"),  S_INIT("/dev/shm")};
    struct folder folder = {0};
    struct str why;
    struct stat status;

    ck_assert(folder_make(arena, bases, sizeof bases / sizeof bases[0], S(""), &folder, &why));

    ck_assert(str_starts(str_of(folder.path), S("/tmp/plugin-")));
    ck_assert(str_starts(str_of(folder.socket), str_of(folder.path)));
    ck_assert_int_eq(stat(folder.path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0700);
    folder_remove(&folder);
    ck_assert_int_ne(access(folder.path, F_OK), 0);
    folder_remove(&folder); /* twice does no harm */
    arena_free(arena);
}
END_TEST

START_TEST(no_base_at_all_is_told)
{
    struct arena *arena = arena_new(1 << 20);
    const struct str bases[] = {S_INIT("/no/such/folder")};
    struct folder folder = {0};
    struct str why = {0};

    ck_assert(!folder_make(arena, bases, 1, S(""), &folder, &why));

    ck_assert(str_has(why, S("/no/such/folder")));
    ck_assert_ptr_null(folder.path);
    folder_remove(&folder);
    arena_free(arena);
}
END_TEST

START_TEST(the_address_escapes_what_a_uri_does_not_take)
{
    struct arena *arena = arena_new(1 << 20);
    struct folder folder = {.path = NULL, .socket = (char *)"/tmp/a b%c?d#e\xc3\xa4/s"};

    ck_assert_str_eq(folder_address(arena, &folder), "unix:/tmp/a%20b%25c%3Fd%23e%C3%A4/s");
    arena_free(arena);
}
END_TEST

START_TEST(a_group_that_is_none_is_told)
{
    struct arena *arena = arena_new(1 << 20);
    const struct str bases[] = {S_INIT("/tmp")};
    struct folder folder = {0};
    struct str why = {0};

    ck_assert(folder_make(arena, bases, 1, S("no such group"), &folder, &why));
    ck_assert(!folder_share(arena, &folder, &why));

    ck_assert(str_has(why, S("no such group")));
    folder_remove(&folder);
    arena_free(arena);
}
END_TEST

START_TEST(a_group_by_number_may_connect)
{
    struct arena *arena = arena_new(1 << 20);
    const struct str bases[] = {S_INIT("/tmp")};
    struct folder folder = {0};
    struct str why = {0}, group = arena_fmt(arena, "%u", (unsigned)getgid());
    struct stat status;

    ck_assert(folder_make(arena, bases, 1, group, &folder, &why));
    fclose(fopen(folder.socket, "w"));
    ck_assert_msg(folder_share(arena, &folder, &why), "%.*s", STR(why));

    ck_assert_int_eq(stat(folder.socket, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0660);
    ck_assert_int_eq(stat(folder.path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0710);
    folder_remove(&folder);
    arena_free(arena);
}
END_TEST

TESTS("plugin/folder", the_first_base_that_works_is_taken_and_is_ours_alone, no_base_at_all_is_told,
      the_address_escapes_what_a_uri_does_not_take, a_group_that_is_none_is_told,
      a_group_by_number_may_connect)
