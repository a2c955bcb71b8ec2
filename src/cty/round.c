#include "inside.h"

struct cty_number cty_number_round(const struct cty_number *number, char *digits)
{
    (void)digits;
    return *number;
}
