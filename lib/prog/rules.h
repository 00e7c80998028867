/* SPDX-License-Identifier: MIT */
/* What the architecture says about ID registers, as clauses: when all of these hold, one of those
 * must. */
#ifndef SMMU_PROG_RULES_H
#define SMMU_PROG_RULES_H

#include "prog/ident.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stddef.h>

enum claim_op {
	CLAIM_END, /* no claim: the end of a list */
	CLAIM_IS,
	CLAIM_NOT,
	CLAIM_MIN,
	CLAIM_MAX,
	CLAIM_SAME, /* as another field */
};

/* A claim about one field. */
struct claim {
	enum claim_op op;
	enum id_register reg;
	int field;
	uint32_t value;
	enum id_register as;
	int as_field;
};

#define IS(r, f, v)                                                         \
	{                                                                   \
		.op = CLAIM_IS, .reg = ID_##r, .field = r##_##f, .value = v \
	}
#define NOT(r, f, v)                                                         \
	{                                                                    \
		.op = CLAIM_NOT, .reg = ID_##r, .field = r##_##f, .value = v \
	}
#define MIN(r, f, v)                                                         \
	{                                                                    \
		.op = CLAIM_MIN, .reg = ID_##r, .field = r##_##f, .value = v \
	}
#define MAX(r, f, v)                                                         \
	{                                                                    \
		.op = CLAIM_MAX, .reg = ID_##r, .field = r##_##f, .value = v \
	}
#define SAME(r, f, r2, f2)                                                        \
	{                                                                         \
		.op = CLAIM_SAME, .reg = ID_##r, .field = r##_##f, .as = ID_##r2, \
		.as_field = r2##_##f2                                             \
	}

enum { RULE_CLAIMS = 3 };

struct rule {
	struct claim when[RULE_CLAIMS]; /* all of them; none: always */
	struct claim then[RULE_CLAIMS]; /* one of them */
	const char *section;
};

/* A register that is RES0 unless another register's bit says that it is there. */
struct presence {
	enum id_register reg;
	struct claim when;
	const char *section;
};

/* A feature that is legal and not built. */
struct unbuilt {
	struct claim has;
	const char *feature;
	const char *instead; /* what to write */
	const char *section;
};

extern const struct rule consistency_rules[];
extern const size_t consistency_rule_count;
extern const struct presence presence_rules[];
extern const size_t presence_rule_count;
extern const struct unbuilt unbuilt_features[];
extern const size_t unbuilt_feature_count;

bool claim_holds(const struct smmu3_config *config, const struct claim *claim);
bool rule_holds(const struct smmu3_config *config, const struct rule *rule);

/* The sentence that says how the configuration breaks this rule, cut to size bytes. */
void rule_explain(const struct smmu3_config *config, const struct rule *rule, char *text,
		  size_t size);

#endif
