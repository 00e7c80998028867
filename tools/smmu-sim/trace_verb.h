/* SPDX-License-Identifier: MIT */
/* What the verb trace does. */
#ifndef SMMU_SIM_TRACE_VERB_H
#define SMMU_SIM_TRACE_VERB_H

#include "verb.h"

/* Each gets its own arguments; argv[0] is "smmu-sim trace ACT". */
enum status trace_info(int argc, char **argv);
enum status trace_convert(int argc, char **argv);
enum status trace_gen(int argc, char **argv);

#endif
