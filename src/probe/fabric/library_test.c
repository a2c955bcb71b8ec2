#include "library.h"

#include <dlfcn.h>
#include <hp/base/test.h>

START_TEST(the_struct_that_is_asked_for_is_the_one_of_the_headers)
{
    struct probe_error error = {0};
    void *library = dlopen("libfabric.so.1", RTLD_NOW);

    if (library == NULL || !library_open(&error))
        return; /* it is told by others */
    if (FI_VERSION_GE(fi_version(), LIBRARY_HEADERS + 1))
        return; /* not the library that came with the headers */
    ck_assert_ptr_eq(dlvsym(library, "fi_getinfo", library_layout), dlsym(library, "fi_getinfo"));
    ck_assert_uint_eq(library_api(), LIBRARY_HEADERS);
    dlclose(library);
}
END_TEST

TESTS("probe/library", the_struct_that_is_asked_for_is_the_one_of_the_headers)
