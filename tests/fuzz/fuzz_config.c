/* SPDX-License-Identifier: MIT */
/* Bytes are a configuration, and after a NUL each the files of its capture.  Nothing else is
 * opened. */
#include "bytes.h"
#include "files.h"

#include <smmu/audit.h>
#include <smmu/inspect.h>

#include <stdio.h>
#include <stdlib.h>

enum { LOOKED_AT = 256, MASTERS_ASKED = 8 };

struct load {
	struct files files;
	struct complaints_heard heard;
	struct smmu3_machine *machine;
};

static void load(struct load *load)
{
	int code = 1;

	load->machine = smmu3_machine_load("machine.yaml", files_open, &load->files, hear,
					   &load->heard, &code);
	DEMAND(load->files.opened == load->files.closed);
	DEMAND((load->machine == NULL) == (code < 0) && code <= 0);
	DEMAND((load->machine == NULL) == (load->heard.count > 0));
	DEMAND(load->heard.count <= 20 && load->heard.code == code);
}

/* ---- What is printed can be read, and is the same machine ---- */

struct printed {
	char *text;
	size_t size, room;
};

static int print(void *context, const char *text, size_t size)
{
	struct printed *printed = context;

	if (size > printed->room - printed->size) {
		printed->room = 2 * (printed->room + size);
		printed->text = realloc(printed->text, printed->room);
		DEMAND(printed->text);
	}
	memcpy(printed->text + printed->size, text, size);
	printed->size += size;
	return 0;
}

static struct printed print_machine(const struct smmu3_machine *machine)
{
	struct printed printed = { 0 };

	DEMAND(smmu3_machine_print(machine, print, &printed) == 0);
	return printed;
}

/* The files of the capture stay. */
static void read_again(const struct load *first, struct printed printed)
{
	struct load again = { .files = first->files };

	again.files.opened = again.files.closed = 0;
	again.files.text[0] = (struct text){ printed.text, printed.size, 0 };
	load(&again);
	if (!again.machine)
		(void)fprintf(stderr, "%.*s\n%s\n", (int)printed.size, printed.text,
			      again.heard.first);
	DEMAND(again.machine);

	struct printed twice = print_machine(again.machine);

	DEMAND(twice.size == printed.size && !memcmp(twice.text, printed.text, printed.size));
	free(twice.text);
	smmu3_machine_free(again.machine);
}

/* ---- What it holds ---- */

struct looking {
	struct smmu3 *smmu;
	enum smmu3_pas sec_sid;
	uint32_t sid;
	unsigned streams;
	uint64_t input; /* something that is mapped */
};

static int see_mapping(void *context, const struct smmu3_mapping *mapping)
{
	struct looking *looking = context;

	DEMAND(mapping->size && !(mapping->size & (mapping->size - 1)));
	DEMAND(!(mapping->input & (mapping->size - 1)));
	looking->input = mapping->input;
	return 0;
}

static int see_context(void *context, const struct smmu3_context_entry *entry)
{
	struct looking *looking = context;

	(void)smmu3_inspect_mappings(looking->smmu, looking->sec_sid, looking->sid, entry->ssid, 1,
				     LOOKED_AT, see_mapping, looking);
	return entry->ssid > 2;
}

static int see_stream(void *context, const struct smmu3_stream_entry *entry)
{
	struct looking *looking = context;

	looking->sid = entry->sid;
	(void)smmu3_inspect_contexts(looking->smmu, looking->sec_sid, entry->sid, LOOKED_AT,
				     see_context, looking);
	(void)smmu3_inspect_mappings(looking->smmu, looking->sec_sid, entry->sid, 0, 2, LOOKED_AT,
				     see_mapping, looking);
	return ++looking->streams == MASTERS_ASKED;
}

static void ask(struct smmu3_machine *machine, const struct smmu3_master *master, uint64_t address)
{
	struct smmu3_trace_op op = { .kind = SMMU3_TRACE_ACCESS, .op = 'R' };
	struct smmu3_outcome outcome;
	struct smmu3_error error;

	(void)strcpy(op.master, master->name);
	op.txn.addr = address;
	op.txn.bytes = 4;
	DEMAND(smmu3_machine_perform(machine, &op, &outcome, &error) == 1 || error.code < 0);
}

static void look_around(struct smmu3_machine *machine)
{
	struct looking looking = { 0 };
	const struct smmu3_master *master;

	for (size_t i = 0; (looking.smmu = smmu3_machine_smmu(machine, i)); i++) {
		DEMAND(smmu3_machine_smmu_name(machine, i) &&
		       smmu3_machine_smmu_config(machine, i));
		for (looking.sec_sid = SMMU3_PAS_NS; looking.sec_sid <= SMMU3_PAS_SECURE;
		     looking.sec_sid++)
			(void)smmu3_inspect_streams(looking.smmu, looking.sec_sid, LOOKED_AT,
						    see_stream, &looking);
	}
	for (size_t i = 0; i < MASTERS_ASKED && (master = smmu3_machine_master(machine, i)); i++) {
		DEMAND(smmu3_machine_find(machine, master->name) == master);
		ask(machine, master, looking.input);
		ask(machine, master, 0);
	}
}

/* Every range is of a subject, every finding too, and both end. */
static void audit(struct smmu3_machine *machine)
{
	const struct smmu3_audit_options options = { .size = sizeof(options), .budget = LOOKED_AT };
	struct smmu3_audit *found = smmu3_machine_audit(machine, &options, NULL);
	const struct smmu3_audit_subject *subject;
	const struct smmu3_audit_finding *finding;
	size_t ranges = 0;

	if (!found)
		return;
	for (size_t i = 0; (subject = smmu3_audit_subject(found, i)); i++) {
		DEMAND(!subject->ranges || subject->first_range == ranges);
		ranges += subject->ranges;
	}
	DEMAND(!smmu3_audit_range(found, ranges));
	for (size_t i = 0; (finding = smmu3_audit_finding(found, i)); i++)
		DEMAND(smmu3_audit_subject(found, finding->subject));
	smmu3_audit_free(found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct load first = { 0 };

	files_cut(&first.files, data, size, size % 5 * 7);
	load(&first);
	if (!first.machine)
		return 0;
	look_around(first.machine);
	audit(first.machine);

	struct printed printed = print_machine(first.machine);

	read_again(&first, printed);
	free(printed.text);
	smmu3_machine_free(first.machine);
	return 0;
}
