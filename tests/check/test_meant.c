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
	ledger_keep(ledger, &key, &(struct kept_when){ ++moment, 1, 0, 0 });
}

static void keep_much(struct ledger *ledger)
{
	const struct regime five = { .vmid = 7, .asid = 5, .world = NS_EL1 };
	const struct regime six = { .vmid = 7, .asid = 6, .world = NS_EL1 };
	const struct regime none = { .vmid = 7, .world = NS_EL1 };

	for (uint64_t at = 0; at < PAGES << 12; at += 0x1000) {
		keep(ledger, key_of(SMMU3_KEPT_TRANSLATION,
				    (struct tlb_tag){ at, five, TLB_STAGE1, 12, 12, .both = false }));
		keep(ledger, key_of(SMMU3_KEPT_TRANSLATION,
				    (struct tlb_tag){ at, six, TLB_STAGE1, 12, 12, .both = false }));
		keep(ledger, key_of(SMMU3_KEPT_TRANSLATION,
				    (struct tlb_tag){ at, none, TLB_STAGE2, 12, 12, .both = false }));
		keep(ledger,
		     key_of(SMMU3_KEPT_TRANSLATION,
			    (struct tlb_tag){ PIECES_AT + at, five, TLB_STAGE1, 12, 21, .both = false }));
	}
	keep(ledger, key_of(SMMU3_KEPT_TRANSLATION,
			    (struct tlb_tag){ 0x200000, five, TLB_STAGE1, 21, 21, .both = false }));
	keep(ledger,
	     key_of(SMMU3_KEPT_TABLE, (struct tlb_tag){ 0, five, TLB_STAGE1, 21, 21, .both = false }));
	keep(ledger,
	     key_of(SMMU3_KEPT_TABLE, (struct tlb_tag){ 0, five, TLB_STAGE1, 30, 30, .both = false }));
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
					 ledger_record(&ledger, 9)->when.moment };

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

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_is_meant_goes, 0, COUNT(rows));
	tcase_add_test(tests, what_was_kept_later_stays);
	tcase_add_loop_test(tests, an_atc_is_meant_by_its_pasid, 0, 6);
}

int main(void)
{
	return run_suite("meant", add);
}
