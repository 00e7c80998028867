/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <smmu/decode.h>
#include <string.h>

#include "input.h"
#include "say.h"
#include "text.h"

struct words {
	const char *const *word;
	size_t count;
};

static struct smmu3_machine *load(struct words words, uint32_t streams, const char *config,
				  const struct smmu3_caches *caches, json_object *complaints,
				  enum status *status)
{
	int code = 0;
	struct smmu3_machine *machine = smmu3_machine_load_adverse(words.word, words.count, streams,
								   caches, config, input_open_file,
								   NULL, say_diagnostic, complaints,
								   &code);

	if (!machine && code == -SMMU3_E_MEMORY)
		out_of_memory();
	*status = machine ? STATUS_OK : status_of(code, STATUS_USAGE);
	return machine;
}

struct smmu3_machine *machine_load(const char *config, const struct smmu3_caches *caches,
				   json_object *complaints, enum status *status)
{
	return load((struct words){ NULL, 0 }, 0, config, caches, complaints, status);
}

struct smmu3_machine *machine_load_adverse(const char *config, const struct smmu3_caches *caches,
					   bool counting, const char *const *words, size_t count,
					   enum status *status)
{
	return load((struct words){ words, count }, counting ? STREAMS_COUNTED : 0, config, caches,
		    NULL, status);
}

const struct smmu3_master *machine_master_of(const struct smmu3_machine *machine, uint32_t sid)
{
	const struct smmu3_master *master;

	for (size_t i = 0; (master = smmu3_machine_master(machine, i)); i++)
		if (!master->smmu && master->sec_sid == SMMU3_PAS_NS && sid >= master->sid &&
		    sid - master->sid < master->count)
			return master;
	return NULL;
}

struct smmu3 *machine_smmu(struct smmu3_machine *machine, const char *name, size_t *index)
{
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;
	struct smmu3 *smmu;

	for (*index = 0; (smmu = smmu3_machine_smmu(machine, *index)); ++*index) {
		const char *own = smmu3_machine_smmu_name(machine, *index);

		if (!name || !strcmp(name, own))
			return smmu;
		suggest(name, own, &nearest, &distance);
	}
	if (nearest)
		say_error("no SMMU '%s' in the configuration; did you mean '%s'?", name, nearest);
	else
		say_error("no SMMU '%s' in the configuration", name ? name : "");
	return NULL;
}

bool machine_is_secure_register(const char *name)
{
	static const char prefix[] = "SMMU_S_";

	return !strncmp(name, prefix, sizeof(prefix) - 1);
}

bool machine_is_realm_register(const char *name)
{
	static const char prefix[] = "SMMU_R_";

	return !strncmp(name, prefix, sizeof(prefix) - 1);
}

/* Whose software reads it. */
static enum smmu3_pas reader_of(const char *name)
{
	static const char root[] = "SMMU_ROOT_";

	if (!strncmp(name, root, sizeof(root) - 1))
		return SMMU3_PAS_ROOT;
	return machine_is_secure_register(name) ? SMMU3_PAS_SECURE :
	       machine_is_realm_register(name)  ? SMMU3_PAS_REALM :
						  SMMU3_PAS_NS;
}

uint64_t machine_register(struct smmu3 *smmu, const char *name)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);
	uint64_t value = 0;

	if (layout)
		smmu3_mmio_read(smmu, reader_of(name), layout->offset, layout->bits / 8, &value);
	return value;
}
