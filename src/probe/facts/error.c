#include "error.h"

#include <stdarg.h>
#include <stdio.h>

bool probe_error(struct probe_error *reterr, int exit_code, const char *format, ...)
{
    va_list args;

    if (reterr->exit_code != 0)
        return false;
    reterr->exit_code = exit_code;
    va_start(args, format);
    vsnprintf(reterr->text, sizeof reterr->text, format, args);
    va_end(args);
    return false;
}
