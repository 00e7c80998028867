/* SPDX-License-Identifier: MIT */
/* --record: what the SMMU of a replay meets and does is recorded anew. */
#include "replay.h"

#include "say.h"

enum status replay_record_begin(struct replay *replay, const struct smmu3_host *host)
{
	struct smmu3_error error = { 0 };

	if (!replay->recording)
		return STATUS_OK;
	replay->output = output_open(replay->recording, false);
	if (!replay->output)
		return STATUS_CANNOT;
	replay->record = smmu3_record_open(&replay->config, host, output_write, replay->output,
					   &error);
	if (replay->record)
		return STATUS_OK;
	say_error("%s", error.text);
	return status_of(error.code, STATUS_USAGE);
}

/* The output complains itself of what cannot be written. */
static enum status close_record(struct replay *replay)
{
	struct smmu3_error error;

	if (smmu3_record_close(replay->record, &error) && error.code != -SMMU3_E_IO)
		say_error("%s", error.text);
	return error.code ? STATUS_CANNOT : STATUS_OK;
}

enum status replay_record_end(struct replay *replay, bool whole)
{
	enum status status;

	smmu3_port_close(replay->port);
	smmu3_destroy(replay->smmu);
	if (!replay->output)
		return STATUS_OK;
	status = close_record(replay);
	return worse(status, output_close(replay->output, whole && !status));
}
