/* SPDX-License-Identifier: MIT */
/* What is on its way to remove what is kept: commands that wait for their CMD_SYNC, and those that
 * stand in queues. */
#include "checking_report.h"

#include "prog/cmdq.h"
#include "prog/fields.h"
#include "prog/gate.h"
#include "prog/queue_regs.h"
#include "prog/ranges.h"
#include "tlb/hint.h"

#include <string.h>

/* ---- One command ---- */

/* What it would remove, if anything. */
struct removal {
	enum command_effect effect;
	struct smmu3_invalidation scope;
	struct smmu3_atc_invalidation atc;
};

static struct removal removal_of(const struct smmu3 *smmu, enum bank bank,
				 const struct command_controls controls[BANKS],
				 const struct cmd *cmd)
{
	const struct interface *interface = &smmu->interface[bank];
	struct command_rules rules = commands_of(&interface->work, &interface->features);
	struct removal removal = { .effect = command_effect(&rules, cmd) };

	if (removal.effect == EFFECT_INVALIDATE_ATC)
		removal.atc = command_atc(&rules, cmd);
	if (removal.effect == EFFECT_INVALIDATE)
		removal.scope = command_scope(&rules, controls[command_target(&rules, cmd)], cmd);
	return removal;
}

static bool means(const struct removal *removal, const struct kept_key *key)
{
	if (removal->effect == EFFECT_INVALIDATE_ATC)
		return atc_is_meant(key, &removal->atc);
	return removal->effect == EFFECT_INVALIDATE &&
	       kept_key_is_meant(key, &removal->scope, tag_must_go);
}

/* ---- Those of a queue, read once ---- */

/* What is asked about, and what is said of it. */
struct asking {
	struct smmu3 *smmu;
	const struct blame *blame;
	uint8_t *pending;
	unsigned left; /* of which nothing has been found */
};

/* The next commands that stand in a queue as it was found, not consumed. */
struct waiting {
	uint32_t first; /* index; others follow it */
	struct pa at[256];
	struct smmu3_attr attr;
	struct smmu3_mpam label;
	struct command_controls controls[BANKS];
	unsigned count;
};

static void waiting_in(struct smmu3 *smmu, enum bank bank, struct queue *queue, uint32_t left,
		       struct waiting *waiting)
{
	struct interface *interface = &smmu->interface[bank];

	waiting->first = queue->cons;
	waiting->count = 0;
	pthread_mutex_lock(&smmu->lock);
	waiting->attr = queue_attr(&interface->prog, &cmdq_regs);
	waiting->label = global_label(&interface->prog, &interface->features);
	for (enum bank of = BANK_NS; of < BANKS; of++)
		waiting->controls[of] = controls_of(&smmu->interface[of].prog);
	for (; waiting->count < left && waiting->count < 256; waiting->count++) {
		waiting->at[waiting->count] = queue_entry_at(&interface->prog, &cmdq_regs, queue,
							     queue->cons);
		queue->cons = queue_next(queue->cons, queue->size_lg2);
	}
	pthread_mutex_unlock(&smmu->lock);
}

static struct queue command_queue(struct smmu3 *smmu, enum bank bank)
{
	const struct interface *interface = &smmu->interface[bank];

	pthread_mutex_lock(&smmu->lock);
	const struct queue queue = queue_at(&interface->prog, &cmdq_regs,
					    interface->features.cmdqs);

	pthread_mutex_unlock(&smmu->lock);
	return queue;
}

/* Does an entry stand in a queue, where it was found? */
static bool stands_in(const struct prog *prog, const struct queue *queue, uint32_t index,
		      struct pa at)
{
	const uint32_t ahead = (index - queue->cons) & queue_index_mask(queue->size_lg2);

	return ahead < queue_waiting(queue) &&
	       queue_entry_at(prog, &cmdq_regs, queue, index).addr == at.addr;
}

/* The place of one that has been consumed since is software's, and what was read there may be half
 * of something new. */
static bool stands(struct smmu3 *smmu, enum bank bank, const struct waiting *waiting, unsigned i)
{
	const struct interface *interface = &smmu->interface[bank];

	pthread_mutex_lock(&smmu->lock);
	const struct queue now = queue_at(&interface->prog, &cmdq_regs, interface->features.cmdqs);
	const bool stands = stands_in(&interface->prog, &now, waiting->first + i, waiting->at[i]);

	pthread_mutex_unlock(&smmu->lock);
	return stands;
}

/* As the SMMU takes it, whose StreamIDs and SubstreamIDs may have fewer bits. */
static void cut(const struct smmu3 *smmu, enum bank bank, struct cmd *cmd)
{
	const struct interface *interface = &smmu->interface[bank];
	const struct command_rules rules = commands_of(&interface->work, &interface->features);
	const struct features *of = rules.of[command_target(&rules, cmd)];

	if (of->out_of_range == OUT_OF_RANGE_IS_CUT)
		command_cut(of, cmd);
}

static void answer(struct asking *asking, unsigned i, enum smmu3_pending pending)
{
	asking->pending[i] = (uint8_t)pending;
	asking->left--;
}

static void note(struct asking *asking, const struct removal *removal)
{
	for (unsigned i = 0; i < asking->blame->keys; i++) {
		if (asking->pending[i] != SMMU3_PENDING_NONE ||
		    !means(removal, &asking->blame->key[i]))
			continue;
		answer(asking, i, SMMU3_PENDING_QUEUED);
	}
}

static void look_at(struct asking *asking, enum bank bank, const struct waiting *waiting)
{
	for (unsigned i = 0; i < waiting->count && asking->left; i++) {
		const struct mem_read read = { waiting->at[i], SMMU3_REASON_CMDQ, waiting->attr, 0,
					       waiting->label };
		struct cmd cmd;

		if (!mem_read(&asking->smmu->mem, &read, cmd.word, 2) ||
		    !stands(asking->smmu, bank, waiting, i))
			continue;
		cut(asking->smmu, bank, &cmd);
		const struct removal removal = removal_of(asking->smmu, bank, waiting->controls,
							  &cmd);

		note(asking, &removal);
	}
}

static void look_into(struct asking *asking, enum bank bank)
{
	struct queue queue = command_queue(asking->smmu, bank);
	struct waiting waiting;

	for (uint32_t left = queue_waiting(&queue); left && asking->left;) {
		waiting_in(asking->smmu, bank, &queue, left, &waiting);
		look_at(asking, bank, &waiting);
		left -= waiting.count;
	}
}

/* Those of which a command waits for its CMD_SYNC. */
static void look_at_consumed(struct asking *asking)
{
	struct check *check = asking->smmu->check;

	pthread_mutex_lock(&check->lock);
	for (unsigned i = 0; i < asking->blame->keys; i++)
		if (asking->pending[i] == SMMU3_PENDING_NONE &&
		    check_waits_for_sync(check, &asking->blame->key[i]))
			answer(asking, i, SMMU3_PENDING_SYNC);
	pthread_mutex_unlock(&check->lock);
}

/* ---- All of it ---- */

/* Those of which a command waits for its CMD_SYNC need not be looked for in queues; and what was
 * consumed while these were read waits then. */
void check_pending(struct smmu3 *smmu, const struct blame *blame, uint8_t pending[REMEDY_KEYS])
{
	struct asking asking = { smmu, blame, pending, blame->keys };

	memset(pending, SMMU3_PENDING_NONE, blame->keys);
	look_at_consumed(&asking);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		if (smmu->interface[bank].present)
			look_into(&asking, bank);
	if (asking.left)
		look_at_consumed(&asking);
}
