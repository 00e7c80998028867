/* SPDX-License-Identifier: MIT */
/*
 * Random machines and accesses through the library and through the obvious walker.  They must agree
 * on everything; and what was reached is counted and gated.
 *
 *	--accesses N  how many (1000000), in machines of 64
 *	--seed S      a number (1), or "time"
 *	--least N     how often each cell that can be reached must have been (1)
 *	--own N       likewise each cell of what is asked for by --reprogram, --adverse (0)
 *	--matrix      prints every cell
 *	--machine M   one machine alone, by its number: what a report names
 *	--out DIR     where a failing case goes, as a configuration with a trace ("case")
 *	--caches N    translations and structures are kept, in caches of N places each: what is in
 *		      use is changed between accesses, with the invalidations that takes, and
 *		      fetches are not compared
 *	--ports       with --caches: every access goes through a port, many of them in batches,
 *among them those that were asked before, and what stands beside them
 *	--reprogram   Security states are programmed anew between accesses: reprogram.h
 *	--adverse     what the architecture leaves open is otherwise, by the seed: adverse.h
 *	--aborts      without --caches: reads and updates of structures abort, every n-th
 *	--check       with --caches: the SMMU is checked, which must find nothing in software that
 *		      does not err, and in every difference what it would have taken
 *	--distort WAY falsifies the library's answers, to see it found: duel.c lists the ways
 *	--err WAY     has software err in its invalidations, to see it found: mistakes.c lists the
 *		      ways
 *
 * Exit 0: all agree and every cell was reached, and half of the accesses succeeded.  1: not so.  2:
 * usage.
 */
#include "adverse.h"
#include "batches.h"
#include "cells_maintain.h"
#include "cells_reprogram.h"
#include "duel.h"
#include "edits.h"
#include "matrix.h"
#include "mistakes.h"
#include "report.h"
#include "reprogram.h"
#include "reprotect.h"
#include "shrink.h"
#include "world.h"

#include "support/ported.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ACCESSES_PER_MACHINE = 64 };

struct options {
	uint64_t accesses, seed, least, own, machine, kept;
	bool one_machine, whole_matrix, ports, checks, errs, reprograms, adverse, aborts;
	const char *out;
};

/* ---- One machine ---- */

struct asked {
	struct smmu3_txn txn;
	struct obvious_answer answer;
};

struct run {
	const struct options *options;
	struct matrix *matrix;
	struct world *world;
	struct kept *kept;
	uint64_t done;
	struct goods goods;
	struct asked last[STATES]; /* that has succeeded in each state; bytes 0: none has */
};

/* A machine's own seed: its number counts, not what came before. */
static uint64_t machine_seed(const struct options *options, uint64_t machine)
{
	return rng_mix(options->seed + machine * UINT64_C(0x9e3779b97f4a7c15));
}

/* What an expectation of a trace can say; another difference shows in the report alone. */
static bool expectation_has(const char *difference)
{
	static const char *const said[] = { "verdict", "event",       "fault_class", "recorded",
					    "pa",      "pas",         "attr.mair",   "attr.sh",
					    "ats",     "mpam.partid", "mpam.pmg",    "mpam.space" };

	for (unsigned i = 0; i < sizeof(said) / sizeof(*said); i++)
		if (difference && !strcmp(said[i], difference))
			return true;
	return false;
}

static void say_case(const char *folder, const char *difference)
{
	printf("The same as a configuration with a trace: smmu-sim run -c %s/case.yaml\n", folder);
	if (!expectation_has(difference))
		printf("(its expectation does not say %s)\n", difference ? difference : "what");
}

/* Says all there is to say of a difference; the pair is gone after it. */
static void report(const struct run *run, const struct scene *scene, struct memory *memory,
		   uint64_t machine)
{
	struct duel *duel;
	const char *difference = scene_run(scene, memory, &duel);

	printf("seed %" PRIu64 ", machine %" PRIu64 ": they differ in %s\n", run->options->seed,
	       machine, difference ? difference : "nothing, once alone");
	if (duel) {
		report_scene(scene, stdout);
		report_difference(duel, stdout);
		if (setup_has_spaces(&scene->setup))
			printf("(there is a Secure or Realm state: no files are written)\n");
		else if (!report_files(scene, &duel->answer, run->options->out))
			fprintf(stderr, "%s: %s\n", run->options->out, strerror(errno));
		else
			say_case(run->options->out, difference);
	}
	duel_close(duel);
}

static void shrink_and_report(struct run *run, const struct smmu3_txn *txn, const struct duel *duel,
			      uint64_t machine)
{
	static struct scene scene;
	struct memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		abort();
	scene_of(&scene, &run->world->setup, txn, duel);
	scene_shrink(&scene, memory);
	report(run, &scene, memory, machine);
	memory_clear(memory, 0, 0);
	free(memory);
}

/* What the generator has overwritten is out of date, where it is kept. */
static void before_access(struct run *run, struct duel *duel, const struct smmu3_txn *txn)
{
	if (!kept_takes(run->kept, 1))
		maintain_all(run->kept, run->world, duel);
	maintain(run->kept, run->world, duel, draw_remedy(run->world), 0);
	if (!(txn->flags & SMMU3_TXN_PROBE))
		kept_note(run->kept, run->world, duel, txn);
}

static void count_access(struct run *run, const struct smmu3_txn *txn, const struct duel *duel)
{
	matrix_count(run->matrix, txn, &duel->answer);
	if (duel->answer.verdict != SMMU3_OK)
		return;
	goods_note(&run->goods, txn);
	run->last[txn->sec_sid] = (struct asked){ *txn, duel->answer };
}

/* What hardware has updated is known to who keeps it, but for structures. */
static void follow(struct run *run, struct duel *duel)
{
	if (!kept_follow(run->kept, duel))
		maintain_all(run->kept, run->world, duel);
}

/* Software may not know what is kept after a reset. */
static void after_reset(struct run *run, struct duel *duel)
{
	if (duel->software.was_reset && run->world->kept)
		maintain_all(run->kept, run->world, duel);
	duel->software.was_reset = false;
}

static bool run_access(struct run *run, struct duel *duel, const struct smmu3_txn *txn,
		       uint64_t machine)
{
	const char *difference;

	if (run->world->kept)
		before_access(run, duel, txn);
	run->done++;
	difference = duel_run(duel, txn);
	if (difference) {
		printf("access %" PRIu64 ": %s\n", run->done, difference);
		shrink_and_report(run, txn, duel, machine);
		return false;
	}
	if (run->world->kept)
		follow(run, duel);
	after_reset(run, duel);
	count_access(run, txn, duel);
	return true;
}

static bool run_next(struct run *run, struct duel *duel, uint64_t machine)
{
	struct smmu3_txn txn;

	world_access(run->world, &txn);
	return run_access(run, duel, &txn, machine);
}

static bool run_again(struct run *run, struct duel *duel, const struct edit *edit, unsigned often,
		      uint64_t machine)
{
	struct smmu3_txn txn;

	if (!rng_chance(&run->world->rng, often))
		return true;
	txn = edit_again(edit, run->world);
	return run_access(run, duel, &txn, machine);
}

static void count_edit(struct matrix *matrix, const struct edit *edit)
{
	unsigned index[2], count = cells_of_secure_edit(edit, index);

	if (edit->user.sec_sid == SMMU3_PAS_NS)
		matrix_count_edit(matrix, &cells_of_edits, cell_of_edit(edit));
	while (count--)
		matrix_count_edit(matrix, &cells_of_secure_edits, index[count]);
}

/* Changes something that is in use, sometimes with an access while it is not there. */
static bool run_edit(struct run *run, struct duel *duel, uint64_t machine)
{
	struct edit edit;

	if (!run->world->kept || !rng_chance(&run->world->rng, 300) ||
	    !edit_begin(&edit, run->kept, run->world, duel))
		return true;
	count_edit(run->matrix, &edit);
	if (!edit.whole && !run_again(run, duel, &edit, 200, machine))
		return false;
	edit_end(&edit, run->kept, run->world, duel);
	return run_again(run, duel, &edit, 800, machine);
}

/* Changes granule protection of what was looked up last, and asks again. */
static bool run_reprotect(struct run *run, struct duel *duel, uint64_t machine)
{
	struct smmu3_txn txn;

	if (!run->world->setup.protection.checks || !run->kept->txns ||
	    !rng_chance(&run->world->rng, 200))
		return true;
	txn = run->kept->txn[run->kept->txns - 1];
	txn.cookie = rng_next(&run->world->rng);
	return !reprotect(run->kept, run->world, duel) || run_access(run, duel, &txn, machine);
}

/* The last access of the state that has succeeded, or a new one. */
static bool run_last(struct run *run, struct duel *duel, const struct asked *last, uint64_t machine)
{
	struct smmu3_txn txn = last->txn;

	if (!txn.bytes)
		return run_next(run, duel, machine);
	txn.cookie = rng_next(&run->world->rng);
	return run_access(run, duel, &txn, machine);
}

static void count_reprogram(struct run *run, unsigned cell)
{
	matrix_count_edit(run->matrix, &cells_of_registers, cell);
}

/* Programs a state anew, with accesses while it is disabled, and after that. */
static bool run_reprogram(struct run *run, struct duel *duel, uint64_t machine)
{
	struct reprogramming reprogramming;

	if (!run->options->reprograms || !rng_chance(&run->world->rng, 80) ||
	    !reprogram_begin(&reprogramming, run->world, duel))
		return true;
	const struct asked last = run->last[reprogramming.state];

	if (!run_last(run, duel, &last, machine))
		return false;
	if (last.txn.bytes)
		count_reprogram(run, cell_of_disabled(&reprogramming, &duel->answer));
	if (rng_below(&run->world->rng, 2) && !run_next(run, duel, machine))
		return false;
	reprogram_end(&reprogramming, run->kept, run->world, duel);
	if (!run_last(run, duel, &last, machine))
		return false;
	if (last.txn.bytes)
		count_reprogram(run,
				cell_of_reprogrammed(&reprogramming, &last.answer, &duel->answer));
	return true;
}

/* Other labels in registers, which count at once. */
static void run_label(struct run *run, struct duel *duel)
{
	struct world *world = run->world;
	const unsigned state = rng_below(&world->rng, STATES);
	struct registers *of = &world->setup.of[state];

	if (!world->traits.mpam || !of->there || !rng_chance(&world->rng, 60))
		return;
	of->gmpam = choose_label_register(world, state);
	of->gbpmpam = state == SMMU3_PAS_REALM ? 0 : choose_label_register(world, state);
	duel_label(duel, &world->setup, state);
}

/* ---- Batches ---- */

/* As before_access, of all of them. */
static void before_batch(struct run *run, struct duel *duel, const struct batch *batch)
{
	if (!kept_takes(run->kept, batch->count))
		maintain_all(run->kept, run->world, duel);
	maintain(run->kept, run->world, duel, draw_remedy(run->world), 0);
	for (unsigned i = 0; i < batch->count; i++)
		if (!(batch->txn[i].flags & SMMU3_TXN_PROBE))
			kept_note(run->kept, run->world, duel, &batch->txn[i]);
}

static bool compare_batch(struct run *run, struct duel *duel, const struct batch *batch,
			  uint64_t machine)
{
	const char *difference = NULL;

	for (unsigned i = 0; i < batch->count; i++) {
		run->done++;
		difference = duel_compare(duel, batch, i);
		if (difference) {
			printf("access %" PRIu64 ", %u of a batch of %u: %s\n", run->done, i,
			       batch->count, difference);
			shrink_and_report(run, &batch->txn[i], duel, machine);
			return false;
		}
		count_access(run, &batch->txn[i], duel);
	}
	follow(run, duel);
	difference = duel_end(duel, batch);
	after_reset(run, duel);
	if (difference)
		printf("access %" PRIu64 ", after a batch: %s\n", run->done, difference);
	return !difference;
}

static bool run_batch(struct run *run, struct duel *duel, uint64_t machine)
{
	static struct batch batch;

	if (!run->options->ports || !rng_chance(&run->world->rng, 50))
		return true;
	batch_draw(&batch, run->world, &run->goods, HELD_MOST - duel->software.holds);
	before_batch(run, duel, &batch);
	duel_ask(duel, &batch);
	return compare_batch(run, duel, &batch, machine);
}

static bool run_machine(struct run *run, uint64_t machine)
{
	struct smmu3_error error;
	const char *mistake;
	struct duel *duel;
	bool agree = true;

	world_make(run->world, machine_seed(run->options, machine), (uint32_t)run->options->kept,
		   run->options->ports);
	if (run->options->adverse)
		adverse_draw(run->world);
	if (run->options->aborts)
		adverse_draw_aborts(run->world);
	duel = duel_open(&run->world->setup, &run->world->memory, &error);
	if (!duel) {
		printf("machine %" PRIu64 " is refused: %s\n", machine, error.text);
		return false;
	}
	kept_clear(run->kept);
	run->goods.noted = 0;
	memset(run->last, 0, sizeof(run->last));
	for (unsigned i = 0; agree && i < ACCESSES_PER_MACHINE; i++) {
		run_label(run, duel);
		agree = run_reprogram(run, duel, machine) && run_edit(run, duel, machine) &&
			run_next(run, duel, machine) && run_reprotect(run, duel, machine) &&
			run_batch(run, duel, machine);
	}
	mistake = duel_close(duel);
	if (agree && mistake)
		printf("machine %" PRIu64 ", when it is destroyed: %s\n", machine, mistake);
	return agree && !mistake;
}

static bool run_all(struct run *run)
{
	const struct options *options = run->options;

	if (options->one_machine)
		return run_machine(run, options->machine);
	for (uint64_t machine = 0; run->done < options->accesses; machine++)
		if (!run_machine(run, machine))
			return false;
	return true;
}

/* ---- Options ---- */

static bool number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && end != text && !*end && text[0] != '-';
}

static bool take(struct options *options, int option, const char *argument)
{
	switch (option) {
	case 'a':
		return number(argument, &options->accesses);
	case 's':
		if (strcmp(argument, "time"))
			return number(argument, &options->seed);
		options->seed = (uint64_t)time(NULL);
		return true;
	case 'l':
		return number(argument, &options->least);
	case 'w':
		return number(argument, &options->own);
	case 'm':
		options->one_machine = true;
		return number(argument, &options->machine);
	case 'x':
		options->whole_matrix = true;
		return true;
	case 'o':
		options->out = argument;
		return true;
	case 'c':
		return number(argument, &options->kept) && options->kept <= SMMU3_CACHE_MOST;
	case 'p':
		options->ports = true;
		return !setenv("SMMU_TEST_PORTS", "1", 1);
	case 'r':
		return options->reprograms = true;
	case 'b':
		return options->aborts = true;
	case 'v':
		return options->adverse = true;
	case 'k':
		duel_check();
		return options->checks = true;
	case 'd':
		return duel_distort(argument);
	case 'e':
		return options->errs = software_errs(argument);
	default:
		return false;
	}
}

static bool parse(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ "accesses", required_argument, NULL, 'a' },
		{ "seed", required_argument, NULL, 's' },
		{ "least", required_argument, NULL, 'l' },
		{ "own", required_argument, NULL, 'w' },
		{ "machine", required_argument, NULL, 'm' },
		{ "matrix", no_argument, NULL, 'x' },
		{ "out", required_argument, NULL, 'o' },
		{ "caches", required_argument, NULL, 'c' },
		{ "ports", no_argument, NULL, 'p' },
		{ "reprogram", no_argument, NULL, 'r' },
		{ "adverse", no_argument, NULL, 'v' },
		{ "aborts", no_argument, NULL, 'b' },
		{ "check", no_argument, NULL, 'k' },
		{ "distort", required_argument, NULL, 'd' },
		{ "err", required_argument, NULL, 'e' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (!take(options, option, optarg))
			return false;
	return optind == argc && (options->kept || !options->ports) &&
	       !(options->kept && options->aborts);
}

int main(int argc, char **argv)
{
	struct options options = { .accesses = 1000000, .seed = 1, .least = 1, .out = "case" };
	struct run run = { .options = &options };
	bool passed;

	if (!parse(&options, argc, argv)) {
		fprintf(stderr,
			"usage: %s [--accesses N] [--seed S|time] [--least N] [--own N] [--matrix] "
			"[--machine M] [--out DIR] [--caches N [--ports] [--check]] [--reprogram] [--adverse] [--aborts] [--distort WAY] [--err WAY]\n",
			argv[0]);
		return 2;
	}
	run.world = calloc(1, sizeof(*run.world));
	run.kept = calloc(1, sizeof(*run.kept));
	run.matrix = matrix_new(options.kept, options.reprograms,
				options.adverse || options.aborts);
	if (!run.world || !run.kept)
		abort();
	printf("seed %" PRIu64 "\n", options.seed);
	passed = run_all(&run);
	if (options.checks) {
		printf("%" PRIu64 " findings\n", duel_findings());
		passed = passed && (duel_findings() != 0) == options.errs;
	}
	matrix_print(run.matrix, stdout, options.whole_matrix);
	if (options.ports && !ported_end())
		passed = false;
	if (passed && !options.one_machine)
		passed = matrix_gate(run.matrix, options.least, stdout);
	if (passed && options.reprograms && options.own)
		passed = matrix_gate_group(run.matrix, &cells_of_registers, options.own, stdout);
	if (passed && options.adverse && options.own)
		passed = matrix_gate_group(run.matrix, &cells_of_choices, options.own, stdout);
	printf("%s\n", passed ? "All agree." : "FAILED");
	matrix_free(run.matrix);
	memory_clear(&run.world->memory, 0, 0);
	free(run.world);
	free(run.kept);
	return !passed;
}
