/* A rank that is killed as a whole: the engine ends all others by force, and nobody is left to say
 * who was first. Two witnesses lie in the folder of the report then.
 *
 * rank-N.died: the measuring process wrote it when its conductor died before it. engine.log: what
 * srun or mpirun print (the example for sbatch puts it there). The engine's first word of a death
 * counts, and without it the earliest mark of this run. */
#ifndef HP_PROBE_LAST_WORDS_H
#define HP_PROBE_LAST_WORDS_H

#include "result/run.h"
#include "stage.h"

/* Where and what the measuring process writes; by the conductor, when it knows its rank. */
void last_words_prepare(struct stage *stage, const char *folder, struct str run_id);
/* In the measuring process: instead of dying with its conductor it writes first, and then dies. */
void last_words_on_death(struct stage *stage);

/* What a line of an engine says of a death: a rank, or -1, and a node's name, or empty; neither
 * when it tells of several nodes at once. False: it says nothing of that kind. */
bool last_words_of_line(struct str line, int64_t *ret_rank, struct str *ret_node);
/* A draft whose run was ended from outside: who died first is marked as lost. False: it is no
 * draft, or nobody says who. The caller judges again. */
bool last_words_read(struct probe_run *run, const char *report_path);

#endif
