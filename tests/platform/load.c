/* SPDX-License-Identifier: MIT */
#include "load.h"
#include "support/cached.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct loading *loading;
	const char *at;
	size_t left;
};

static long read_some(void *context, void *data, size_t size, const char **why)
{
	struct reading *const reading = context;
	const size_t piece = reading->loading->piece;
	const size_t most = piece && piece < size ? piece : size;
	const size_t count = most < reading->left ? most : reading->left;

	if (piece && !count) {
		*why = "the stream is cut";
		return -1;
	}
	memcpy(data, reading->at, count);
	reading->at += count;
	reading->left -= count;
	return (long)count;
}

static void close_it(void *context)
{
	struct reading *const reading = context;

	reading->loading->closed++;
	free(reading);
}

static int open_it(void *context, const char *path, struct smmu3_file *file, const char **why)
{
	struct loading *const loading = context;

	for (const struct text_file *known = loading->files; known->name; known++) {
		char full[300];
		struct reading *reading;

		(void)snprintf(full, sizeof(full), "dir/%s", known->name);
		if (strcmp(full, path) != 0)
			continue;
		reading = malloc(sizeof(*reading));
		*reading = (struct reading){ loading, known->text,
					     known->size ? known->size : strlen(known->text) };
		*file = (struct smmu3_file){ read_some, close_it, reading };
		loading->opened++;
		return 0;
	}
	*why = "no such file";
	return -SMMU3_E_IO;
}

void collect(void *context, const struct smmu3_diagnostic *diagnostic)
{
	struct loading *const loading = context;
	const size_t used = strlen(loading->said);

	ck_assert_int_lt(diagnostic->code, 0);
	if (!loading->complaints) {
		(void)snprintf(loading->shown, sizeof(loading->shown), "%s",
			       diagnostic->source ? diagnostic->source : "");
		(void)snprintf(loading->file, sizeof(loading->file), "%s", diagnostic->file);
		loading->length = diagnostic->length;
	}
	loading->complaints += !diagnostic->note;
	loading->notes += !!diagnostic->note;
	(void)snprintf(loading->said + used, sizeof(loading->said) - used, "%s%u:%u: %s\n",
		       diagnostic->note ? "note: " : "", diagnostic->line, diagnostic->column,
		       diagnostic->message);
}

/* With the caches of the pass, unless the text has its own. */
static struct smmu3_machine *load_in_pass(const char *text, struct loading *loading)
{
	const struct smmu3_caches caches = caches_of_pass();
	const bool given = cached_pass() && !strstr(text, "caches:");
	const struct smmu3_machine_options options = { .size = sizeof(options),
						       .caches = given ? &caches : NULL };
	struct smmu3_machine *machine = smmu3_machine_load_with(&options, "dir/test.yaml", open_it,
								loading, collect, loading,
								&loading->code);

	if (machine)
		cached_made(smmu3_machine_smmu_config(machine, 0));
	return machine;
}

static struct loading load_as(const char *text, const struct text_file *files, size_t piece)
{
	struct text_file all[8] = { { "test.yaml", text, 0 } };
	struct loading loading = { .files = all, .piece = piece };

	for (unsigned i = 0; files && files[i].name; i++) {
		ck_assert_uint_lt(i, 6);
		all[i + 1] = files[i];
	}
	loading.machine = load_in_pass(text, &loading);
	ck_assert_uint_eq(loading.opened, loading.closed);
	ck_assert_int_eq(loading.machine != NULL, loading.complaints == 0);
	ck_assert_int_eq(loading.machine != NULL, loading.code == 0);
	return loading;
}

struct loading load_with(const char *text, const struct text_file *files)
{
	return load_as(text, files, 0);
}

struct loading load_cut(const char *text, size_t piece)
{
	return load_as(text, NULL, piece);
}

struct loading load(const char *text)
{
	return load_with(text, NULL);
}

struct loading load_good(const char *text)
{
	const struct loading loading = load(text);

	ck_assert_msg(loading.machine != NULL, "%s", loading.said);
	return loading;
}

void unload(struct loading *loading)
{
	smmu3_machine_free(loading->machine);
}

uint64_t word_at(const struct loading *loading, uint64_t pa)
{
	unsigned char byte[8];
	uint64_t word = 0;

	ck_assert_int_eq(smmu3_machine_read(loading->machine, SMMU3_PAS_NS, pa, byte, 8), 0);
	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)byte[i] << 8 * i;
	return word;
}

static struct smmu3_outcome perform_op(struct loading *loading, const char *line,
				       struct smmu3_trace_op *op)
{
	struct smmu3_outcome outcome = { 0 };
	struct smmu3_error error;
	struct loading said = { 0 };

	ck_assert_msg(smmu3_trace_parse(line, "line", 1, op, collect, &said) == 1, "%s: %s", line,
		      said.said);
	ck_assert_msg(smmu3_machine_perform(loading->machine, op, &outcome, &error) >= 0, "%s: %s",
		      line, error.text);
	ck_assert_msg(!op->result.failed, "%s: %s", line, op->result.difference);
	return outcome;
}

struct smmu3_outcome perform(struct loading *loading, const char *line)
{
	struct smmu3_trace_op op;

	return perform_op(loading, line, &op);
}

void perform_all(struct loading *loading, const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct smmu3_trace_op op;
		const struct smmu3_outcome outcome = perform_op(loading, lines[i], &op);
		char text[200];

		ck_assert_msg(smmu3_expect_met(&op.expect, &outcome, text, sizeof(text)), "%s: %s",
			      lines[i], text);
	}
}

uint64_t reg(struct loading *loading, size_t smmu, uint64_t offset, unsigned size)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(smmu3_machine_smmu(loading->machine, smmu), SMMU3_PAS_NS,
					 offset, size, &value),
			 0);
	return value;
}

void expect_mistake(const struct line_mistake *mistake)
{
	struct loading said = { 0 };
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse(mistake->line, "t", 1, &op, collect, &said),
			 -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, mistake->said);
}
