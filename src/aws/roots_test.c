#include "roots.h"
#include <hp/base/test.h>

#include <unistd.h>

static struct str env_with(void *arg, const char *name)
{
    return strcmp(name, "SSL_CERT_FILE") == 0 ? str_of(arg) : (struct str){NULL, 0};
}

START_TEST(a_file_that_the_environment_names_stands_first)
{
    struct world world = {.env = env_with, .arg = (void *)"/opt/company/roots.pem"};

    ck_assert_str(roots_find(&world), S("/opt/company/roots.pem"));
}
END_TEST

START_TEST(without_a_word_it_is_this_machines_own_file)
{
    static const char debian[] = "/etc/ssl/certs/ca-certificates.crt";
    struct world silent = {.env = env_with, .arg = NULL},
                 empty = {.env = env_with, .arg = (void *)""};

    struct str found = roots_find(&silent);

    ck_assert(str_starts(found, S("/etc/")));
    ck_assert_str(roots_find(&empty), found);
    if (access(debian, R_OK) == 0)
        ck_assert_str(found, S("/etc/ssl/certs/ca-certificates.crt"));
}
END_TEST

TESTS("aws/roots", a_file_that_the_environment_names_stands_first,
      without_a_word_it_is_this_machines_own_file)
