#include "call.h"
static inline bool shape_check(struct call *c)
{
    (void)c;
    return true;
}
