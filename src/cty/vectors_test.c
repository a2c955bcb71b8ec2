/* The vectors of this folder through the tool that runs them: go-cty's bytes, errors and texts. */
#include <hp/base/test.h>

#include <stdio.h>
#include <unistd.h>

static const char tool[] = HP_BINARY_DIR "/bin/vectors";
static const char vectors[] = HP_SOURCE_DIR "/src/cty/testdata/vectors.json";

static int run(const char *file, char *last_line, size_t size)
{
    char command[1024], line[4096];
    int len = snprintf(command, sizeof command, "'%s' cty '%s'", tool, file);
    FILE *out = len < (int)sizeof command ? popen(command, "r") : NULL;

    ck_assert_ptr_nonnull(out);
    while (fgets(line, sizeof line, out) != NULL)
        snprintf(last_line, size, "%.*s", (int)size - 1, line);
    return pclose(out);
}

START_TEST(every_vector_of_ours_passes)
{
    char last_line[200] = "";

    ck_assert_msg(access(tool, X_OK) == 0, "build the target `vectors` first");
    int status = run(vectors, last_line, sizeof last_line);

    ck_assert_str_eq(last_line, "202 passed, 0 failed\n");
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_wrong_vector_is_counted_and_a_file_without_any_is_no_success)
{
    char wrong[] = "/tmp/hp-vectors-XXXXXX", last_line[200] = "";
    int fd = mkstemp(wrong);
    FILE *file = fdopen(fd, "w");

    ck_assert_ptr_nonnull(file);
    fputs("{\"encode\": [{\"id\": \"x\", \"type\": \"bool\", \"value\": {\"bool\": true},"
          " \"msgpack\": \"c2\"}]}",
          file);
    fclose(file);
    ck_assert_int_ne(run(wrong, last_line, sizeof last_line), 0);
    ck_assert_str_eq(last_line, "0 passed, 1 failed\n");

    file = fopen(wrong, "w");
    fputs("{}", file);
    fclose(file);
    ck_assert_int_ne(run(wrong, last_line, sizeof last_line), 0);
    ck_assert_str_eq(last_line, "0 passed, 0 failed\n");
    unlink(wrong);
}
END_TEST

TESTS("cty/vectors", every_vector_of_ours_passes,
      a_wrong_vector_is_counted_and_a_file_without_any_is_no_success)
