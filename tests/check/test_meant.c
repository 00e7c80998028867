/* SPDX-License-Identifier: MIT */
/* What an invalidation means of much that is kept: what is found by its address is what is found by
 * looking at all of it.  4.4.1.1, 4.4.2 */
#include "check/ledger.h"

#include "support/suite.h"

#include <check.h>
#include <string.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static struct kept_key key_of(uint8_t kind, struct tlb_tag tag)
{
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = kind;
	key.tag.input = tag.input;
	key.tag.regime.vmid = tag.regime.vmid;
	key.tag.regime.asid = tag.regime.asid;
	key.tag.regime.world = tag.regime.world;
	key.tag.kind = tag.kind;
	key.tag.size_lg2 = tag.size_lg2;
	key.tag.origin_lg2 = tag.origin_lg2;
	return key;
}

/* Pages of two ASIDs and of stage 2, pieces of 4KB of a block of 2MB, a block, and the tables above
 * them; and an STE.  Of VMID 7. */
enum { PAGES = 512, PIECES_AT = 0x40000000 };

static void keep(struct ledger *ledger, struct kept_key key)
{
	static uint64_t moment;

	ledger->collected = 0;
	ledger_keep(ledger, &key, &(struct kept_when){ .kept = ++moment });
}

static void keep_much(struct ledger *ledger)
{
	const struct regime five = { .vmid = 7, .asid = 5, .world = NS_EL1 };
	const struct regime six = { .vmid = 7, .asid = 6, .world = NS_EL1 };
	const struct regime none = { .vmid = 7, .world = NS_EL1 };

	for (uint64_t at = 0; at < PAGES << 12; at += 0x1000) {
		keep(ledger,
		     key_of(SMMU3_KEPT_TRANSLATION,
			    (struct tlb_tag){ at, five, TLB_STAGE1, 12, 12, .both = false }));
		keep(ledger,
		     key_of(SMMU3_KEPT_TRANSLATION,
			    (struct tlb_tag){ at, six, TLB_STAGE1, 12, 12, .both = false }));
		keep(ledger,
		     key_of(SMMU3_KEPT_TRANSLATION,
			    (struct tlb_tag){ at, none, TLB_STAGE2, 12, 12, .both = false }));
		keep(ledger, key_of(SMMU3_KEPT_TRANSLATION,
				    (struct tlb_tag){ PIECES_AT + at, five, TLB_STAGE1, 12, 21,
						      .both = false }));
	}
	keep(ledger, key_of(SMMU3_KEPT_TRANSLATION,
			    (struct tlb_tag){ 0x200000, five, TLB_STAGE1, 21, 21, .both = false }));
	keep(ledger, key_of(SMMU3_KEPT_TABLE,
			    (struct tlb_tag){ 0, five, TLB_STAGE1, 21, 21, .both = false }));
	keep(ledger, key_of(SMMU3_KEPT_TABLE,
			    (struct tlb_tag){ 0, five, TLB_STAGE1, 30, 30, .both = false }));
	struct kept_key ste;

	memset(&ste, 0, sizeof(ste));
	ste.kind = SMMU3_KEPT_STE;
	ste.name.sid = 1;
	keep(ledger, ste);
}

/* ASIDs and VMIDs as 4.4.2 has them; how many that removes is worked out from what is kept. */
static const struct {
	const char *what;
	struct smmu3_invalidation scope;
	unsigned removes;
} rows[] = {
	{ "a page of an ASID",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .asid = 5,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0x3000,
	    .bytes = 0x1000,
	    .leaf = 1 },
	  1 },
	{ "and the tables above it",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .asid = 5,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0x3000,
	    .bytes = 0x1000 },
	  3 },
	{ "a page of every ASID",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .any_asid = 1,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0x3000,
	    .bytes = 0x1000,
	    .leaf = 1 },
	  2 },
	{ "16 pages",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .asid = 6,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0x3000,
	    .bytes = 0x10000,
	    .leaf = 1 },
	  16 },
	{ "a piece of a block, with the others",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .asid = 5,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = PIECES_AT + 0x3000,
	    .bytes = 0x1000,
	    .leaf = 1 },
	  PAGES },
	{ "an address in a block",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .asid = 5,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0x2ff000,
	    .bytes = 0x1000,
	    .leaf = 1 },
	  1 },
	{ "an IPA",
	  { .kind = SMMU3_INVALIDATES_STAGE2,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0x3000,
	    .bytes = 0x1000,
	    .leaf = 1 },
	  1 },
	{ "more addresses than there are",
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .asid = 6,
	    .vmid = 7,
	    .vmids = 1,
	    .addr = 0,
	    .bytes = UINT64_C(1) << 40,
	    .leaf = 1 },
	  PAGES },
	{ "an ASID",
	  { .kind = SMMU3_INVALIDATES_STAGE1, .asid = 6, .vmid = 7, .vmids = 1 },
	  PAGES },
	{ "a VMID",
	  { .kind = SMMU3_INVALIDATES_STAGES, .any_asid = 1, .vmid = 7, .vmids = 1 },
	  4 * PAGES + 3 },
	{ "another VMID",
	  { .kind = SMMU3_INVALIDATES_STAGES, .any_asid = 1, .vmid = 8, .vmids = 1 },
	  0 },
	{ "a stream", { .kind = SMMU3_INVALIDATES_STREAM, .sid = 1, .sids = 1 }, 1 },
	{ "all", { .kind = SMMU3_INVALIDATES_ALL }, 4 * PAGES + 4 },
};

static uint32_t live(const struct ledger *ledger)
{
	uint32_t live = 0;

	for (uint32_t number = 1; number <= ledger->records; number++)
		live += ledger_record(ledger, number)->live;
	return live;
}

/* CMD-TLBI-NH-VA, CMD-TLBI-NH-ASID: What it means goes, and nothing else; and what comes back goes
 * again. */
START_TEST(what_is_meant_goes)
{
	const struct meaning meaning = { &rows[_i].scope, tag_is_meant, UINT64_MAX };
	struct ledger ledger = { .versions = 0 };

	for (unsigned turn = 0; turn < 2; turn++) {
		keep_much(&ledger);
		ck_assert_uint_eq(live(&ledger), 4 * PAGES + 4);
		ledger_remove(&ledger, &meaning);
		ck_assert_msg(live(&ledger) == 4 * PAGES + 4 - rows[_i].removes, "%s: %u",
			      rows[_i].what, 4 * PAGES + 4 - live(&ledger));
		for (uint32_t number = 1; number <= ledger.records; number++) {
			const struct kept_record *record = ledger_record(&ledger, number);

			ck_assert(record->live !=
				  kept_key_is_meant(&record->key, &rows[_i].scope, tag_is_meant));
		}
	}
	ledger_free(&ledger);
}
END_TEST

/* CMD-SYNC-2: what was kept later stays. */
START_TEST(what_was_kept_later_stays)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };
	struct ledger ledger = { .versions = 0 };

	keep_much(&ledger);
	const struct meaning meaning = { &everything, tag_is_meant,
					 ledger_record(&ledger, 9)->when.kept };

	ledger_remove(&ledger, &meaning);
	ck_assert_uint_eq(live(&ledger), 4 * PAGES + 4 - 9);
	ledger_free(&ledger);
}
END_TEST

/* CMD-ATC-INV: without SSV a request has no PASID, and means what was asked for with one, too; with
 * it what was asked for with that one; with Global, with any.  4.5.1 */
START_TEST(an_atc_is_meant_by_its_pasid)
{
	static const struct {
		struct smmu3_atc_invalidation request;
		bool without, three, four; /* those that are meant */
	} asked[] = {
		{ { .sid = 5 }, true, true, true },
		{ { .sid = 5, .ssv = 1, .ssid = 3 }, false, true, false },
		{ { .sid = 5, .ssv = 1, .ssid = 3, .global = 1 }, false, true, true },
		{ { .sid = 6 }, false, false, false },
		{ { .sid = 5, .addr = 0x3000, .bytes = 0x1000 }, false, false, false },
		{ { .sid = 5, .addr = 0x2000, .bytes = 0x1000 }, true, true, true },
	};
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = SMMU3_KEPT_ATC;
	key.atc.sid = 5;
	key.atc.addr = 0x2000;
	key.atc.size_lg2 = 12;
	ck_assert_int_eq(atc_is_meant(&key, &asked[_i].request), asked[_i].without);
	key.atc.ssv = 1;
	key.atc.ssid = 3;
	ck_assert_int_eq(atc_is_meant(&key, &asked[_i].request), asked[_i].three);
	key.atc.ssid = 4;
	ck_assert_int_eq(atc_is_meant(&key, &asked[_i].request), asked[_i].four);
}
END_TEST

/* ---- By name ---- */

enum { STREAMS = 200, CDS = 3, SPLIT = 4, OF_STREAM = 1 + CDS + 1 };

static struct kept_key named(uint8_t kind, uint32_t sid, uint32_t index, uint8_t sec_sid)
{
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = kind;
	key.name.sid = sid;
	key.name.index = index;
	key.name.sec_sid = sec_sid;
	return key;
}

/* Of each stream of two Security states its STE, its CDs and the L1CD above them, of a table of 4KB
 * or of 64KB; and the L1STD of each 16 streams. */
static void keep_streams(struct ledger *ledger)
{
	for (uint8_t state = SMMU3_PAS_NS; state <= SMMU3_PAS_SECURE; state++)
		for (uint32_t sid = 0; sid < STREAMS; sid++) {
			if (!(sid % (1 << SPLIT)))
				keep(ledger, named(SMMU3_KEPT_L1STD, sid, SPLIT, state));
			keep(ledger, named(SMMU3_KEPT_STE, sid, 0, state));
			for (uint32_t ssid = 0; ssid < CDS; ssid++)
				keep(ledger, named(SMMU3_KEPT_CD, sid, ssid, state));
			keep(ledger, named(SMMU3_KEPT_L1CD, sid,
					   name_of_l1cd(sid, state, 0,
							sid % 2 ? CDS_OF_4K_LG2 : CDS_OF_64K_LG2)
						   .index,
					   state));
		}
}

#define STREAM SMMU3_INVALIDATES_STREAM
#define CONTEXT SMMU3_INVALIDATES_CONTEXT

static const struct {
	const char *what;
	struct smmu3_invalidation scope;
	unsigned removes;
} streams[] = {
	{ "a stream", { .kind = STREAM, .sid = 37, .sids = 1, .leaf = 1 }, OF_STREAM },
	{ "and the L1STD", { .kind = STREAM, .sid = 37, .sids = 1 }, OF_STREAM + 1 },
	{ "of the Secure state",
	  { .kind = STREAM, .sec_sid = SMMU3_PAS_SECURE, .sid = 37, .sids = 1 },
	  OF_STREAM + 1 },
	{ "16 streams, one L1STD", { .kind = STREAM, .sid = 32, .sids = 16 }, 16 * OF_STREAM + 1 },
	{ "a stream that is not there", { .kind = STREAM, .sid = 500, .sids = 1 }, 0 },
	{ "under an L1STD that is", { .kind = STREAM, .sid = STREAMS + 4, .sids = 1 }, 1 },
	{ "half of all, and those that are not there",
	  { .kind = STREAM, .sid = 0, .sids = 128 },
	  128 * OF_STREAM + 8 },
	{ "every stream",
	  { .kind = STREAM, .sid = 0, .sids = UINT64_C(1) << 32 },
	  STREAMS *OF_STREAM + 13 },
	{ "a CD", { .kind = CONTEXT, .sid = 37, .sids = 1, .ssid = 2, .leaf = 1 }, 1 },
	{ "and the L1CD", { .kind = CONTEXT, .sid = 37, .sids = 1, .ssid = 2 }, 2 },
	{ "and the L1CD of a larger table",
	  { .kind = CONTEXT, .sid = 38, .sids = 1, .ssid = 2 },
	  2 },
	{ "a CD that is not there",
	  { .kind = CONTEXT, .sid = 37, .sids = 1, .ssid = CDS, .leaf = 1 },
	  0 },
	{ "under an L1CD that is", { .kind = CONTEXT, .sid = 37, .sids = 1, .ssid = CDS }, 1 },
	{ "under one that is not", { .kind = CONTEXT, .sid = 37, .sids = 1, .ssid = 64 }, 0 },
	{ "all CDs of a stream",
	  { .kind = CONTEXT, .sid = 37, .sids = 1, .any_ssid = 1 },
	  CDS + 1 },
	{ "all", { .kind = SMMU3_INVALIDATES_ALL }, 2 * (STREAMS * OF_STREAM + 13) },
};

/* CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL, CMD-CFGI-CD, CMD-CFGI-CD-ALL: what it means goes,
 * and nothing else; and what comes back goes again. */
START_TEST(what_is_meant_by_name_goes)
{
	const unsigned all = 2 * (STREAMS * OF_STREAM + 13);
	const struct meaning meaning = { &streams[_i].scope, tag_is_meant, UINT64_MAX };
	struct ledger ledger = { .versions = 0 };

	for (unsigned turn = 0; turn < 2; turn++) {
		keep_streams(&ledger);
		ck_assert_uint_eq(live(&ledger), all);
		ledger_remove(&ledger, &meaning);
		ck_assert_msg(live(&ledger) == all - streams[_i].removes, "%s: %u",
			      streams[_i].what, all - live(&ledger));
		for (uint32_t n = 1; n <= ledger.records; n++)
			ck_assert(!ledger_record(&ledger, n)->live ||
				  !kept_key_is_meant(&ledger_record(&ledger, n)->key,
						     &streams[_i].scope, tag_is_meant));
	}
	ledger_free(&ledger);
}
END_TEST

/* ---- ATCs ---- */

enum { ENDPOINTS = 3, GIVEN = 64, FAR = 1 << 18 };

static struct kept_key given(uint32_t sid, uint64_t addr, uint64_t to, unsigned size_lg2)
{
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = SMMU3_KEPT_ATC;
	key.atc.sid = sid;
	key.atc.addr = addr;
	key.atc.to = to;
	key.atc.size_lg2 = (uint8_t)size_lg2;
	return key;
}

/* To each endpoint 64 pages, a block of 2MB behind them, and one of 1GB that leads where they do.
 */
static void give(struct ledger *ledger)
{
	for (uint32_t sid = 1; sid <= ENDPOINTS; sid++) {
		for (uint64_t at = 0; at < GIVEN << 12; at += 0x1000)
			keep(ledger, given(sid, at, 0x40000000 + at, 12));
		keep(ledger, given(sid, 0x200000, 0x80000000, 21));
		keep(ledger, given(sid, 0x80000000, 0x40000000, 30));
	}
}

static const struct {
	const char *what;
	struct smmu3_atc_invalidation request;
	unsigned drops;
} requests[] = {
	{ "all of one", { .sid = 2 }, GIVEN + 2 },
	{ "of none", { .sid = 4 }, 0 },
	{ "of another state", { .sid = 2, .sec_sid = SMMU3_PAS_REALM }, 0 },
	{ "a page", { .sid = 2, .addr = 0x3000, .bytes = 0x1000 }, 1 },
	{ "part of a page", { .sid = 2, .addr = 0x3ff0, .bytes = 0x10 }, 1 },
	{ "8 pages", { .sid = 2, .addr = 0x8000, .bytes = 0x8000 }, 8 },
	{ "a page in a block", { .sid = 2, .addr = 0x2ff000, .bytes = 0x1000 }, 1 },
	{ "beside the blocks", { .sid = 2, .addr = 0x400000, .bytes = 0x1000 }, 0 },
	{ "more than there is", { .sid = 2, .addr = 0, .bytes = UINT64_C(1) << 31 }, GIVEN + 1 },
	{ "as far as addresses go",
	  { .sid = 2, .addr = UINT64_C(1) << 63, .bytes = UINT64_C(1) << 63 },
	  0 },
};

/* CMD-ATC-INV: what is to be dropped goes, and nothing else.  4.5.1 */
START_TEST(what_an_endpoint_is_to_drop_goes)
{
	const unsigned all = ENDPOINTS * (GIVEN + 2);
	struct ledger ledger = { .versions = 0 };

	for (unsigned turn = 0; turn < 2; turn++) {
		give(&ledger);
		ck_assert_uint_eq(live(&ledger), all);
		ledger_drop_atc(&ledger, &requests[_i].request, UINT64_MAX);
		ck_assert_msg(live(&ledger) == all - requests[_i].drops, "%s: %u",
			      requests[_i].what, all - live(&ledger));
		for (uint32_t n = 1; n <= ledger.records; n++)
			ck_assert(!ledger_record(&ledger, n)->live ||
				  !atc_is_meant(&ledger_record(&ledger, n)->key,
						&requests[_i].request));
	}
	ledger_free(&ledger);
}
END_TEST

/* CMD-ATC-INV: what was asked for later stays. */
START_TEST(what_an_endpoint_was_given_later_stays)
{
	const struct smmu3_atc_invalidation all = { .sid = 1 };
	struct ledger ledger = { .versions = 0 };

	give(&ledger);
	ledger_drop_atc(&ledger, &all, ledger_record(&ledger, 9)->when.kept);
	ck_assert_uint_eq(live(&ledger), ENDPOINTS * (GIVEN + 2) - 9);
	ledger_free(&ledger);
}
END_TEST

/* 3.9.1: of all completions that lead to an address each is found, the smallest first, of one size
 * the oldest. */
START_TEST(completions_that_lead_to_an_address)
{
	const struct smmu3_txn txn = { .sid = 2, .addr = 0x40003123 };
	struct ledger ledger = { .versions = 0 };
	const struct kept_key awaited[] = { given(2, 0x3000, 0x40003000, 12),
					    given(2, 0x90000000, 0x40003000, 12),
					    given(2, 0xa0000000, 0x40003000, 12),
					    given(2, 0x80000000, 0x40000000, 30) };

	give(&ledger);
	keep(&ledger, awaited[1]);
	keep(&ledger, awaited[2]);
	keep(&ledger, awaited[0]); /* anew */
	for (unsigned i = 0; i < 4; i++) {
		const uint32_t number = ledger_find_atc(&ledger, i, &txn);

		ck_assert_uint_ne(number, 0);
		ck_assert_mem_eq(&ledger_record(&ledger, number)->key, &awaited[i],
				 sizeof(awaited[i]));
	}
	ck_assert_uint_eq(ledger_find_atc(&ledger, 4, &txn), 0);
	ledger_free(&ledger);
}
END_TEST

/* ---- Very many ---- */

/* check.h: of very many each by a command of its own, in the time of one test: what is looked at is
 * what is named, not all there is. */
START_TEST(very_many_streams)
{
	struct ledger ledger = { .versions = 0 };

	for (uint32_t sid = 0; sid < FAR / 4; sid++) {
		keep(&ledger, named(SMMU3_KEPT_STE, sid, 0, 0));
		keep(&ledger, named(SMMU3_KEPT_CD, sid, sid, 0));
	}
	for (uint32_t sid = 0; sid < FAR / 4; sid++) {
		const struct smmu3_invalidation scope = { .kind = STREAM, .sid = sid, .sids = 1 };

		ledger_remove(&ledger, &(struct meaning){ &scope, tag_is_meant, UINT64_MAX });
		ck_assert_uint_eq(ledger.live[KEPT_STRUCTURES], 2 * (FAR / 4 - 1 - sid));
	}
	ledger_free(&ledger);
}
END_TEST

START_TEST(very_many_substreams)
{
	struct ledger ledger = { .versions = 0 };

	for (uint32_t ssid = 0; ssid < FAR / 4; ssid++)
		keep(&ledger, named(SMMU3_KEPT_CD, 1, ssid, 0));
	for (uint32_t ssid = 0; ssid < FAR / 4; ssid++) {
		const uint32_t which = ssid ^ 0x555; /* neither the first nor the last */
		const struct smmu3_invalidation scope = {
			.kind = CONTEXT, .sid = 1, .sids = 1, .ssid = which
		};

		ledger_remove(&ledger, &(struct meaning){ &scope, tag_is_meant, UINT64_MAX });
		ck_assert_uint_eq(ledger.live[KEPT_STRUCTURES], FAR / 4 - 1 - ssid);
	}
	ledger_free(&ledger);
}
END_TEST

/* Of one endpoint pages, and as many endpoints. */
START_TEST(very_many_completions)
{
	struct ledger ledger = { .versions = 0 };

	for (uint32_t n = 0; n < FAR / 4; n++) {
		keep(&ledger, given(1, (uint64_t)n << 12, (uint64_t)n << 12, 12));
		keep(&ledger, given(2 + n, 0, 0, 12));
	}
	for (uint32_t n = FAR / 4; n-- > 0;) {
		const struct smmu3_txn txn = { .sid = 1, .addr = (uint64_t)n << 12 };
		const struct smmu3_atc_invalidation page = { .sid = 1,
							     .addr = txn.addr,
							     .bytes = 0x1000 };
		const struct smmu3_atc_invalidation all = { .sid = 2 + n };

		ck_assert_uint_ne(ledger_find_atc(&ledger, 0, &txn), 0);
		ck_assert_uint_eq(ledger_find_atc(&ledger, 1, &txn), 0);
		ledger_drop_atc(&ledger, &page, UINT64_MAX);
		ledger_drop_atc(&ledger, &all, UINT64_MAX);
		ck_assert_uint_eq(ledger.live[KEPT_ATCS], 2 * n);
	}
	ledger_free(&ledger);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_is_meant_goes, 0, COUNT(rows));
	tcase_add_test(tests, what_was_kept_later_stays);
	tcase_add_loop_test(tests, an_atc_is_meant_by_its_pasid, 0, 6);
	tcase_add_loop_test(tests, what_is_meant_by_name_goes, 0, COUNT(streams));
	tcase_add_loop_test(tests, what_an_endpoint_is_to_drop_goes, 0, COUNT(requests));
	tcase_add_test(tests, what_an_endpoint_was_given_later_stays);
	tcase_add_test(tests, completions_that_lead_to_an_address);
	tcase_add_test(tests, very_many_streams);
	tcase_add_test(tests, very_many_substreams);
	tcase_add_test(tests, very_many_completions);
}

int main(void)
{
	return run_suite("meant", add);
}
