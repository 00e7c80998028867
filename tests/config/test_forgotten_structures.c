/* SPDX-License-Identifier: MIT */
/* What an invalidation of configuration means goes and the rest stays, however it is looked for:
 * against a plain list.  4.3 */
#include "kept_structures.h"
#include "support/suite.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static uint64_t seed;

static uint32_t any(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

enum { LISTED = 400 };

struct listed {
	enum structure_kind kind;
	struct structure_name name;
	uint16_t mark; /* 0: it is gone */
};

static unsigned mark_of(struct structures *structures, const struct listed *listed)
{
	return found_by_name(structures, listed->kind, listed->name);
}

static struct listed any_listed(bool substreams, uint16_t mark)
{
	struct listed listed = { .kind = any(STRUCTURE_KINDS), .mark = mark };
	const uint32_t sid = any(2) ? any(80) : UINT32_MAX - any(80);

	listed.name = (struct structure_name){ .sid = sid, .sec_sid = (uint8_t)any(3) };
	if (listed.kind == STRUCTURE_L1STD) {
		listed.name.index = any(2) ? 6 : 8;
		listed.name.sid = sid >> listed.name.index << listed.name.index;
	}
	if (listed.kind == STRUCTURE_CONTEXT && substreams)
		listed.name.index = any(4);
	return listed;
}

static struct smmu3_invalidation any_scope(void)
{
	static const uint64_t counts[] = { 1, 1, 1, 2, 4, 16, 64, UINT64_C(1) << 32 };
	const uint64_t sids = counts[any(COUNT(counts))];

	return (struct smmu3_invalidation){
		.kind = !any(20) ? SMMU3_INVALIDATES_ALL :
			any(2)   ? SMMU3_INVALIDATES_STREAM :
				   SMMU3_INVALIDATES_CONTEXT,
		.sec_sid = (uint8_t)any(3),
		.any_ssid = (uint8_t)any(2),
		.leaf = (uint8_t)any(2),
		.ssid = any(4),
		.sids = sids,
		.sid = (any(2) ? any(80) : UINT32_MAX - any(80)) & (uint32_t)-sids,
	};
}

/* 4.3 once more */
static bool goes(const struct listed *listed, const struct smmu3_invalidation *scope)
{
	const uint64_t span = listed->kind == STRUCTURE_L1STD ? UINT64_C(1) << listed->name.index :
								1;
	const uint64_t sid = listed->name.sid;
	const bool of_streams = sid < scope->sid + scope->sids && sid + span > scope->sid;

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return true;
	if (!of_streams || listed->name.sec_sid != scope->sec_sid)
		return false;
	if (scope->kind == SMMU3_INVALIDATES_STREAM)
		return listed->kind != STRUCTURE_L1STD || !scope->leaf;
	return listed->kind == STRUCTURE_CONTEXT &&
	       (scope->any_ssid || scope->ssid == listed->name.index);
}

static bool same_name(const struct listed *one, const struct listed *other)
{
	return one->kind == other->kind && one->name.sid == other->name.sid &&
	       one->name.index == other->name.index && one->name.sec_sid == other->name.sec_sid;
}

/* What has to make room is found no longer, and so is what is kept again. */
static void list_one(struct structures *structures, struct listed list[LISTED], unsigned n,
		     bool substreams)
{
	struct structure structure;

	list[n] = any_listed(substreams, (uint16_t)(n + 1));
	structure = structure_of(list[n].kind, list[n].name.sid, list[n].name.index, list[n].mark);
	structure.name = list[n].name;
	structure_keep(structures, structures_age(structures), list[n].kind, &structure);
	for (unsigned i = 0; i < n; i++)
		if (same_name(&list[i], &list[n]) || !mark_of(structures, &list[i]))
			list[i].mark = 0;
}

static void check_list(struct structures *structures, const struct listed list[], unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const unsigned mark = mark_of(structures, &list[i]);

		ck_assert(list[i].mark ? mark == list[i].mark : mark == 0 || mark > i + 1);
	}
}

/* Some more of a list.  How many there are then. */
static unsigned list_more(struct structures *structures, struct listed list[LISTED], unsigned n,
			  bool substreams)
{
	for (unsigned more = any(16); more && n < LISTED; more--, n++)
		list_one(structures, list, n, substreams);
	check_list(structures, list, n);
	return n;
}

static void unlist(struct listed list[], unsigned n, const struct smmu3_invalidation *scope)
{
	for (unsigned i = 0; i < n; i++)
		if (goes(&list[i], scope))
			list[i].mark = 0;
}

/* CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL, CMD-CFGI-CD, CMD-CFGI-CD-ALL, CFG-03, CFG-04,
 * CFG-05, RST-004: whatever is kept, whatever is meant, in tables of any size */
START_TEST(structures_that_are_meant_go_and_the_rest_stays)
{
	const bool substreams = _i % 2;
	static struct listed list[LISTED];
	struct structures *structures = made(UINT32_C(1) << _i % 10);

	seed = (uint64_t)_i + 1;
	for (unsigned n = 0; n < LISTED;) {
		const struct smmu3_invalidation scope = any_scope();

		n = list_more(structures, list, n, substreams);
		structures_forget(structures, &scope);
		unlist(list, n, &scope);
		check_list(structures, list, n);
	}
	structures_free(structures);
}
END_TEST

/* check.h, CMD-SYNC-2, CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-CD-ALL: where everything is kept
 * nothing makes room, and what is meant goes later, but for what was kept, anew or for the first
 * time, since it was said. */
START_TEST(structures_of_a_table_that_grows_go_if_they_are_older)
{
	const bool substreams = _i % 2;
	static struct listed list[LISTED];
	struct structures *structures = made(UINT32_C(1) << _i % 5);

	structures_keep_everything(structures);
	seed = (uint64_t)_i + 1;
	for (unsigned n = 0; n < LISTED;) {
		const struct smmu3_invalidation scope = any_scope();
		const unsigned before = list_more(structures, list, n, substreams);
		const uint64_t age = structures_announce(structures);

		n = list_more(structures, list, before, substreams);
		structures_forget_older(structures, &scope, age);
		unlist(list, before, &scope);
		for (unsigned i = 0; i < n; i++)
			ck_assert(!list[i].mark || mark_of(structures, &list[i]));
		check_list(structures, list, n);
	}
	ck_assert(!structures->lost);
	structures_free(structures);
}
END_TEST

/* check.h: each by a command of its own, in the time of one test: what is looked at is what is
 * named, not all there is. */
START_TEST(very_many_streams_of_a_table_that_grows)
{
	enum { STREAMS = 1 << 15 };
	struct structures *structures = made(16);

	structures_keep_everything(structures);
	for (uint32_t sid = 0; sid < STREAMS; sid++) {
		keep(structures, STRUCTURE_STREAM, sid, 0, 6);
		keep(structures, STRUCTURE_CONTEXT, sid, sid % 8, 5);
	}
	for (uint32_t sid = 0; sid < STREAMS; sid++) {
		const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STREAM,
							  .sid = sid,
							  .sids = 1 };

		ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, sid, sid % 8), 5);
		structures_forget_older(structures, &scope, structures_announce(structures));
		ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, sid, 0), 0);
		ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, sid, sid % 8), 0);
	}
	ck_assert_uint_eq(structures->of_streams.things, 0);
	structures_free(structures);
}
END_TEST

/* CMD-CFGI-CD-ALL, CFG-05: of more streams than there are floors for.  Their STEs stay */
START_TEST(contexts_of_very_many_streams_are_forgotten)
{
	enum { STREAMS = 4 * FLOORS_SETS * FLOORS_WAYS };
	struct structures *structures = made(1 << 15);
	unsigned kept = 0;

	for (uint32_t sid = 0; sid < STREAMS; sid++) {
		keep(structures, STRUCTURE_CONTEXT, sid, 1, 5);
		keep(structures, STRUCTURE_STREAM, sid, 0, 6);
	}
	for (uint32_t sid = 0; sid < STREAMS; sid++) {
		const struct smmu3_invalidation every = {
			.kind = SMMU3_INVALIDATES_CONTEXT, .sid = sid, .sids = 1, .any_ssid = 1
		};

		structures_forget(structures, &every);
	}
	for (uint32_t sid = 0; sid < STREAMS; sid++) {
		ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, sid, 1), 0);
		kept += found(structures, STRUCTURE_STREAM, sid, 0) != 0;
	}
	ck_assert_uint_ge(kept, STREAMS / 2); /* as many as find room */
	structures_free(structures);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forgotten_structures");
	TCase *tests = tcase_create("forgotten_structures");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, structures_that_are_meant_go_and_the_rest_stays, 0, 40);
	tcase_add_loop_test(tests, structures_of_a_table_that_grows_go_if_they_are_older, 0, 20);
	tcase_add_test(tests, very_many_streams_of_a_table_that_grows);
	tcase_add_test(tests, contexts_of_very_many_streams_are_forgotten);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
