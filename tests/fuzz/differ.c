/* SPDX-License-Identifier: MIT */
#include "differ.h"
#include "reach.h"

#include <smmu/decode.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The machine ---- */

static void record(struct fetches *fetches, const struct smmu3_mem_access *access, bool ok,
		   const void *data)
{
	struct fetch *fetch = &fetches->fetch[fetches->count++];

	assert(fetches->count <= FETCHES_MOST);
	*fetch = (struct fetch){ .access = *access, .ok = ok };
	if (ok)
		memcpy(fetch->word, data, access->bytes);
}

/* Whom the library's reads belong to. */
static struct differ *asking;

static enum smmu3_mem_result library_reads(void *context, const struct smmu3_mem_access *access,
					   void *data)
{
	const bool ok = asking->machine.read(asking->machine.context, access, data);

	(void)context;
	record(&asking->asked, access, ok, data);
	if (ok)
		return SMMU3_MEM_OK;
	return access->pa & 64 ? SMMU3_MEM_POISON : SMMU3_MEM_ABORT; /* which are the same */
}

static bool obvious_reads(void *context, const struct smmu3_mem_access *access, void *data)
{
	struct differ *differ = context;
	const bool ok = differ->machine.read(differ->machine.context, access, data);

	record(&differ->obvious, access, ok, data);
	return ok;
}

/* The attributes are those of the read before. */
static void record_update(struct fetches *fetches, const struct smmu3_mem_access *access,
			  const void *data)
{
	const struct smmu3_mem_access update = { .pa = access->pa,
						 .bytes = access->bytes,
						 .pas = access->pas,
						 .reason = access->reason };

	record(fetches, &update, true, data);
}

static enum smmu3_mem_result library_swaps(void *context, const struct smmu3_mem_access *access,
					   const uint64_t *expected, const uint64_t *desired,
					   uint64_t *found)
{
	(void)context;
	*found = *expected;
	record_update(&asking->swapped, access, desired);
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result library_swaps_pair(void *context,
						const struct smmu3_mem_access *access,
						const uint64_t *expected, const uint64_t *desired,
						uint64_t *found)
{
	found[1] = expected[1];
	return library_swaps(context, access, expected, desired, found);
}

static bool obvious_writes(void *context, const struct smmu3_mem_access *access, const void *data)
{
	struct differ *differ = context;

	record_update(&differ->written, access, data);
	return true;
}

static void stall_ended(void *context, const struct smmu3_stall *stall)
{
	(void)context;
	stalled_end(&asking->stalled, stall);
}

/* STE.S2ENDI or CD.ENDI of what was read before.  5.2, 5.4 */
static bool is_big_endian(const struct fetches *fetches, const struct smmu3_step *step)
{
	const bool stage2 = step->reason == SMMU3_REASON_S2_TTD;

	for (unsigned i = fetches->count; i-- > 0;) {
		const struct fetch *fetch = &fetches->fetch[i];

		if (stage2 && fetch->access.reason == SMMU3_REASON_STE)
			return fetch->word[2] >> 52 & 1;
		if (!stage2 && fetch->access.reason == SMMU3_REASON_CD)
			return fetch->word[0] >> 15 & 1;
	}
	return false;
}

/* A step tells descriptors as numbers. */
static void explained(void *context, const struct smmu3_step *step)
{
	struct differ *differ = context;
	const struct smmu3_mem_access access = {
		.pa = step->pa,
		.bytes = step->words * 8u,
		.pas = step->pas,
		.reason = step->reason,
		.attr = step->attr,
	};

	const bool ttd = step->reason == SMMU3_REASON_S1_TTD || step->reason == SMMU3_REASON_S2_TTD;
	const bool pair = ttd && step->words == 2;
	const uint64_t turned[2] = { __builtin_bswap64(step->word[pair]),
				     __builtin_bswap64(step->word[0]) };
	const bool turns = ttd && is_big_endian(&differ->steps, step);
	const uint64_t *word = turns ? turned : step->word;

	if (step->updates)
		record_update(&differ->foretold, &access, word);
	else
		record(&differ->steps, &access, !step->aborted, word);
}

static struct smmu3_config config_of(const struct obvious_machine *machine)
{
	return (struct smmu3_config){
		.size = sizeof(struct smmu3_config),
		.idr = { machine->idr0, machine->idr1, 0, machine->idr3, 0, machine->idr5 },
		.aidr = machine->aidr,
	};
}

/*
 * SMMUs are kept for the next input: to make one costs a hundred accesses.  Reset, it is as new.
 * Each has its place by its ID registers.
 */
struct kept {
	struct smmu3_config config;
	struct smmu3 *smmu;
};

static bool same_config(const struct smmu3_config *a, const struct smmu3_config *b)
{
	return !memcmp(a->idr, b->idr, sizeof(a->idr)) && a->aidr == b->aidr;
}

static struct smmu3 *smmu_of(const struct smmu3_config *config, bool waits)
{
	static struct kept kept[2][1024];
	const struct smmu3_host host = { .size = sizeof(host),
					 .read = library_reads,
					 .swap = library_swaps,
					 .swap_pair = library_swaps_pair,
					 .stall_ended = waits ? stall_ended : NULL };
	const uint32_t hash = (config->idr[0] ^ config->idr[1] ^ config->idr[3] ^ config->idr[5]) *
			      UINT32_C(0x9e3779b1);
	struct kept *place = &kept[waits][hash >> 22];

	if (!place->smmu || !same_config(&place->config, config)) {
		smmu3_destroy(place->smmu);
		*place = (struct kept){ *config, smmu3_create(config, &host, NULL) };
	}
	return place->smmu;
}

static void write_registers(struct smmu3 *smmu, const struct obvious_machine *machine)
{
	const struct {
		uint64_t offset;
		unsigned size;
		uint64_t value;
	} writes[] = {
		{ 0x28, 4, machine->cr1 },
		{ 0x2c, 4, machine->cr2 },
		{ 0x44, 4, machine->gbpa | UINT32_C(1) << 31 }, /* Update */
		{ 0x30, 8, machine->s2pii },
		{ 0x80, 8, machine->strtab_base },
		{ 0x88, 4, machine->strtab_base_cfg },
		{ 0x20, 4, machine->cr0 },
	};

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		if (smmu3_mmio_write(smmu, SMMU3_PAS_NS, writes[i].offset, writes[i].size,
				     writes[i].value))
			abort();
}

bool differ_open(struct differ *differ, const struct obvious_machine *machine,
		 const struct ram *ram)
{
	const struct smmu3_config config = config_of(machine);

	differ->machine = *machine;
	differ->ram = ram ? *ram : (struct ram){ 0 };
	differ->stalled.count = differ->stalled.ended = 0;
	asking = differ;
	differ->smmu = smmu_of(&config, machine->waits);
	if (!differ->smmu)
		return false;
	if (ram && smmu3_add_ram(differ->smmu, ram->base, ram->size, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				 ram->host))
		abort();
	write_registers(differ->smmu, machine);
	return true;
}

void differ_close(struct differ *differ)
{
	asking = differ;
	smmu3_reset(differ->smmu);
	stalled_over(&differ->stalled);
	if (differ->ram.size &&
	    smmu3_remove_ram(differ->smmu, differ->ram.base, SMMU3_PAS_BIT(SMMU3_PAS_NS)))
		abort();
}

/* ---- What is compared ---- */

/* A member of outcome and answer, little-endian in the low bytes of a word. */
struct member {
	const char *name;
	size_t of_outcome, of_answer, bytes;
};

#define MEMBER(member)                                                        \
	{                                                                     \
#member, offsetof(struct smmu3_outcome, member),              \
			offsetof(struct obvious_answer, member),              \
			sizeof(((const struct obvious_answer *)NULL)->member) \
	}

static const struct member members[] = {
	MEMBER(verdict),
	MEMBER(ats),
	MEMBER(becomes),
	MEMBER(pa),
	MEMBER(bytes),
	MEMBER(span),
	MEMBER(attr.mair),
	MEMBER(attr.sh),
	MEMBER(pas),
	MEMBER(perm),
	MEMBER(stages),
	MEMBER(instruction),
	MEMBER(privileged),
	MEMBER(recorded),
	MEMBER(event),
	MEMBER(fault_class),
	MEMBER(fault_stage),
	MEMBER(fault_level),
	MEMBER(fault_addr),
	MEMBER(record.word[0]),
	MEMBER(record.word[1]),
	MEMBER(record.word[2]),
	MEMBER(record.word[3]),
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static uint64_t member_at(const void *structure, size_t offset, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)structure + offset;
	uint64_t word;

	if (bytes == 1)
		return *at;
	memcpy(&word, at, sizeof(word));
	return word;
}

static bool same_members(const struct smmu3_outcome *outcome, const struct obvious_answer *answer)
{
	for (unsigned i = 0; i < MEMBERS; i++)
		if (member_at(outcome, members[i].of_outcome, members[i].bytes) !=
		    member_at(answer, members[i].of_answer, members[i].bytes))
			return false;
	return true;
}

static bool same_fetch(const struct fetch *a, const struct fetch *b)
{
	return a->access.pa == b->access.pa && a->access.bytes == b->access.bytes &&
	       a->access.pas == b->access.pas && a->access.reason == b->access.reason &&
	       a->access.attr.mair == b->access.attr.mair &&
	       a->access.attr.sh == b->access.attr.sh && a->ok == b->ok &&
	       !memcmp(a->word, b->word, sizeof(a->word));
}

static bool same_fetches(const struct fetches *a, const struct fetches *b)
{
	for (unsigned i = 0; i < a->count && i < b->count; i++)
		if (!same_fetch(&a->fetch[i], &b->fetch[i]))
			return false;
	return a->count == b->count;
}

/* The callback was asked for what no RAM window holds, and for nothing else. */
static bool asked_rightly(const struct differ *differ)
{
	unsigned asked = 0;

	for (unsigned i = 0; i < differ->steps.count; i++) {
		const struct fetch *step = &differ->steps.fetch[i];

		if (step->access.pa - differ->ram.base < differ->ram.size)
			continue;
		if (asked == differ->asked.count ||
		    !same_fetch(step, &differ->asked.fetch[asked++]))
			return false;
	}
	return asked == differ->asked.count;
}

/* What smmu3_explain says is what smmu3_translate did, but that it records nothing. */
static bool same_outcome(const struct smmu3_outcome *outcome, const struct smmu3_outcome *probed)
{
	for (unsigned i = 0; i < MEMBERS; i++)
		if (members[i].of_outcome != offsetof(struct smmu3_outcome, recorded) &&
		    member_at(outcome, members[i].of_outcome, members[i].bytes) !=
			    member_at(probed, members[i].of_outcome, members[i].bytes))
			return false;
	return outcome->why == probed->why && outcome->decider == probed->decider &&
	       !probed->recorded;
}

/* ---- A difference ---- */

static void print_machine(const struct obvious_machine *machine)
{
	(void)fprintf(stderr,
		      "IDR0 0x%08" PRIx32 " IDR1 0x%08" PRIx32 " IDR3 0x%08" PRIx32
		      " IDR5 0x%08" PRIx32 " AIDR 0x%08" PRIx32 "\n"
		      "CR0 0x%" PRIx32 " CR1 0x%" PRIx32 " CR2 0x%" PRIx32 " GBPA 0x%" PRIx32
		      " STRTAB_BASE 0x%" PRIx64 " STRTAB_BASE_CFG 0x%" PRIx32 "%s\n",
		      machine->idr0, machine->idr1, machine->idr3, machine->idr5, machine->aidr,
		      machine->cr0, machine->cr1, machine->cr2, machine->gbpa, machine->strtab_base,
		      machine->strtab_base_cfg, machine->waits ? "" : ", the host cannot wait");
}

static void print_txn(const struct smmu3_txn *txn)
{
	(void)fprintf(stderr,
		      "access: StreamID 0x%" PRIx32 " SubstreamID 0x%" PRIx32 " address 0x%" PRIx64
		      " bytes 0x%" PRIx64 " flags 0x%x class %u attr 0x%02x sh %u\n",
		      txn->sid, txn->ssid, txn->addr, txn->bytes, (unsigned)txn->flags,
		      (unsigned)txn->txn_class, (unsigned)txn->attr.mair, (unsigned)txn->attr.sh);
}

static void print_fetches(const char *title, const struct fetches *fetches)
{
	(void)fprintf(stderr, "%s:\n", title);
	for (unsigned i = 0; i < fetches->count; i++) {
		const struct fetch *fetch = &fetches->fetch[i];

		(void)fprintf(stderr, "  reason %u, %u bytes at %s 0x%" PRIx64 ", 0x%02x sh %u:",
			      (unsigned)fetch->access.reason, (unsigned)fetch->access.bytes,
			      smmu3_pas_name(fetch->access.pas), fetch->access.pa,
			      (unsigned)fetch->access.attr.mair, (unsigned)fetch->access.attr.sh);
		for (unsigned word = 0; fetch->ok && word < fetch->access.bytes / 8; word++)
			(void)fprintf(stderr, " 0x%" PRIx64, fetch->word[word]);
		(void)fprintf(stderr, "%s\n", fetch->ok ? "" : " abort");
	}
}

static void print_members(const struct smmu3_outcome *outcome, const struct smmu3_outcome *probed,
			  const struct obvious_answer *answer)
{
	(void)fprintf(stderr, "%-16s %18s %18s %18s\n", "", "translate", "explain", "obvious");
	for (unsigned i = 0; i < MEMBERS; i++) {
		const struct member *member = &members[i];
		const uint64_t a = member_at(outcome, member->of_outcome, member->bytes);
		const uint64_t b = member_at(probed, member->of_outcome, member->bytes);
		const uint64_t c = member_at(answer, member->of_answer, member->bytes);

		(void)fprintf(stderr, "%-16s %#18" PRIx64 " %#18" PRIx64 " %#18" PRIx64 "%s\n",
			      member->name, a, b, c, a != c ? "  <-" : "");
	}
	(void)fprintf(stderr, "library: %s; obvious: rule %s\n", smmu3_why(outcome->why)->name,
		      obvious_rule_name((enum obvious_rule)answer->notes.rule));
}

/* One access through both sides. */
struct asked {
	struct smmu3_outcome outcome, probed;
	struct obvious_answer answer;
};

/* A tag is the SMMU's to choose. */
static void take_stag(struct differ *differ, const struct smmu3_txn *txn,
		      struct smmu3_outcome *outcome)
{
	enum { STAG = 0xffff };

	if (outcome->verdict != SMMU3_STALLED || !outcome->recorded)
		return;
	stalled_add(&differ->stalled, txn, (uint16_t)(outcome->record.word[1] & STAG));
	outcome->record.word[1] &= ~(uint64_t)STAG;
}

static void ask(struct differ *differ, struct smmu3_txn *txn, struct asked *asked)
{
	struct obvious_machine machine = differ->machine;

	txn->cookie = machine.stalls = differ->stalled.count;

	machine.read = obvious_reads;
	machine.write = obvious_writes;
	machine.context = differ;
	asking = differ;
	differ->asked.count = differ->steps.count = differ->obvious.count = 0;
	differ->swapped.count = differ->foretold.count = differ->written.count = 0;
	memset(asked, 0xa5, sizeof(*asked));
	(void)smmu3_explain(differ->smmu, txn, &asked->probed, explained, differ);
	differ->asked.count = 0;
	(void)smmu3_translate(differ->smmu, txn, &asked->outcome);
	take_stag(differ, txn, &asked->outcome);
	obvious_translate(&machine, txn, &asked->answer);
}

/* What is wrong, in words, or NULL. */
static const char *difference(const struct differ *differ, const struct smmu3_txn *txn,
			      const struct asked *asked)
{
	if (!same_members(&asked->outcome, &asked->answer))
		return "the library and the obvious walker do not agree";
	if (!same_fetches(&differ->steps, &differ->obvious))
		return "the library and the obvious walker read differently";
	if (!same_fetches(&differ->swapped, &differ->written))
		return "the library and the obvious walker update differently";
	if (!(txn->flags & SMMU3_TXN_PROBE) && !same_fetches(&differ->swapped, &differ->foretold))
		return "explain foretells other updates than translate makes";
	if (!asked_rightly(differ) || !same_outcome(&asked->outcome, &asked->probed))
		return "explain and translate do not agree";
	if ((asked->outcome.why == 0) != (asked->outcome.verdict == SMMU3_OK))
		return "a rule decides every access that does not go on, and no other";
	return NULL;
}

void differ_ask(struct differ *differ, const struct smmu3_txn *as_asked)
{
	struct smmu3_txn named = *as_asked;
	struct smmu3_txn *const txn = &named;
	struct asked asked;
	const char *what;

	ask(differ, txn, &asked);
	what = difference(differ, txn, &asked);
	if (!what) {
		reach(txn, &asked.outcome, &asked.answer.notes);
		return;
	}
	(void)fprintf(stderr, "difference: %s\n", what);
	print_machine(&differ->machine);
	print_txn(txn);
	print_members(&asked.outcome, &asked.probed, &asked.answer);
	print_fetches("library reads", &differ->steps);
	print_fetches("obvious walker reads", &differ->obvious);
	abort();
}
