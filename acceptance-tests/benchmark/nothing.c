/* What a start costs on this machine before anybody has done anything: prints a line and waits. */
#include <unistd.h>

int main(void)
{
    return write(1, "1|6|unix|nothing|grpc|\n", 23) == 23 ? pause() : 1;
}
