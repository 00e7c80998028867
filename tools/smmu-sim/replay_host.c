/* SPDX-License-Identifier: MIT */
/* What lies behind the SMMU of a replay: memory as the session has it, and what it does noted. */
#include "replay.h"

#include <string.h>

static enum smmu3_mem_result host_read(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	struct replay *replay = context;

	recall_read(&replay->memory, access->pa, data, access->bytes);
	if (access->reason == SMMU3_REASON_CMDQ)
		for (unsigned i = 0; i < 2; i++)
			replay->command[i] = recall_get(&replay->memory, access->pa + 8 * i);
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result host_write(void *context, const struct smmu3_mem_access *access,
					const void *data)
{
	struct replay *replay = context;
	struct session_line line = {
		.kind = SESSION_D, .number = replay->act, .at = access->pa, .bytes = access->bytes
	};

	memcpy(line.data, data, access->bytes);
	recall_write(&replay->memory, access->pa, data, access->bytes);
	gap_came(&replay->gap, &line);
	return SMMU3_MEM_OK;
}

/* A hardware update of a descriptor, which a session has as a write of it. */
static enum smmu3_mem_result host_swap(void *context, const struct smmu3_mem_access *access,
				       const uint64_t *expected, const uint64_t *desired,
				       uint64_t *found)
{
	struct replay *replay = context;

	recall_read(&replay->memory, access->pa, found, access->bytes);
	return memcmp(found, expected, access->bytes) ? SMMU3_MEM_OK :
							host_write(context, access, desired);
}

static void host_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct replay *replay = context;
	const struct session_line line = { .kind = SESSION_I,
					   .number = replay->act,
					   .at = interrupt };

	gap_came(&replay->gap, &line);
}

/* Sessions that do not say what their SMMU was have none of these. */
static void host_send_event(void *context)
{
	struct replay *replay = context;
	const struct session_line line = { .kind = SESSION_E, .number = replay->act };

	if (replay->told)
		gap_came(&replay->gap, &line);
}

static void host_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct replay *replay = context;

	gap_announce(&replay->gap, scope, replay->command);
}

static void host_finding(void *context, const struct smmu3_finding *finding)
{
	struct replay *replay = context;

	if (replay->findings)
		findings_add(replay->findings, 0, NULL, finding);
}

struct smmu3_host replay_host(struct replay *replay)
{
	return (struct smmu3_host){
		.size = sizeof(struct smmu3_host),
		.context = replay,
		.read = host_read,
		.write = host_write,
		.interrupt = host_interrupt,
		.send_event = host_send_event,
		.invalidate = host_invalidate,
		.swap = host_swap,
		.finding = host_finding,
	};
}
