/* SPDX-License-Identifier: MIT */
/* Ports: a front and a section for each requester. */
#include "ports.h"

#include "drain.h"

#include <stdlib.h>

void smmu3_port_config_init(const struct smmu3 *smmu, struct smmu3_port_config *config)
{
	*config = (struct smmu3_port_config){ .size = sizeof(*config),
					      .micro = smmu->config.caches.micro,
					      .micro_streams = smmu->config.caches.micro_streams };
}

/* ---- Catching up ---- */

/* The changes are read first: one that comes meanwhile is met with the next call. */
void port_catch_up(struct smmu3_port *port)
{
	struct journal *journal = &port->smmu->journal;
	const uint64_t changes = atomic_load_explicit(&journal->changes, memory_order_acquire);

	front_catch_up(&port->front, journal);
	for (struct smmu3_stream *stream = port->streams; stream; stream = stream->next)
		front_catch_up(&stream->front, journal);
	port->expected = port->in_section ? changes : port->front.seen;
}

/* ---- Opening and closing ---- */

static struct smmu3_port *make_port(struct smmu3 *smmu, const struct smmu3_port_config *config)
{
	struct smmu3_port *port = calloc(1, sizeof(*port));

	if (!port || !front_init(&port->front, config->micro, config->micro_streams)) {
		free(port);
		return NULL;
	}
	port->smmu = smmu;
	port->micro = config->micro;
	port->watched = &smmu->journal.count;
	port_catch_up(port);
	return port;
}

struct smmu3_port *smmu3_port_open(struct smmu3 *smmu, const struct smmu3_port_config *config,
				   struct smmu3_error *error)
{
	struct smmu3_port_config as_configured;

	smmu3_port_config_init(smmu, &as_configured);
	if (!config)
		config = &as_configured;
	if (config->size != sizeof(*config) ||
	    !micro_sizes_legal(config->micro, config->micro_streams)) {
		smmu_explain_error(
			error, -SMMU3_E_ARGUMENT,
			"a port's micro and micro_streams are powers of two up to 1024, or both 0");
		return NULL;
	}
	struct smmu3_port *port = make_port(smmu, config);

	if (!port) {
		smmu_explain_error(error, -SMMU3_E_MEMORY, "out of memory");
		return NULL;
	}
	pthread_mutex_lock(&smmu->lock);
	sections_add(&smmu->sections, &port->section);
	pthread_mutex_unlock(&smmu->lock);
	smmu_explain_error(error, 0, "");
	return port;
}

void smmu3_port_close(struct smmu3_port *port)
{
	if (!port)
		return;
	struct smmu3 *smmu = port->smmu;

	smmu3_port_end(port);
	while (port->streams)
		smmu3_stream_close(port->streams);
	pthread_mutex_lock(&smmu->lock);
	sections_remove(&smmu->sections, &port->section);
	pthread_mutex_unlock(&smmu->lock);
	front_free(&port->front);
	free(port);
}

/* ---- Sections ---- */

void smmu3_port_end(struct smmu3_port *port)
{
	struct smmu3 *smmu = port->smmu;

	if (!port->in_section)
		return;
	port->in_section = false;
	port->watched = &smmu->journal.count;
	port->expected = port->front.seen;
	if (!section_close(&smmu->sections, &port->section))
		return;
	pthread_mutex_lock(&smmu->lock);
	smmu_drain_unlock(smmu);
}

void smmu3_port_begin(struct smmu3_port *port)
{
	struct smmu3 *smmu = port->smmu;

	smmu3_port_end(port);
	section_open(&smmu->sections, &port->section);
	port->in_section = true;
	port->watched = &smmu->journal.changes;
	port_catch_up(port);
}

/* ---- Streams ---- */

/* Is there such a stream, as far as the caller knows? */
static const char *mistake_of(const struct smmu3 *smmu, const struct smmu3_txn *like)
{
	if (txn_malformed(smmu, like))
		return "the access that a stream's are to be like is malformed";
	return front_learns_of(like) ? NULL : "a stream's accesses are neither of ATS nor probes";
}

struct smmu3_stream *smmu3_stream_open(struct smmu3_port *port, const struct smmu3_txn *like,
				       struct smmu3_error *error)
{
	const char *mistake = mistake_of(port->smmu, like);

	if (mistake) {
		smmu_explain_error(error, -SMMU3_E_ARGUMENT, mistake);
		return NULL;
	}
	struct smmu3_stream *stream = calloc(1, sizeof(*stream));

	if (!stream || !front_init(&stream->front, port->micro, port->micro ? 1 : 0)) {
		free(stream);
		smmu_explain_error(error, -SMMU3_E_MEMORY, "out of memory");
		return NULL;
	}
	stream->line = stream->front.micro.slot;
	stream->key = micro_key_of(like);
	stream->port = port;
	stream->next = port->streams;
	port->streams = stream;
	port_catch_up(port);
	smmu_explain_error(error, 0, "");
	return stream;
}

void smmu3_stream_close(struct smmu3_stream *stream)
{
	if (!stream)
		return;
	struct smmu3_stream **at = &stream->port->streams;

	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
	front_free(&stream->front);
	free(stream);
}
