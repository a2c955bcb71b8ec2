/* Logs for a person or for Terraform, one line each on stderr, written by one write(2).
 *
 * Under Terraform (LOG_HCLOG) a line is hclog's JSON: @level, @message, @module, @timestamp are
 * always JSON strings, since anything else crashes Terraform 1.11. Text is cleaned to UTF-8 and cut
 * at 32 KiB. No secret is ever given to a log: struct secret has no format. */
#ifndef HP_BASE_LOG_H
#define HP_BASE_LOG_H

#include <hp/base/str.h>

enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };
enum log_form { LOG_HUMAN, LOG_HCLOG };

/* Once, before threads. */
void log_begin(enum log_form form, enum log_level least, int fd);
bool log_wants(enum log_level level);
/* trace, debug, info, warn, error, off (any case); false when it is none of these. */
bool log_level_from(struct str name, enum log_level *ret_level);

/* Pairs of key and value follow the message, ended by NULL: log_line(LOG_INFO, "aws", "called",
 * "op", name, NULL). */
void log_line(enum log_level level, const char *module, const char *message, ...)
    __attribute__((sentinel));
void log_fmt(enum log_level level, const char *module, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
