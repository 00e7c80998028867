/* SPDX-License-Identifier: MIT */
#include "platform/adversity.h"

#include <smmu/adversity.h>
#include <string.h>

/* Words that are about accesses and commands to come; a driver's own, before it has an SMMU that
 * works, are none of them. */
static bool is_of_what_comes(const char *word)
{
	static const char *const names[] = { "abort=", "poison=", "lose=",
					     "full=",  "sync=",   "commands=" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(word, names[i], strlen(names[i])))
			return true;
	return false;
}

/* optional: it is not the file that asks, but whoever loads it. */
static void ask(struct build *build, struct smmu_spec *smmu, const struct node *node,
		const char *word, bool optional)
{
	struct smmu3_error error;
	const int code = smmu3_adversity_ask(smmu->smmu, word, &error);

	if (code)
		complain(build->loader.complaints, code == -SMMU3_E_MEMORY ? code : -SMMU3_E_FORMAT,
			 node_place(build->loader.source, node), "adversity '%.100s'%s: %s", word,
			 optional ? " that is asked for besides the file" : "", error.text);
}

static void ask_all(struct build *build, struct smmu_spec *smmu, bool of_what_comes)
{
	for (size_t i = 0; i < smmu->adversity.count; i++) {
		const struct name_spec *const word = ITEM(smmu->adversity, struct name_spec, i);

		if (word->name && is_of_what_comes(word->name) == of_what_comes)
			ask(build, smmu, word->at, word->name, false);
	}
	for (size_t i = 0; build->adversity && i < build->adversity->count; i++)
		if (is_of_what_comes(build->adversity->word[i]) == of_what_comes)
			ask(build, smmu, smmu->at, build->adversity->word[i], true);
}

void adversity_begins(struct build *build, struct smmu_spec *smmu)
{
	if (!smmu->adversity.count && !build->adversity)
		return;
	ask_all(build, smmu, false);
	smmu3_reset(smmu->smmu);
}

void adversity_goes_on(struct build *build, struct smmu_spec *smmu)
{
	ask_all(build, smmu, true);
}
