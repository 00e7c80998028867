/* SPDX-License-Identifier: MIT */
#include "duel.h"

#include "adverse.h"
#include "mistakes.h"

#include "support/ported.h"

#include <smmu/adversity.h>

#include <stdlib.h>
#include <string.h>

/* ---- Memory, read by either side ---- */

/* Queues are there: the library asks for them, too. */
static bool is_entry_of_queues(const struct fetches *fetches, const struct smmu3_mem_access *access)
{
	return access->reason == SMMU3_REASON_GPT && access->pa == fetches->protection->base;
}

static void note(struct fetches *fetches, const struct smmu3_mem_access *access)
{
	if (is_entry_of_queues(fetches, access))
		return;
	if (fetches->count < DUEL_FETCHES)
		fetches->access[fetches->count] = *access;
	fetches->count++;
}

static bool read_word(const struct fetches *fetches, const struct smmu3_mem_access *access,
		      uint64_t at, uint64_t *word)
{
	return access->reason == SMMU3_REASON_GPT ? protection_read(fetches->protection, at, word) :
						    memory_read(fetches->memory, at, word);
}

/* The next access for such a reason. */
static bool is_aborted(struct fetches *fetches, const struct smmu3_mem_access *access)
{
	const struct aborts *aborts = &fetches->aborts;

	if (!(aborts->reasons >> access->reason & 1) || ++fetches->meant < aborts->first)
		return false;
	if ((fetches->meant - aborts->first) % aborts->every)
		return false;
	fetches->aborted++;
	return true;
}

enum { WORDS_MOST = 8 };

static void see(const struct fetches *fetches, const struct smmu3_mem_access *access,
		uint64_t *word)
{
	memory_seen(fetches->spaces, (enum smmu3_pas)access->pas, (enum smmu3_reason)access->reason,
		    word, (unsigned)(access->bytes / 8));
}

static bool fetch(void *context, const struct smmu3_mem_access *access, void *data)
{
	struct fetches *fetches = context;
	const unsigned words = (unsigned)(access->bytes / 8);
	unsigned char *byte = data;
	uint64_t word[WORDS_MOST];

	if (is_aborted(fetches, access))
		return false;
	note(fetches, access);
	for (unsigned i = 0; i < words; i++)
		if (!read_word(fetches, access, access->pa + 8 * i, &word[i]))
			return false;
	see(fetches, access, word);
	for (unsigned i = 0; i < 8 * words; i++) /* memory is little-endian */
		byte[i] = (unsigned char)(word[i / 8] >> 8 * (i % 8));
	return true;
}

/* ---- Memory, updated by either side ---- */

static void update_word(struct fetches *fetches, uint64_t pa, uint64_t word)
{
	struct updates_made *made = &fetches->made;
	uint64_t before;

	if (made->count == DUEL_UPDATES || !memory_read(fetches->memory, pa, &before))
		abort();
	made->update[made->count].pa = pa;
	made->update[made->count].before = before;
	made->update[made->count++].after = word;
	memory_write(fetches->memory, pa, word);
}

/* A descriptor, as the side has it. */
static void update(struct fetches *fetches, const struct smmu3_mem_access *access, uint64_t *word)
{
	see(fetches, access, word);
	for (unsigned i = 0; i < access->bytes / 8; i++)
		update_word(fetches, access->pa + 8 * i, word[i]);
}

static void words_of(const void *data, uint64_t *word, unsigned words)
{
	const unsigned char *byte = data;

	for (unsigned i = 0; i < words; i++)
		word[i] = 0;
	for (unsigned i = 0; i < 8 * words; i++)
		word[i / 8] |= (uint64_t)byte[i] << 8 * (i % 8);
}

static bool update_for_obvious(void *context, const struct smmu3_mem_access *access,
			       const void *data)
{
	struct fetches *fetches = context;
	uint64_t word[2];

	if (is_aborted(fetches, access))
		return false;
	for (unsigned i = 0; i < access->bytes / 8; i++)
		if (!read_word(fetches, access, access->pa + 8 * i, &word[i]))
			return false;
	words_of(data, word, (unsigned)(access->bytes / 8));
	update(fetches, access, word);
	return true;
}

static enum smmu3_mem_result swap_words(struct fetches *fetches,
					const struct smmu3_mem_access *access,
					const uint64_t *expected, const uint64_t *desired,
					uint64_t *found)
{
	const unsigned words = (unsigned)(access->bytes / 8);
	uint64_t word[2];

	for (unsigned i = 0; i < words; i++)
		if (!read_word(fetches, access, access->pa + 8 * i, &word[i]))
			return SMMU3_MEM_ABORT;
	see(fetches, access, word);
	memcpy(found, word, access->bytes); /* hosts of this test are little-endian */
	if (memcmp(found, expected, access->bytes))
		return SMMU3_MEM_OK;
	words_of(desired, word, words);
	update(fetches, access, word);
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result swap_for_library(void *context, const struct smmu3_mem_access *access,
					      const uint64_t *expected, const uint64_t *desired,
					      uint64_t *found)
{
	struct duel *duel = context;

	return access->bytes == 8 ? swap_words(&duel->library, access, expected, desired, found) :
				    SMMU3_MEM_ABORT;
}

static enum smmu3_mem_result swap_pair_for_library(void *context,
						   const struct smmu3_mem_access *access,
						   const uint64_t *expected,
						   const uint64_t *desired, uint64_t *found)
{
	struct duel *duel = context;

	return access->bytes == 16 && access->pa % 16 == 0 ?
		       swap_words(&duel->library, access, expected, desired, found) :
		       SMMU3_MEM_ABORT;
}

/* In a window. */
static void written_by_library(void *context, const struct smmu3_mem_access *access)
{
	struct duel *duel = context;
	uint64_t word[2];

	if (access->reason != SMMU3_REASON_S1_TTD && access->reason != SMMU3_REASON_S2_TTD)
		return;
	for (unsigned i = 0; i < access->bytes / 8; i++)
		if (!memory_window_word(duel->library.memory, access->pa + 8 * i, &word[i]))
			abort();
	update(&duel->library, access, word);
}

/* The last first. */
static void take_back(struct fetches *fetches)
{
	for (unsigned i = fetches->made.count; i-- > 0;)
		memory_write(fetches->memory, fetches->made.update[i].pa,
			     fetches->made.update[i].before);
}

/* Does memory have what a side has left in it? */
static bool stands(const struct fetches *fetches, const struct memory *memory)
{
	const struct updates_made *made = &fetches->made;

	for (unsigned i = 0; i < made->count; i++) {
		bool last = true;
		uint64_t word;

		for (unsigned j = i + 1; j < made->count; j++)
			last = last && made->update[j].pa != made->update[i].pa;
		if (last && (!memory_read(memory, made->update[i].pa, &word) ||
			     word != made->update[i].after))
			return false;
	}
	return true;
}

/* Memory is as the other side has left it. */
static bool same_updates(const struct duel *duel)
{
	return duel->library.made.count <= DUEL_UPDATES &&
	       stands(&duel->library, duel->obvious.memory) &&
	       duel->obvious.made.count == duel->library.made.count;
}

static enum smmu3_mem_result read_for_library(void *context, const struct smmu3_mem_access *access,
					      void *data)
{
	struct duel *duel = context;

	if (access->reason == SMMU3_REASON_CMDQ)
		software_command(&duel->software, access->pas, data);
	else if (!fetch(&duel->library, access, data))
		return SMMU3_MEM_ABORT;
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result write_for_library(void *context, const struct smmu3_mem_access *access,
					       const void *data)
{
	struct duel *duel = context;

	if (access->reason != SMMU3_REASON_EVENTQ)
		return SMMU3_MEM_ABORT;
	software_record(&duel->software, access->pas, data);
	return SMMU3_MEM_OK;
}

static void stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct duel *duel = context;

	software_stall_ended(&duel->software, stall);
}

/* ---- Both sides ---- */

static struct obvious_machine obvious_machine(const struct setup *setup, struct fetches *fetches)
{
	const struct registers *of = &setup->of[SMMU3_PAS_NS], *s = &setup->of[SMMU3_PAS_SECURE];
	const struct registers *r = &setup->of[SMMU3_PAS_REALM];

	struct obvious_machine machine = {
		.idr0 = setup->config.idr[0],
		.idr1 = setup->config.idr[1],
		.idr3 = setup->config.idr[3],
		.idr5 = setup->config.idr[5],
		.aidr = setup->config.aidr,
		.cr0 = of->cr0,
		.cr1 = of->cr1,
		.cr2 = of->cr2,
		.gbpa = of->gbpa,
		.strtab_base_cfg = of->strtab_base_cfg,
		.strtab_base = of->strtab_base,
		.s_idr0 = setup->config.s_idr[0],
		.s_idr1 = setup->config.s_idr[1],
		.s_cr0 = s->there ? s->cr0 : 0,
		.s_cr1 = s->cr1,
		.s_cr2 = s->cr2,
		.s_gbpa = s->gbpa,
		.s_strtab_base_cfg = s->strtab_base_cfg,
		.s_strtab_base = s->strtab_base,
		.r_idr0 = setup->config.r_idr[0],
		.r_idr3 = setup->config.r_idr[3],
		.r_mecidr = setup->config.r_mecidr,
		.r_gmecid = setup->gmecid,
		.r_cr0 = r->there ? r->cr0 : 0,
		.r_cr1 = r->cr1,
		.r_cr2 = r->cr2,
		.r_strtab_base_cfg = r->strtab_base_cfg,
		.r_strtab_base = r->strtab_base,
		.s2pii = of->s2pii,
		.s_s2pii = s->s2pii,
		.r_s2pii = r->s2pii,
		.mpamidr = setup->config.mpamidr,
		.gmpam = of->gmpam,
		.gbpmpam = of->gbpmpam,
		.s_mpamidr = setup->config.s_mpamidr,
		.s_gmpam = s->gmpam,
		.s_gbpmpam = s->gbpmpam,
		.r_mpamidr = setup->config.r_mpamidr,
		.r_gmpam = r->gmpam,
		.gpcen = setup->protection.checks,
		.gpt_base_cfg = setup->protection.cfg,
		.gpt_base = setup->protection.base,
		.waits = setup->waits,
		.read = fetch,
		.write = update_for_obvious,
		.context = fetches,
	};

	memcpy(machine.chosen, setup->chosen, sizeof(machine.chosen));
	return machine;
}

/* ---- The checker ---- */

static bool checks;
static uint64_t findings;

uint64_t duel_findings(void)
{
	return findings;
}

void duel_check(void)
{
	checks = true;
}

/* How it edits is no matter here: STEs in several words at once, and over what was never written;
 * nor are ATCs, of which it has none. */
static void found(void *context, const struct smmu3_finding *finding)
{
	struct duel *duel = context;

	if (!finding->txn || finding->kept[0].kind == SMMU3_KEPT_ATC)
		return;
	findings++;
	duel->findings++;
	duel->finding = *finding;
}

/* Whether there is room for a stall is no matter of what is kept. */
static unsigned seen(unsigned verdict)
{
	return verdict == SMMU3_BUSY ? SMMU3_STALLED : verdict;
}

/* In what the checker compares. */
static bool is_checked(const struct duel *duel)
{
	const struct smmu3_outcome *outcome = &duel->outcome;
	const struct obvious_answer *answer = &duel->answer;

	return seen(outcome->verdict) != seen(answer->verdict) || outcome->event != answer->event ||
	       outcome->fault_class != answer->fault_class ||
	       outcome->fault_stage != answer->fault_stage ||
	       outcome->fault_level != answer->fault_level ||
	       outcome->fault_addr != answer->fault_addr || outcome->pa != answer->pa ||
	       outcome->pas != answer->pas || outcome->attr.mair != answer->attr.mair ||
	       outcome->attr.sh != answer->attr.sh || outcome->mecid != answer->mecid ||
	       outcome->instruction != answer->instruction ||
	       outcome->privileged != answer->privileged || outcome->ats != answer->ats ||
	       outcome->becomes != answer->becomes || outcome->mpam.partid != answer->mpam.partid ||
	       outcome->mpam.pmg != answer->mpam.pmg || outcome->mpam.space != answer->mpam.space;
}

/* The commands that a finding names, and a CMD_SYNC in every queue that they, or what waits for
 * one, are in. */
static void obey(struct duel *duel)
{
	const struct smmu3_finding *finding = &duel->finding;

	for (unsigned i = 0; i < finding->commands; i++)
		if (!finding->command[i].alternative)
			software_issue_right(&duel->software, finding->command[i].queue,
					     finding->command[i].word[0],
					     finding->command[i].word[1]);
	for (unsigned state = 0; state < STATES; state++)
		if (duel->software.setup.of[state].there)
			software_issue_right(&duel->software, state, 0x46, 0); /* CMD_SYNC */
}

/* What differs has been found, and nothing else; and what is named for it is enough.  NULL: so it
 * is. */
static const char *judge_checker(struct duel *duel, const struct smmu3_txn *txn)
{
	struct smmu3_txn probe = *txn;

	if (txn->flags & SMMU3_TXN_PROBE) /* is told as it is, and nobody of it */
		return duel->findings ? "a finding of a probe" : NULL;
	/* The page was made writable by software: then the checker is right to say so */
	if (duel->allowed && duel->findings == 1 && duel->finding.changed.words)
		return NULL;
	if (duel->findings != is_checked(duel))
		return duel->findings ? "a finding without a difference" : "no finding";
	if (!duel->findings)
		return NULL;
	probe.flags |= SMMU3_TXN_PROBE;
	obey(duel);
	if (duel->library.made.count || duel->obvious.made.count) /* memory is another now */
		return NULL;
	duel->obvious.count = 0;
	(void)smmu3_translate(duel->software.smmu, &probe, &duel->outcome);
	obvious_translate(&duel->machine, &probe, &duel->answer);
	return is_checked(duel) ? "what a finding names is not enough" : NULL;
}

struct duel *duel_open(const struct setup *setup, struct memory *memory, struct smmu3_error *error)
{
	struct duel *duel = calloc(1, sizeof(*duel));

	if (!duel)
		abort();
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = duel,
					 .read = read_for_library,
					 .write = write_for_library,
					 .written = written_by_library,
					 .swap = swap_for_library,
					 .finding = found,
					 .swap_pair = swap_pair_for_library,
					 .stall_ended = setup->waits ? stall_ended : NULL };

	struct smmu3_config config = setup->config;

	config.check = checks ? SMMU3_CHECK_ON : SMMU3_CHECK_OFF;
	duel->software.setup = *setup;
	duel->software.smmu = smmu3_create(&config, &host, error);
	if (!duel->software.smmu) {
		free(duel);
		return NULL;
	}
	duel->obvious.aborts = setup->aborts;
	if (setup->aborts.reasons)
		adverse_abort(&setup->aborts, duel->software.smmu);
	if (setup->adverse)
		adverse_ask(&duel->software.setup, duel->software.smmu);
	duel->library.spaces = setup_has_spaces(setup);
	duel->obvious.spaces = duel->library.spaces;
	duel->library.protection = &duel->software.setup.protection;
	duel->obvious.protection = duel->library.protection;
	duel->library.memory = memory;
	duel->obvious.memory = memory;
	duel->machine = obvious_machine(&duel->software.setup, &duel->obvious);
	software_start(&duel->software);
	return duel;
}

void duel_program(struct duel *duel, const struct setup *setup, unsigned state)
{
	duel->software.setup.of[state] = setup->of[state];
	duel->software.setup.gmecid = setup->gmecid;
	duel->machine = obvious_machine(&duel->software.setup, &duel->obvious);
}

void duel_label(struct duel *duel, const struct setup *setup, unsigned state)
{
	duel_program(duel, setup, state);
	software_label(&duel->software, state);
}

const char *duel_close(struct duel *duel)
{
	const char *mistake;

	if (!duel)
		return NULL;
	const bool same_aborts = !duel->obvious.aborts.reasons ||
				 smmu3_adversity_met(duel->software.smmu, 0) ==
					 duel->obvious.aborted;

	smmu3_destroy(duel->software.smmu);
	mistake = software_end(&duel->software);
	free(duel);
	return same_aborts ? mistake : "aborts";
}

/* ---- Agreement ---- */

#define DIFFER(member)                                 \
	do {                                           \
		if (outcome->member != answer->member) \
			return #member;                \
	} while (0)

static const char *outcomes_differ(const struct smmu3_outcome *outcome,
				   const struct obvious_answer *answer)
{
	DIFFER(verdict);
	DIFFER(event);
	DIFFER(fault_class);
	DIFFER(fault_stage);
	DIFFER(fault_level);
	DIFFER(fault_addr);
	DIFFER(recorded);
	DIFFER(pa);
	DIFFER(pas);
	DIFFER(attr.mair);
	DIFFER(attr.sh);
	DIFFER(perm);
	DIFFER(span);
	DIFFER(bytes);
	DIFFER(stages);
	DIFFER(instruction);
	DIFFER(privileged);
	DIFFER(ats);
	DIFFER(mecid);
	DIFFER(becomes);
	DIFFER(mpam.partid);
	DIFFER(mpam.pmg);
	DIFFER(mpam.space);
	for (unsigned i = 0; i < 4; i++)
		DIFFER(record.word[i]);
	return NULL;
}

static bool same_label(struct smmu3_mpam a, struct smmu3_mpam b)
{
	return a.partid == b.partid && a.pmg == b.pmg && a.space == b.space;
}

static bool same_access(const struct smmu3_mem_access *a, const struct smmu3_mem_access *b)
{
	return a->pa == b->pa && a->bytes == b->bytes && a->pas == b->pas &&
	       a->reason == b->reason && a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh &&
	       a->mecid == b->mecid && same_label(a->mpam, b->mpam);
}

static bool same_fetches(const struct fetches *a, const struct fetches *b)
{
	if (a->count != b->count || a->count > DUEL_FETCHES)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!same_access(&a->access[i], &b->access[i]))
			return false;
	return true;
}

/* ---- Lies ---- */

static void distort_shareability(struct duel *duel)
{
	if (duel->outcome.verdict == SMMU3_OK && duel->outcome.stages == 3)
		duel->outcome.attr.sh ^= 1;
}

static void distort_level(struct duel *duel)
{
	const struct smmu3_outcome *outcome = &duel->outcome;

	if (outcome->fault_stage == 2 && outcome->fault_class == SMMU3_CLASS_TT)
		duel->outcome.fault_level ^= 1;
}

static void distort_record(struct duel *duel)
{
	enum { C_BAD_CD = 0x0a };

	if (duel->outcome.event == C_BAD_CD)
		duel->outcome.record.word[0] ^= UINT64_C(1) << 32;
}

static void distort_fetches(struct duel *duel)
{
	if (duel->library.count > 12)
		duel->library.access[12].attr.mair ^= 1;
}

static void distort_stall(struct duel *duel)
{
	enum { STALL = 31 };

	if (duel->outcome.verdict == SMMU3_STALLED)
		duel->outcome.record.word[1] ^= UINT64_C(1) << STALL;
}

static void distort_room(struct duel *duel)
{
	if (duel->outcome.verdict == SMMU3_BUSY)
		duel->outcome.verdict = SMMU3_STALLED;
}

/* A PMG of another client's. */
static void distort_label(struct duel *duel)
{
	if (duel->outcome.verdict == SMMU3_OK && duel->outcome.mpam.partid)
		duel->outcome.mpam.pmg ^= 1;
}

/* Write permission that nobody granted. */
static void distort_grant(struct duel *duel)
{
	if (duel->outcome.verdict == SMMU3_OK && duel->outcome.ats & SMMU3_ATS_R)
		duel->outcome.ats |= SMMU3_ATS_W;
}

static const struct {
	const char *name;
	void (*distort)(struct duel *duel);
} lies[] = {
	{ "shareability", distort_shareability },
	{ "level", distort_level },
	{ "record", distort_record },
	{ "fetches", distort_fetches },
	{ "stall", distort_stall },
	{ "room", distort_room },
	{ "grant", distort_grant },
	{ "label", distort_label },
};

static void (*lie)(struct duel *duel);

bool duel_distort(const char *name)
{
	for (unsigned i = 0; i < sizeof(lies) / sizeof(*lies); i++)
		if (!strcmp(lies[i].name, name))
			lie = lies[i].distort;
	return lie != NULL;
}

/* A STAG is the SMMU's to choose. */
static void forget_stag(struct duel *duel, const struct smmu3_txn *txn)
{
	if (duel->outcome.verdict == SMMU3_STALLED && !(txn->flags & SMMU3_TXN_PROBE))
		duel->outcome.record.word[1] &= ~UINT64_C(0xffff);
}

static void before(struct duel *duel, const struct smmu3_txn *txn)
{
	duel->library.count = 0;
	duel->library.made.count = duel->obvious.made.count = 0;
	windows_add(&duel->library.memory->windows, &duel->windows, duel->software.smmu);
	software_before(&duel->software, txn);
}

static void run_both(struct duel *duel, const struct smmu3_txn *txn)
{
	before(duel, txn);
	duel->obvious.count = 0;
	duel->findings = 0;
	duel->machine.stalls = duel->software.holds;
	(void)smmu3_translate(duel->software.smmu, txn, &duel->outcome);
	take_back(&duel->library);
	obvious_translate(&duel->machine, txn, &duel->answer);
}

/* What is kept of a clean page may not know yet that another access has made it dirty: then it
 * permits no write. */
static void allow_for_dirty(struct duel *duel, const struct smmu3_txn *txn)
{
	enum { WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW };
	struct smmu3_outcome *outcome = &duel->outcome;
	const struct obvious_answer *answer = &duel->answer;
	const uint8_t ats = outcome->ats, becomes = outcome->becomes;

	duel->allowed = false;
	if (!duel->software.setup.config.caches.tlb || !answer->notes.keeps_dirty)
		return;
	outcome->perm |= answer->perm & WRITES;
	if (answer->becomes == txn->txn_class)
		outcome->becomes = answer->becomes;
	if (txn->ats == SMMU3_ATS_REQUEST && !(txn->flags & SMMU3_TXN_WRITE))
		outcome->ats |= answer->ats & SMMU3_ATS_W;
	duel->allowed = outcome->ats != ats || outcome->becomes != becomes;
}

/* Of the outcome and the answer: NULL, or in what they differ. */
static const char *compare(struct duel *duel, const struct smmu3_txn *txn, const char **mistake)
{
	*mistake = software_outcome(&duel->software, txn, &duel->outcome);
	forget_stag(duel, txn);
	allow_for_dirty(duel, txn);
	if (lie)
		lie(duel);
	return outcomes_differ(&duel->outcome, &duel->answer);
}

/* Where software errs, differences are due; what is stale does its updates where memory has no
 * place for them. */
static const char *go_on_wrong(struct duel *duel, const struct smmu3_txn *txn)
{
	const struct smmu3_outcome outcome = duel->outcome;
	const char *mistake = judge_checker(duel, txn);

	if (!mistake)
		mistake = software_told(&duel->software);
	return mistake ? mistake : software_after(&duel->software, txn, &outcome);
}

const char *duel_run(struct duel *duel, const struct smmu3_txn *txn)
{
	const char *mistake, *difference;

	run_both(duel, txn);
	difference = compare(duel, txn, &mistake);
	if (checks && software_is_wrong())
		return go_on_wrong(duel, txn);
	if (difference)
		return difference;
	if (duel->findings)
		return "a finding";
	if (!duel->software.setup.config.caches.tlb &&
	    !same_fetches(&duel->library, &duel->obvious))
		return "fetches";
	if (!same_updates(duel))
		return "updates";
	mistake = software_told(&duel->software);
	return mistake ? mistake : software_after(&duel->software, txn, &duel->outcome);
}

/* ---- Batches ---- */

void duel_ask(struct duel *duel, struct batch *batch)
{
	before(duel, &batch->txn[0]);
	ported_batch(duel->software.smmu, batch->txn, batch->outcome, batch->count, batch->section);
	take_back(&duel->library);
}

const char *duel_compare(struct duel *duel, const struct batch *batch, unsigned number)
{
	const struct smmu3_txn *txn = &batch->txn[number];
	const char *mistake, *difference;

	duel->obvious.count = 0;
	duel->machine.stalls = duel->software.holds;
	duel->outcome = batch->outcome[number];
	obvious_translate(&duel->machine, txn, &duel->answer);
	difference = compare(duel, txn, &mistake);
	return difference ? difference : mistake;
}

/* Where there was no room for a stall there is some again. */
const char *duel_end(struct duel *duel, const struct batch *batch)
{
	const char *mistake = same_updates(duel) ? software_told(&duel->software) : "updates";

	for (unsigned i = 0; i < batch->count && !mistake; i++)
		if (batch->outcome[i].verdict == SMMU3_BUSY)
			return software_after(&duel->software, &batch->txn[i], &batch->outcome[i]);
	return mistake;
}
