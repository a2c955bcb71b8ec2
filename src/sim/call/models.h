/* AWS's own service models (--models): a botocore data folder, or a flat folder of
 * SERVICE.service-2.json, plain or gzipped. What the sim's operations take and answer is read into
 * the tables of shape.h once, and never changes. */
#ifndef HP_SIM_MODELS_H
#define HP_SIM_MODELS_H

#include "shape.h"

struct operation_model {
    struct str service, operation;
    const struct shape *input, *output; /* a structure, perhaps without members */
};

struct models {
    struct arena *arena;
    const struct operation_model *operations;
    size_t count;
    struct doc *files;       /* the file of each service */
    struct doc *notes;       /* patterns and services that are not looked at, and why */
    struct doc *differences; /* between our tables and the models */
    struct list answers;     /* char *: how answers differed from the models; heap */
};

/* NULL: *reterr says what is wrong, with the exit code: 64 there is no such folder, or no model in
 * it; 65 a model that cannot be read. */
struct models *models_load(const char *folder, struct sim_error *reterr);
void models_free(struct models *models); /* takes NULL too */
const struct operation_model *models_find(const struct models *models, struct str service,
                                          struct str operation);

/* Checks the input by our own table (if there is one) and by the model (if there is one). False:
 * the call's error is made: AWS's, or ModelDifference where the two do not agree. */
bool models_check(const struct models *models, struct call *call, const struct service *service);
/* Notes how an answer differs from the model: members that AWS does not know, or that are missing,
 * kinds and values. models NULL: nothing. */
void models_check_answer(struct models *models, const struct call *call,
                         const struct service *service);

/* {"folder", "notes", "differences", "answers"}. */
struct doc *models_describe(const struct models *models, struct arena *arena);

/* For the fuzzer: a model's text as that of a service. False: *reterr. */
bool models_read(struct models *models, const struct service *service, struct str text,
                 const char *path, struct sim_error *reterr);
struct models *models_new(void);

#endif
