/* The files ~/.aws/config and ~/.aws/credentials. Private to aws.
 *
 * Values borrow from the files' text, so that wiping it wipes the secrets in it too. Source: AWS
 * SDKs and Tools Reference Guide, "Shared config and credentials files". */
#ifndef AWS_PROFILE_H
#define AWS_PROFILE_H

#include <hp/base/arena.h>

enum profile_file { PROFILE_CONFIG, PROFILE_CREDENTIALS };
enum profile_kind { PROFILE_PROFILE, PROFILE_SSO_SESSION, PROFILE_SERVICES, PROFILE_OTHER };

struct profile_line {
    struct str key, value;
    struct str below; /* the indented lines that follow, as they are in the file */
    struct profile_line *next;
};

struct profile {
    enum profile_file file;
    enum profile_kind kind;
    struct str name;
    bool prefixed; /* [profile default] wins over [default] */
    struct profile_line *lines, *last;
    struct profile *next;
};

struct profiles {
    struct profile *first, *last;
    size_t lines;
};

/* Adds a file's sections to *profiles. False: *ret_line and *ret_why say what cannot be read. */
bool profiles_parse(struct arena *arena, struct str text, enum profile_file file,
                    struct profiles *profiles, size_t *ret_line, const char **ret_why);
/* The value of the last such line, or ptr NULL. Keys in any case. */
struct str profile_get(const struct profiles *profiles, enum profile_file file,
                       enum profile_kind kind, struct str name, const char *key);
bool profile_exists(const struct profiles *profiles, struct str name);
/* From the indented lines below a key: `sagemaker =` and below it `endpoint_url = x`. */
struct str profile_get_below(const struct profiles *profiles, enum profile_file file,
                             enum profile_kind kind, struct str name, const char *key,
                             const char *inner_key);

#endif
