/* SPDX-License-Identifier: MIT */
/* STEs and CDs that change while accesses go on, in the order in which drivers write them: if one
 * word alone has bits that count before and after, the ignored bits first, then that word, then
 * zeros for what is ignored now; otherwise V = 0, the rest, and the first word.  An access between
 * any two words finds the old or the new entry; fields that are ignored make none
 * illegal.  3.21.3, 5.2, 5.4 */
#include "run.h"
#include "streams.h"

#include <check.h>
#include <string.h>

enum { WORDS = 8, SID = 5, RESULTS = 2 };

/* How an access ends: its event, or where it goes. */
struct result {
	uint64_t event, pa;
};

/* An entry, which of its bits count, and how an access without a SubstreamID and one with
 * SubstreamID 1 end by it. */
struct kind {
	uint64_t word[WORDS], used[WORDS];
	struct result results[RESULTS];
};

/* ---- A change ---- */

struct change {
	struct machine *m;
	uint64_t at;
	struct command invalidate;
	const struct kind *from, *to;
	uint64_t invalid_event; /* of an entry with V = 0 */
	uint64_t v;             /* bit of word 0 */
	bool hitless, arrived;
};

static struct result result_of(struct machine *m, unsigned ssid)
{
	const struct smmu3_txn txn = { .addr = 0x1000,
				       .bytes = 4,
				       .sid = SID,
				       .ssid = ssid,
				       .flags = ssid ? SMMU3_TXN_SSV : 0 };
	struct smmu3_outcome outcome;

	maintain(m); /* an SMMU may read afresh at any time */
	smmu3_translate(m->smmu, &txn, &outcome);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	return (struct result){ outcome.event, outcome.pa };
}

static bool ends_as(struct machine *m, const struct kind *kind)
{
	for (unsigned i = 0; i < RESULTS; i++) {
		const struct result got = result_of(m, i);

		if (got.event != kind->results[i].event || got.pa != kind->results[i].pa)
			return false;
	}
	return true;
}

static bool is_invalid(const struct change *change)
{
	return !(*ram_at(change->m, change->at) & change->v);
}

/* Old until it is new for the first time; between, if both cannot be, invalid. */
static void look(struct change *change)
{
	if (!change->hitless && is_invalid(change)) {
		ck_assert_uint_eq(result_of(change->m, 0).event, change->invalid_event);
		return;
	}
	change->arrived = ends_as(change->m, change->to);
	ck_assert(change->arrived || ends_as(change->m, change->from));
}

static void write_words(struct change *change, const uint64_t *words, unsigned first,
			unsigned count)
{
	for (unsigned i = first; i < first + count; i++) {
		const bool arrived = change->arrived;

		*ram_at(change->m, change->at + 8 * (uint64_t)i) = words[i];
		look(change);
		ck_assert(change->arrived || !arrived);
	}
	submit(change->m, change->invalidate);
	submit(change->m, SYNC_NONE);
	ck_assert_uint_eq(reg(change->m, CMDQ_CONS), change->m->prod);
}

/* The words whose bits that count now must not become those of the new entry; and the old entry
 * with all that does not count of the new one. */
static unsigned critical_words(const struct change *change, uint64_t *first)
{
	unsigned critical = 0;

	for (unsigned i = 0; i < WORDS; i++) {
		const uint64_t used = change->from->used[i];

		first[i] = (change->from->word[i] & used) | (change->to->word[i] & ~used);
		if ((first[i] ^ change->to->word[i]) & change->to->used[i])
			critical |= 1u << i;
	}
	return critical;
}

static void change_hitless(struct change *change, uint64_t *first, unsigned word)
{
	first[word] = change->from->word[word];
	write_words(change, first, 0, WORDS);
	write_words(change, change->to->word, word, 1);
	ck_assert(change->arrived);
	write_words(change, change->to->word, 0, WORDS);
}

static void change_by_invalid(struct change *change)
{
	write_words(change, (const uint64_t[WORDS]){ 0 }, 0, 1);
	write_words(change, change->to->word, 1, WORDS - 1);
	write_words(change, change->to->word, 0, 1);
}

/* hitless is by hand, whether the change can be. */
static void make(struct change *change)
{
	uint64_t first[WORDS];
	const unsigned critical = critical_words(change, first);

	ck_assert_int_eq(__builtin_popcount(critical) == 1, change->hitless);
	memcpy(ram_at(change->m, change->at), change->from->word, sizeof(change->from->word));
	ck_assert(ends_as(change->m, change->from));
	if (change->hitless)
		change_hitless(change, first, (unsigned)__builtin_ctz(critical));
	else
		change_by_invalid(change);
	ck_assert(ends_as(change->m, change->to));
	ck_assert_mem_eq(ram_at(change->m, change->at), change->to->word, sizeof(change->to->word));
}

/* ---- The tables ---- */

#define OTHER_TABLE_AT (RAM_AT + 0x50000)
#define NESTED_CD_AT (CDS_AT + 0x400)

/* Stage 1 takes the first GB to where memory is, its other table to the second; stage 2 that to the
 * second and the first to the fourth. */
static struct machine *with_tables(void)
{
	struct machine *m = machine("generic-3.1");

	m->quiet = true;
	start_machine(m);
	put_descriptor(m, S1_TABLE_AT, 0, s1_block(RAM_AT));
	put_descriptor(m, OTHER_TABLE_AT, 0, s1_block(GB));
	put_descriptor(m, S2_TABLE_AT, 0, s2_block(3 * GB));
	put_descriptor(m, S2_TABLE_AT, 1, s2_block(GB));
	put_descriptor(m, S2_TABLE_AT, 2, s2_block(RAM_AT)); /* CDs and tables */
	for (unsigned i = 0; i < 4; i++)
		put_cd(m, CDS_AT + 64 * (uint64_t)i, cd_of(S1_TABLE_AT));
	put_cd(m, NESTED_CD_AT, cd_of(OTHER_TABLE_AT));
	return m;
}

#define BY_STAGE_1                 \
	{                          \
		0, RAM_AT + 0x1000 \
	}
#define BY_OTHER_TABLE         \
	{                      \
		0, GB + 0x1000 \
	}
#define BY_STAGE_2                 \
	{                          \
		0, 3 * GB + 0x1000 \
	}
#define NOT_AT_ALL        \
	{                 \
		0, 0x1000 \
	}
#define NO_SUBSTREAMS   \
	{               \
		0x08, 0 \
	}
#define SILENCE      \
	{            \
		0, 0 \
	}

/* ---- STEs ---- */

enum { STE_ABORTS, STE_BYPASSES, STE_S1, STE_SUBSTREAMS, STE_S2, STE_NESTED, STES };

/* Bits that count, by word: 5.2 */
#define V_AND_CONFIG UINT64_C(0xf)
#define OF_STAGE_1 UINT64_C(0xf80000ff)   /* S1DSS to S1CSH, S1STALLD, EATS, STRW */
#define OF_STAGE_2 (UINT64_C(0x32000000)) /* S2FWB, EATS */
#define SHCFG (UINT64_C(3) << 44)
#define VMID UINT64_C(0xffff)

static const uint64_t ste_used[STES][WORDS] = {
	[STE_ABORTS] = { V_AND_CONFIG },
	[STE_BYPASSES] = { V_AND_CONFIG, SHCFG },
	[STE_S1] = { ~UINT64_C(0), OF_STAGE_1, VMID },
	[STE_SUBSTREAMS] = { ~UINT64_C(0), OF_STAGE_1 | SHCFG, VMID },
	[STE_S2] = { V_AND_CONFIG, OF_STAGE_2 | SHCFG, ~UINT64_C(0), ~UINT64_C(0) },
	[STE_NESTED] = { ~UINT64_C(0), OF_STAGE_1 | OF_STAGE_2 | SHCFG, ~UINT64_C(0),
			 ~UINT64_C(0) },
};

static const struct result ste_results[STES][RESULTS] = {
	[STE_ABORTS] = { SILENCE, SILENCE },      [STE_BYPASSES] = { NOT_AT_ALL, NO_SUBSTREAMS },
	[STE_S1] = { BY_STAGE_1, NO_SUBSTREAMS }, [STE_SUBSTREAMS] = { NOT_AT_ALL, BY_STAGE_1 },
	[STE_S2] = { BY_STAGE_2, NO_SUBSTREAMS }, [STE_NESTED] = { BY_OTHER_TABLE, NO_SUBSTREAMS },
};

/* From row to column: +, one word is critical; -, S2VMID or S1DSS counts in both and differs */
static const char ste_hitless[STES][STES + 1] = {
	" +++++", /* abort */
	"+ ++++", /* bypass */
	"++ ---", /* stage 1 */
	"++- --", /* substreams, and bypass without one */
	"++-- +", /* stage 2 */
	"++--+ ", /* both */
};

static struct ste ste_of_kind(unsigned n)
{
	static const unsigned configs[STES] = { ABORTS,  BYPASSES, STAGE_1,
						STAGE_1, STAGE_2,  BOTH_STAGES };
	struct ste ste = ste_of(configs[n], n == STE_NESTED ? NESTED_CD_AT : CDS_AT);

	if (n == STE_ABORTS || n == STE_S1) /* what is ignored is 0 */
		ste.word[1] &= ~SHCFG;
	if (n == STE_SUBSTREAMS) { /* S1CDMax 2, S1DSS 0b01 */
		ste.word[0] |= STE0_S1CDMAX(2);
		ste.word[1] |= STE1_S1DSS(1);
	}
	return ste;
}

static struct kind ste_kind(unsigned n)
{
	const struct ste ste = ste_of_kind(n);
	struct kind kind;

	memcpy(kind.word, ste.word, sizeof(kind.word));
	memcpy(kind.used, ste_used[n], sizeof(kind.used));
	memcpy(kind.results, ste_results[n], sizeof(kind.results));
	return kind;
}

/* STE-11 to STE-15, STE-09, CFG-02, CMD-CFGI-STE: each kind of STE from each other */
START_TEST(an_ste_changes_from_any_kind_to_any_other)
{
	const unsigned from = (unsigned)_i / STES, to = (unsigned)_i % STES;
	const struct kind kinds[] = { ste_kind(from), ste_kind(to) };
	struct change change = {
		.m = with_tables(),
		.at = STREAMS_AT + 64 * SID,
		.invalidate = { { 0x03 | (uint64_t)SID << 32, 1 } },
		.from = &kinds[0],
		.to = &kinds[1],
		.invalid_event = 0x04,
		.v = 1,
		.hitless = ste_hitless[from][to] == '+',
	};

	if (from != to)
		make(&change);
	close_machine(change.m);
}
END_TEST

/* ---- CDs ---- */

enum { CD_QUIET, CD_ACTIVE, CD_OTHER_TABLE, CD_OTHER_ASID, CDS };

/* T0SZ, TG0, IR0, OR0, SH0, and TTB0 do not count with EPD0 = 1.  5.4 */
#define OF_TTB0 UINT64_C(0x3fff)

static const struct result cd_results[CDS][RESULTS] = {
	[CD_QUIET] = { { 0x10, 0 }, NO_SUBSTREAMS },
	[CD_ACTIVE] = { BY_STAGE_1, NO_SUBSTREAMS },
	[CD_OTHER_TABLE] = { BY_OTHER_TABLE, NO_SUBSTREAMS },
	[CD_OTHER_ASID] = { BY_OTHER_TABLE, NO_SUBSTREAMS },
};

static const char cd_hitless[CDS][CDS + 1] = {
	" +++", /* no table */
	"+ +-", /* active */
	"++ +", /* another table */
	"+-+ ", /* and another ASID */
};

static struct kind cd_kind(unsigned n)
{
	const struct cd cd = cd_of(n == CD_ACTIVE ? S1_TABLE_AT : OTHER_TABLE_AT);
	struct kind kind = { { 0 }, { ~UINT64_C(0), ~UINT64_C(0), 0, ~UINT64_C(0) }, { { 0 } } };

	memcpy(kind.word, cd.word, sizeof(kind.word));
	memcpy(kind.results, cd_results[n], sizeof(kind.results));
	if (n == CD_OTHER_ASID)
		kind.word[0] ^= CD0_ASID(5 ^ 6);
	if (n == CD_QUIET) {
		kind.word[0] = (kind.word[0] & ~OF_TTB0) | CD0_EPD0;
		kind.word[1] = 0;
		kind.used[0] &= ~OF_TTB0;
		kind.used[1] = 0;
	}
	return kind;
}

/* CD-07, CFG-02, CMD-CFGI-CD: a CD of a stream from each kind to each other */
START_TEST(a_cd_changes_from_any_kind_to_any_other)
{
	const unsigned from = (unsigned)_i / CDS, to = (unsigned)_i % CDS;
	const struct kind kinds[] = { cd_kind(from), cd_kind(to) };
	struct change change = {
		.m = with_tables(),
		.at = CDS_AT,
		.invalidate = { { 0x05 | (uint64_t)SID << 32, 1 } },
		.from = &kinds[0],
		.to = &kinds[1],
		.invalid_event = 0x0a,
		.v = CD0_V,
		.hitless = cd_hitless[from][to] == '+',
	};

	put_ste(change.m, SID, ste_of(STAGE_1, CDS_AT));
	if (from != to)
		make(&change);
	close_machine(change.m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_ste_changes_from_any_kind_to_any_other, 0, STES * STES);
	tcase_add_loop_test(tests, a_cd_changes_from_any_kind_to_any_other, 0, CDS * CDS);
}

int main(void)
{
	return run("driver-updates", add);
}
