/* SPDX-License-Identifier: MIT */
/* What an invalidation means goes and the rest stays, however it is looked for: against a plain
 * list of tags, of which each is asked whether it is meant.  4.4 */
#include "support/suite.h"
#include "tlb/tlb.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define NG (UINT64_C(1) << 11)
#define CONTIGUOUS (UINT64_C(1) << 52)
#define KB4 UINT64_C(0x1000)

/* ---- Chance ---- */

static uint64_t seed;

static uint32_t any(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static bool one_in(uint32_t n)
{
	return !any(n);
}

/* ---- A TLB, and a list of what it was given ---- */

enum { MOST = 4096 };

struct given {
	struct tlb_tag tag;
	bool is_table, there;
	uint64_t id; /* its address */
};

static struct tlb tlb;
static struct given list[MOST];
static unsigned listed;

static void open_tlb(uint32_t places)
{
	ck_assert(tlb_init(&tlb, places, places));
	listed = 0;
}

static const struct tlb_array *array_of(const struct given *given)
{
	return given->is_table ? &tlb.tables : &tlb.leaves;
}

static uint64_t id_of(const struct tlb_entry *entry, bool is_table)
{
	return is_table ? entry->table.base : entry->leaves.first.address;
}

/* The place that something was put in, or NULL: another took it since. */
static const struct tlb_entry *place_of(const struct given *given)
{
	const struct tlb_array *array = array_of(given);

	for (uint32_t i = 0; i < array->sets.places; i++) {
		const struct tlb_entry *entry = &array->entry[i];

		if (entry->tag.kind != TLB_FREE && id_of(entry, given->is_table) == given->id)
			return entry;
	}
	return NULL;
}

/* What had to make room is in nobody's list. */
static void list_last(bool is_table, uint64_t id)
{
	struct given *given = &list[listed];

	*given = (struct given){ .is_table = is_table, .there = true, .id = id };
	ck_assert(place_of(given));
	given->tag = place_of(given)->tag;
	listed++;
	for (unsigned i = 0; i < listed; i++)
		list[i].there &= place_of(&list[i]) != NULL;
}

static uint64_t next_id(void)
{
	return (uint64_t)(listed + 1) << 48; /* above what a contiguous group moves */
}

static struct leaves leaves_of(unsigned size_lg2, unsigned block_lg2, uint64_t bits)
{
	return (struct leaves){ .first = { .descriptor = bits,
					   .address = next_id(),
					   .size_lg2 = (uint8_t)size_lg2,
					   .block_lg2 = (uint8_t)block_lg2,
					   .output_bits = 56,
					   .input_bits = 56 } };
}

static void give(const struct tlb_key *key, const struct leaves *leaves)
{
	tlb_keep(&tlb, tlb_age(&tlb), key, leaves);
	list_last(false, leaves->first.address);
}

static void give_table(const struct tlb_key *key, unsigned size_lg2)
{
	const struct table_found table = { .base = next_id() };

	tlb_keep_table(&tlb, tlb_age(&tlb), key, size_lg2, &table);
	list_last(true, table.base);
}

/* ---- What is there ---- */

/* 0: nothing */
static uint64_t found(const struct tlb_key *key, bool is_table)
{
	struct table_found table = { 0 };
	struct leaves leaves = { .first = { 0 } };

	if (is_table)
		return tlb_find_table(&tlb, key, &table) ? table.base : 0;
	return tlb_find(&tlb, key, &leaves) ? leaves.first.address >> 48 << 48 : 0;
}

static bool answers(const struct given *given, const struct tlb_key *key, bool is_table)
{
	return given->there && given->is_table == is_table &&
	       tag_translates(&given->tag, key->kind, key->regime, key->input);
}

/* A lookup finds one of those that answer, and none larger than another. */
static bool finds_what_it_should(const struct tlb_key *key, bool is_table)
{
	const uint64_t id = found(key, is_table);
	unsigned smallest = 64, size = 64;

	for (unsigned i = 0; i < listed; i++) {
		if (!answers(&list[i], key, is_table))
			continue;
		if (list[i].tag.size_lg2 < smallest)
			smallest = list[i].tag.size_lg2;
		if (list[i].id == id)
			size = list[i].tag.size_lg2;
	}
	return size == smallest && (smallest == 64) == !id;
}

static void check_all(const char *when)
{
	for (unsigned i = 0; i < listed; i++) {
		const struct tlb_tag *tag = &list[i].tag;
		const struct tlb_key key = { (enum tlb_kind)tag->kind, &tag->regime, tag->input };

		ck_assert_msg(finds_what_it_should(&key, list[i].is_table), "%s: of %u, %u", when,
			      listed, i);
	}
}

static uint64_t removed(void)
{
	struct smmu3_cache_stats cache[SMMU3_CACHES] = { { 0 } };
	uint64_t sum = 0;

	tlb_stats(&tlb, cache);
	for (int i = 0; i < SMMU3_CACHES; i++)
		sum += cache[i].removed;
	return sum;
}

static void forget(const struct smmu3_invalidation *scope, tag_meant_fn *meant)
{
	const uint64_t before = removed();
	uint64_t gone = 0;

	for (unsigned i = 0; i < listed; i++) {
		const bool goes = list[i].there && (!list[i].is_table || !scope->leaf) &&
				  meant(&list[i].tag, scope);

		list[i].there &= !goes;
		gone += goes;
	}
	tlb_forget(&tlb, scope, meant);
	ck_assert_uint_eq(removed() - before, tlb.counts ? gone : 0);
}

/* ---- Anything ---- */

static const uint16_t vmids[] = { 0, 1, 2, 0xffff };

/* Of what a StreamWorld has no tag for is 0. */
static struct regime any_regime(bool with_vmids)
{
	const uint8_t world = (uint8_t)any(STREAM_WORLDS);

	return (struct regime){
		.vmid = stream_worlds[world].vmids && with_vmids ? vmids[any(COUNT(vmids))] : 0,
		.asid = stream_worlds[world].asids ? (uint16_t)any(3) : 0,
		.aset = one_in(2),
		.world = world,
	};
}

/* Some pages at the ends of what counts, and in between. */
static uint64_t any_input(void)
{
	static const uint64_t bases[] = { 0, UINT64_C(0x40000000), UINT64_C(1) << 55,
					  (UINT64_C(1) << 56) - (UINT64_C(1) << 31) };

	return bases[any(COUNT(bases))] + any(one_in(2) ? 24 : 1 << 19) * KB4;
}

static void give_any(bool with_vmids)
{
	static const uint8_t sizes[] = { 12, 14, 16, 21, 25, 30 };
	const struct regime regime = any_regime(with_vmids);
	const bool of_va = !stream_worlds[regime.world].vmids || one_in(2);
	const struct tlb_key key = { of_va ? TLB_STAGE1 : TLB_STAGE2 + any(2), &regime,
				     any_input() };
	const unsigned block_lg2 = sizes[any(COUNT(sizes))];
	const unsigned size_lg2 = one_in(6) ? 12 : block_lg2;
	struct leaves leaves = leaves_of(size_lg2, block_lg2,
					 (one_in(3) ? 0 : NG) | (one_in(8) ? CONTIGUOUS : 0));

	leaves.first.read_from = stream_worlds[regime.world].sec_sid;
	leaves.second = leaves.first;
	leaves.second.size_lg2 = leaves.second.block_lg2 = one_in(2) ? 12 : 21;
	leaves.combined = of_va && one_in(4);
	if (one_in(3))
		give_table(&key, 21 + 9 * any(3));
	else
		give(&key, &leaves);
}

static uint64_t any_bytes(void)
{
	static const uint64_t bytes[] = { KB4,      KB4,        KB4,
					  KB4,      4 * KB4,    0x10000,
					  0x200000, 0x40000000, UINT64_C(1) << 56 };

	return one_in(2) ? 0 : bytes[any(COUNT(bytes))];
}

static struct smmu3_invalidation any_scope(void)
{
	static const uint16_t counts[] = { 1, 1, 1, 2, 4, 16, 17, 0 };

	return (struct smmu3_invalidation){
		.kind = one_in(40) ? SMMU3_INVALIDATES_ALL : (uint8_t)any(SMMU3_INVALIDATES_STREAM),
		.sec_sid = (uint8_t)any(3),
		.any_asid = one_in(2),
		.any_vmid = one_in(2),
		.leaf = one_in(3),
		.asid = (uint16_t)any(3),
		.vmid = vmids[any(COUNT(vmids))],
		.vmids = counts[any(COUNT(counts))],
		.worlds = (uint8_t)(one_in(2) ? 0 : 1 << any(4) | (one_in(3) ? 1 << any(4) : 0)),
		.ipa_pas = (uint8_t)any(3),
		.addr = one_in(2) || !listed ? any_input() :
					       align_down(list[any(listed)].tag.input, 12),
		.bytes = any_bytes(),
	};
}

/* TLB-08, TLB-16, TLB-17, TLB-18, TLB-19, TLB-20, TLB-23, TLB-24, TLB-25, TLB-26, TLB-27, TLB-28,
 * TLB-29, TLB-34, TLB-36, TLB-11, BBM-07: whatever is kept, whatever is meant, in tables of any
 * size */
START_TEST(what_is_meant_goes_and_the_rest_stays)
{
	static const uint32_t places[] = { 1, 2, 4, 16, 64, 256, 512 };
	const bool counts = _i % 3 == 2, with_vmids = _i % 5 != 4;

	seed = (uint64_t)_i + 1;
	open_tlb(places[_i % COUNT(places)]);
	tlb.contiguous = _i % 2;
	tlb.counts = counts;
	for (unsigned round = 0; round < 50; round++) {
		const struct smmu3_invalidation scope = any_scope();
		const unsigned more = any(16);

		for (unsigned i = 0; i < more; i++)
			give_any(with_vmids);
		check_all("before");
		forget(&scope, one_in(4) ? tag_is_meant_by_cpus : tag_is_meant);
		check_all("after");
	}
	tlb_free(&tlb);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forgetting");
	TCase *tests = tcase_create("forgetting");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, what_is_meant_goes_and_the_rest_stays, 0, 70);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
