/* ThreadSanitizer does not see how gRPC hands tags and bytes from one thread to another. */
#ifndef HP_PLUGIN_RACE_H
#define HP_PLUGIN_RACE_H

#if defined(__SANITIZE_THREAD__)
#define HP_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HP_TSAN 1
#endif
#endif

#ifdef HP_TSAN
#include <sanitizer/tsan_interface.h>
#define race_give(what) __tsan_release(what)
#define race_take(what) __tsan_acquire(what)
void race_begin(void); /* brings in the options for uninstrumented libraries */
#else
#define race_give(what) ((void)(what))
#define race_take(what) ((void)(what))
#define race_begin()    ((void)0)
#endif

#endif
