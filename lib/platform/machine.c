/* SPDX-License-Identifier: MIT */
/* Machines: loading, what they consist of, and what is done with them. */
#include "platform/machine.h"
#include "platform/adversity.h"

#include <stdlib.h>
#include <string.h>

/* ---- Loading ---- */

typedef void build_step(struct build *build);

/* What comes later stands on what came before: after a complaint only the judging goes on. */
static void run_steps(struct build *build)
{
	static build_step *const judge[] = { judge_smmus,  judge_memories, load_images,
					     judge_tables, judge_masters,  judge_firewall,
					     judge_cpus };
	static build_step *const make[] = { judge_spaces, build_tables, build_streams, build_dpts,
					    build_gpts,   build_queues, build_smmus };

	for (size_t i = 0;
	     i < sizeof(judge) / sizeof(judge[0]) && !complaints_full(build->loader.complaints);
	     i++)
		judge[i](build);
	for (size_t i = 0; i < sizeof(make) / sizeof(make[0]) && !build->loader.complaints->count;
	     i++)
		make[i](build);
}

static void load_text(struct build *build)
{
	struct spec *const spec = &build->machine->spec;
	const struct node *const root = yaml_read(build->loader.source, build->loader.arena,
						  build->loader.complaints);

	if (!root || build->loader.complaints->count)
		return;
	shape_read(&build->loader, &spec_shape, root, spec);
	if (root->kind == NODE_MAP && !complaints_full(build->loader.complaints) &&
	    !build->loader.complaints->count)
		run_steps(build);
}

/* How far a text that is not read to its end is good; nowhere, when none was. */
static struct place reached(const struct source *source)
{
	return source->text ? place_at(source, YAML_BYTES_MOST) : (struct place){ source, 0, 0, 0 };
}

static void load_file(struct build *build)
{
	const char *why = NULL;
	char *text = NULL;
	size_t size = 0;
	const int code = input_read(&build->input, build->path, YAML_BYTES_MOST, &text, &size,
				    &why);
	const struct source source = { .name = build->path, .text = text, .size = size };

	build->loader.source = &source;
	if (code)
		complain(build->loader.complaints, code, reached(&source), "%s",
			 code == -SMMU3_E_FORMAT ? "a configuration has at most 64 MiB" :
			 why                     ? why :
						   "cannot be read");
	else
		load_text(build);
	free(text);
}

struct smmu3_machine *smmu3_machine_load(const char *path, smmu3_open_fn *open_file,
					 void *open_context, smmu3_diagnostic_fn *report,
					 void *report_context, int *code)
{
	const struct smmu3_machine_options options = { .size = sizeof(options) };

	return smmu3_machine_load_with(&options, path, open_file, open_context, report,
				       report_context, code);
}

/* As far as the caller knows them. */
static struct smmu3_machine_options known_options(const struct smmu3_machine_options *options)
{
	struct smmu3_machine_options known = { .size = sizeof(known) };

	memcpy(&known, options, options->size < sizeof(known) ? options->size : sizeof(known));
	return known;
}

struct smmu3_machine *smmu3_machine_load_with(const struct smmu3_machine_options *options,
					      const char *path, smmu3_open_fn *open_file,
					      void *open_context, smmu3_diagnostic_fn *report,
					      void *report_context, int *code)
{
	const struct smmu3_machine_options known = known_options(options);
	const struct adversity_words adversity = { known.adversity, known.adversities };
	struct complaints complaints = { .report = report, .context = report_context };
	struct smmu3_machine *const machine = calloc(1, sizeof(*machine));
	struct build build = {
		.loader = { &complaints, machine ? &machine->arena : NULL, NULL },
		.machine = machine,
		.input = { open_file, open_context },
		.path = path,
		.caches = known.caches,
		.streams = known.streams,
		.check = known.check,
		.adversity = known.adversities ? &adversity : NULL,
	};

	if (machine)
		load_file(&build);
	else
		complaints.code = -SMMU3_E_MEMORY;
	if (code)
		*code = complaints.code;
	if (!complaints.code)
		return machine;
	smmu3_machine_free(machine);
	return NULL;
}

void smmu3_machine_free(struct smmu3_machine *machine)
{
	if (!machine)
		return;
	for (size_t i = 0; i < machine->spec.smmu.count; i++) {
		const struct smmu_spec *const smmu = ITEM(machine->spec.smmu, struct smmu_spec, i);

		smmu3_port_close(smmu->port);
		smmu3_destroy(smmu->smmu);
		if (smmu->own)
			held_free(&smmu->own->held);
		free(smmu->own);
	}
	memory_free(&machine->memory);
	names_free(&machine->smmus);
	names_free(&machine->memories);
	names_free(&machine->tables);
	names_free(&machine->masters);
	arena_free(&machine->arena);
	free(machine);
}

/* ---- What there is ---- */

struct smmu_spec *smmu_at(const struct smmu3_machine *machine, size_t index)
{
	return index < machine->spec.smmu.count ?
		       ITEM(machine->spec.smmu, struct smmu_spec, index) :
		       NULL;
}

struct smmu3 *smmu3_machine_smmu(struct smmu3_machine *machine, size_t index)
{
	const struct smmu_spec *const smmu = smmu_at(machine, index);

	return smmu ? smmu->smmu : NULL;
}

const char *smmu3_machine_smmu_name(const struct smmu3_machine *machine, size_t index)
{
	const struct smmu_spec *const smmu = smmu_at(machine, index);

	return smmu ? smmu->name : NULL;
}

const struct smmu3_config *smmu3_machine_smmu_config(const struct smmu3_machine *machine,
						     size_t index)
{
	const struct smmu_spec *const smmu = smmu_at(machine, index);

	return smmu ? &smmu->config : NULL;
}

const struct smmu3_master *smmu3_machine_master(const struct smmu3_machine *machine, size_t index)
{
	return index < machine->spec.masters.count ?
		       &ITEM(machine->spec.masters, struct master_spec, index)->seen :
		       NULL;
}

const struct smmu3_master *smmu3_machine_find(const struct smmu3_machine *machine, const char *name)
{
	const struct master_spec *const master = names_find(&machine->masters, name);

	return master ? &master->seen : NULL;
}

void smmu3_machine_on_finding(struct smmu3_machine *machine, smmu3_machine_finding_fn *found,
			      void *context)
{
	struct smmu_spec *smmu;

	for (size_t i = 0; (smmu = smmu_at(machine, i)); i++) {
		smmu->own->found = found;
		smmu->own->found_context = context;
	}
}

/* ---- Memory ---- */

/* Calls copy for each piece that one region holds; nothing is copied unless all of it is in memory.
 */
static int each_piece(const struct smmu3_machine *machine, enum smmu3_pas pas, uint64_t pa,
		      size_t size, void *data, void (*copy)(void *host, char *data, size_t size))
{
	char *at = data;

	if (size && (size - 1 > UINT64_MAX - pa || !memory_holds(&machine->memory, pas, pa, size)))
		return -SMMU3_E_ABORT;
	while (size) {
		const struct region *const region = memory_find(&machine->memory, pas, pa);
		const uint64_t left = region->base + region->size - pa;
		const size_t piece = left < size ? (size_t)left : size;

		copy((char *)region->host + (pa - region->base), at, piece);
		pa += piece;
		at += piece;
		size -= piece;
	}
	return 0;
}

static void copy_out(void *host, char *data, size_t size)
{
	memcpy(data, host, size);
}

/* Aligned words change at once, so that a translation under way sees the old one or the new one. */
static void copy_in(void *host, char *data, size_t size)
{
	uint64_t word;

	if (size == sizeof(word) && (uintptr_t)host % sizeof(word) == 0) {
		memcpy(&word, data, sizeof(word));
		__atomic_store_n((uint64_t *)host, word, __ATOMIC_RELEASE);
		return;
	}
	memcpy(host, data, size);
}

int smmu3_machine_read(const struct smmu3_machine *machine, enum smmu3_pas pas, uint64_t pa,
		       void *data, size_t size)
{
	return each_piece(machine, pas, pa, size, data, copy_out);
}

int smmu3_machine_write(struct smmu3_machine *machine, enum smmu3_pas pas, uint64_t pa,
			const void *data, size_t size)
{
	return each_piece(machine, pas, pa, size, (void *)(uintptr_t)data, copy_in);
}

int smmu3_machine_print(const struct smmu3_machine *machine,
			int (*write)(void *context, const char *text, size_t size), void *context)
{
	struct printer printer = { .write = write, .context = context };

	shape_print(&printer, &spec_shape, &machine->spec);
	print_text(&printer, "\n");
	return printer.code ? -SMMU3_E_IO : 0;
}
