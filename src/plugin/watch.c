#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

bool watch_begin(struct watch *watch, bool interrupts_too)
{
    sigset_t blocked, seen;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT); /* Ctrl-C reaches the whole group; Terraform tells us itself */
    sigaddset(&blocked, SIGHUP);
    sigaddset(&blocked, SIGTERM);
    sigemptyset(&seen);
    sigaddset(&seen, SIGTERM);
    if (interrupts_too)
        seen = blocked;
    signal(SIGPIPE, SIG_IGN);
    watch->parent_fd = -1;
    watch->leave_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    watch->signal_fd = signalfd(-1, &seen, SFD_CLOEXEC | SFD_NONBLOCK);
    return pthread_sigmask(SIG_BLOCK, &blocked, NULL) == 0 && watch->leave_fd >= 0 &&
           watch->signal_fd >= 0;
}

void watch_parent(struct watch *watch)
{
    watch->parent_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
}

void watch_leave(struct watch *watch)
{
    uint64_t one = 1;
    while (write(watch->leave_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

enum leave_reason watch_wait(struct watch *watch)
{
    struct pollfd reasons[] = {
        {.fd = watch->leave_fd, .events = POLLIN},
        {.fd = watch->signal_fd, .events = POLLIN},
        {.fd = watch->parent_fd}, /* POLLERR needs no asking; a negative fd is passed over */
    };
    for (;;) {
        if (poll(reasons, sizeof reasons / sizeof reasons[0], -1) < 0)
            continue; /* interrupted */
        if (reasons[0].revents != 0)
            return LEAVE_ASKED;
        if (reasons[1].revents != 0)
            return LEAVE_SIGNAL;
        if ((reasons[2].revents & (POLLERR | POLLHUP)) != 0)
            return LEAVE_ORPHAN;
        if (reasons[2].revents != 0)
            reasons[2].fd = -1;
    }
}

void watch_end(struct watch *watch)
{
    close(watch->leave_fd);
    close(watch->signal_fd);
    if (watch->parent_fd >= 0)
        close(watch->parent_fd);
}

static void *leave_late(void *arg)
{
    intptr_t wait_ms = (intptr_t)arg;
    struct timespec time = {wait_ms / 1000, wait_ms % 1000 * 1000000};
    nanosleep(&time, NULL);
    _exit(EXIT_SUCCESS);
}

void watch_deadline(int within_ms)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, leave_late, (void *)(intptr_t)within_ms) != 0)
        _exit(EXIT_SUCCESS);
    pthread_detach(thread);
}
