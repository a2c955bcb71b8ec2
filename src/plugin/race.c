#include "race.h"

#ifdef HP_TSAN
/* gRPC and abseil come without instrumentation: inside them every lock looks like a race. */
__attribute__((visibility("default"))) const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "ignore_noninstrumented_modules=1";
}

void race_begin(void)
{
}
#endif
