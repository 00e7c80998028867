/* SPDX-License-Identifier: MIT */
/* Accesses that what is kept answers: they are judged as if it had been read; and which accesses
 * keep something. */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <smmu/inspect.h>
#include <string.h>

enum { READ, WRITE = SMMU3_TXN_WRITE };
#define PRIV SMMU3_TXN_PRIVILEGED
#define INST SMMU3_TXN_INSTRUCTION
#define F_PERMISSION 0x13

/* Streams of stage 1, of stage 2, of both */
static const struct space spaces[] = { { 1, STAGE_1, 3, 5 },
				       { 2, STAGE_2, 4, 0 },
				       { 3, BOTH_STAGES, 5, 6 } };

static struct machine *opened(uint32_t places)
{
	struct machine *m = keeping(places);

	start_machine(m);
	for (int i = 0; i < COUNT(spaces); i++)
		put_space(m, &spaces[i]);
	return m;
}

/* Page 1 goes HERE by these descriptors; nested the IPA is page 9. */
static void put_page(struct machine *m, int i, uint64_t s1, uint64_t s2)
{
	const struct space *space = &spaces[i];
	const bool nested = space->config == BOTH_STAGES;

	put_s1(m, space, 1, nested ? s1 | PAGE(9) : s1 | HERE);
	put_s2(m, space, nested ? 9 : 1, s2 | HERE);
}

/* ---- Permission ---- */

#define S1_BITS s1_page(0)
#define S2_BITS s2_page(0)
#define XN2 (UINT64_C(2) << 53) /* stage 2: nobody executes */
#define UXN (UINT64_C(1) << 54)

/* PERM-01, TLB-11: whatever filled, each access needs its own permission.  First one that is
 * allowed, then one that is not, then the first again. */
static const struct {
	int space;
	uint64_t s1_clear, s1_set, s2_clear, s2_set;
	unsigned allowed, denied;
	unsigned stage;
} denials[] = {
	{ 0, 0, TTD_AP(2), 0, 0, READ, WRITE, 1 },
	{ 0, TTD_AP(1), 0, 0, 0, PRIV, READ, 1 },
	{ 0, TTD_AP(1), 0, 0, 0, PRIV | WRITE, WRITE, 1 },
	{ 0, 0, UXN, 0, 0, READ, INST, 1 },
	{ 1, 0, 0, TTD_AP(2), 0, READ, WRITE, 2 },
	{ 1, 0, 0, TTD_AP(1), 0, WRITE, READ, 2 },
	{ 1, 0, 0, 0, XN2, READ, INST, 2 },
	{ 2, 0, TTD_AP(2), 0, 0, READ, WRITE, 1 },
	{ 2, 0, UXN, 0, 0, READ, INST, 1 },
	{ 2, 0, 0, TTD_AP(2), 0, READ, WRITE, 2 },
	{ 2, 0, 0, TTD_AP(1), 0, WRITE, READ, 2 },
	{ 2, 0, 0, 0, XN2, READ, INST, 2 },
};

START_TEST(permission_is_judged_on_every_hit)
{
	struct machine *m = opened(64);
	const uint32_t sid = spaces[denials[_i].space].sid;

	put_page(m, denials[_i].space, (S1_BITS & ~denials[_i].s1_clear) | denials[_i].s1_set,
		 (S2_BITS & ~denials[_i].s2_clear) | denials[_i].s2_set);
	ck_assert_uint_eq(access_by(m, sid, PAGE(1), denials[_i].allowed).verdict, SMMU3_OK);
	/* memory is of no use any more */
	put_page(m, denials[_i].space, 0, 0);
	for (unsigned turn = 0; turn < 2; turn++) {
		const struct smmu3_outcome denied = access_by(m, sid, PAGE(1), denials[_i].denied);

		ck_assert_uint_eq(denied.verdict, SMMU3_ABORT);
		ck_assert_uint_eq(denied.event, F_PERMISSION);
		ck_assert_uint_eq(denied.fault_stage, denials[_i].stage);
		ck_assert_int_eq(denied.fault_level, 3);
		ck_assert_uint_eq(denied.record.word[3],
				  denials[_i].stage == 1 ?
					  0 :
					  PAGE(spaces[denials[_i].space].config == BOTH_STAGES ?
						       9 :
						       1));
		ck_assert_uint_eq(access_by(m, sid, PAGE(1), denials[_i].allowed).pa, HERE);
	}
	close_machine(m);
}
END_TEST

/* PERM-23: what stage 2 denied may be kept, and is: a right that it gains needs a command */
START_TEST(what_stage_2_denied_first_is_kept)
{
	for (int i = 1; i < COUNT(spaces); i++) {
		const bool nested = spaces[i].config == BOTH_STAGES;
		struct machine *m = opened(64);

		put_page(m, i, S1_BITS, S2_BITS & ~TTD_AP(2));
		ck_assert_uint_eq(access_by(m, spaces[i].sid, PAGE(1), WRITE).event, F_PERMISSION);
		put_page(m, i, S1_BITS, S2_BITS);
		ck_assert_uint_eq(access_by(m, spaces[i].sid, PAGE(1), WRITE).event, F_PERMISSION);
		finish(m, s2_ipa(spaces[i].vmid, PAGE(nested ? 9 : 1), 1));
		ck_assert_uint_eq(access_by(m, spaces[i].sid, PAGE(1), WRITE).pa, HERE);
		close_machine(m);
	}
}
END_TEST

/* PERM-23: what stage 1 denied is read again */
START_TEST(what_was_denied_by_stage_1_first_is_not_kept)
{
	for (int i = 0; i < COUNT(spaces); i += 2) {
		struct machine *m = opened(64);

		put_page(m, i, S1_BITS | TTD_AP(2), S2_BITS);
		ck_assert_uint_eq(access_by(m, spaces[i].sid, PAGE(1), WRITE).event, F_PERMISSION);
		put_page(m, i, S1_BITS, S2_BITS);
		ck_assert_uint_eq(access_by(m, spaces[i].sid, PAGE(1), WRITE).pa, HERE);
		close_machine(m);
	}
}
END_TEST

/* ---- A hit answers as the walk does ---- */

static const uint8_t mairs[] = { 0x00, 0x04, 0x0c, 0x44, 0xbb, 0xff, 0x4f };

/* The accesses of a page, of many kinds. */
static struct smmu3_txn kind_of(unsigned n, uint32_t sid)
{
	static const uint16_t flags[] = { 0, WRITE, PRIV, INST, PRIV | INST, PRIV | WRITE };
	struct smmu3_txn txn = { .addr = PAGE(1) + 0x10 * (uint64_t)n, .bytes = 4, .sid = sid };

	txn.flags = flags[n % 6];
	if (n & 8)
		txn.flags |= SMMU3_TXN_NO_SNOOP;
	if (n & 16) {
		txn.flags |= SMMU3_TXN_ATTR;
		txn.attr = (struct smmu3_attr){ mairs[n % 7], (uint8_t)(n / 7 % 4) };
	}
	return txn;
}

static void expect_same(const struct smmu3_outcome *hit, const struct smmu3_outcome *walk)
{
	ck_assert_uint_eq(hit->verdict, walk->verdict);
	ck_assert_uint_eq(hit->pa, walk->pa);
	ck_assert_uint_eq(hit->bytes, walk->bytes);
	ck_assert_uint_eq(hit->span, walk->span);
	ck_assert_uint_eq(hit->attr.mair, walk->attr.mair);
	ck_assert_uint_eq(hit->attr.sh, walk->attr.sh);
	ck_assert_uint_eq(hit->perm, walk->perm);
	ck_assert_uint_eq(hit->stages, walk->stages);
	ck_assert_uint_eq(hit->why, walk->why);
	ck_assert_uint_eq(hit->event, walk->event);
	ck_assert_int_eq(hit->fault_level, walk->fault_level);
	ck_assert_int_eq(memcmp(&hit->record, &walk->record, sizeof(hit->record)), 0);
}

/* ATTR-06, ATTR-13, ATTR-27, TLB-11: types, shareability and hints of memory by what is kept and by
 * what this access brings; the machine without caches has read everything */
START_TEST(a_hit_answers_as_a_walk_whatever_the_access_brings)
{
	static const uint64_t s1_shapes[] = { 0,
					      TTD_AP(2),
					      UINT64_C(3) << 53,
					      UINT64_C(1) << 2,
					      UINT64_C(2) << 2,
					      UINT64_C(2) << 8 };
	static const uint64_t s2_shapes[] = { 0, UINT64_C(0xe) << 2, UINT64_C(0xa) << 2, XN2 };
	struct machine *with = opened(64), *without = opened(0);
	struct machine *const machines[] = { with, without };

	for (unsigned shape = 0; shape < 72; shape++) {
		const int i = (int)(shape % 3);

		for (int j = 0; j < 2; j++) {
			*ram_at(machines[j], cd_at(&spaces[i], 0) + 24) = 0x0444ff;
			put_page(machines[j], i, S1_BITS ^ s1_shapes[shape / 3 % 6],
				 S2_BITS ^ s2_shapes[shape / 18]);
			finish(machines[j], NSNH_ALL);
			finish(machines[j], CFGI_ALL);
		}
		for (unsigned n = 0; n < 32; n++) {
			const struct smmu3_txn txn = kind_of(n, spaces[i].sid);
			struct smmu3_outcome hit, walk;

			smmu3_translate(with->smmu, &txn, &hit);
			smmu3_translate(without->smmu, &txn, &walk);
			expect_same(&hit, &walk);
		}
		set_reg(with, EVENTQ_CONS, reg(with, EVENTQ_PROD));
		set_reg(without, EVENTQ_CONS, reg(without, EVENTQ_PROD));
	}
	close_machine(with);
	close_machine(without);
}
END_TEST

/* TLB-12: MAIR may be kept with translations; libsmmu uses that of the CD */
START_TEST(mair_of_the_cd_counts_on_a_hit)
{
	struct machine *m = opened(64);

	put_page(m, 0, S1_BITS, 0);
	ck_assert_uint_eq(access_by(m, 1, PAGE(1), 0).attr.mair, 0xff);
	put_page(m, 0, 0, 0);
	*ram_at(m, cd_at(&spaces[0], 0) + 24) = 0x04; /* Device-nGnRE */
	ck_assert_uint_eq(access_by(m, 1, PAGE(1), 0).attr.mair, 0xff);
	finish(m, cfgi_cd(1, 0, 1));
	ck_assert_uint_eq(access_by(m, 1, PAGE(1), 0).attr.mair, 0x04);
	close_machine(m);
}
END_TEST

/* TLB-12, CD-09: nor does a TLB answer for a half that EPD0 of the CD disables, nor beyond T0SZ */
START_TEST(a_half_that_the_cd_disables_is_not_answered_for)
{
	static const struct {
		uint64_t clear, set;
	} rows[] = { { 0, CD0_EPD0 }, { 0x3f, 39 } };

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = opened(64);
		uint64_t *cd = ram_at(m, cd_at(&spaces[0], 0));

		put_descriptor(m, table1(&spaces[0], 1), 1, s1_block(0) | NG);
		ck_assert_uint_eq(reached(m, 1, GB + PAGE(1)), PAGE(1));
		*cd = (*cd & ~rows[i].clear) | rows[i].set;
		finish(m, cfgi_cd(1, 0, 1));
		ck_assert_uint_eq(access_by(m, 1, GB + PAGE(1), 0).event, 0x10);
		close_machine(m);
	}
}
END_TEST

/* ---- Which accesses keep something ---- */

/* Whether stream 1 answers from what is kept, once its page has gone THERE. */
static bool is_kept(struct machine *m)
{
	put_s1(m, &spaces[0], 1, s1_page(THERE));
	const bool kept = would_reach(m, 1, PAGE(1)) == HERE;

	put_s1(m, &spaces[0], 1, s1_page(HERE));
	return kept;
}

/* A probe is answered from what is kept, and keeps nothing */
START_TEST(a_probe_keeps_nothing)
{
	struct machine *m = opened(64);

	put_s1(m, &spaces[0], 1, s1_page(HERE));
	ck_assert_uint_eq(would_reach(m, 1, PAGE(1)), HERE);
	ck_assert(!is_kept(m));
	put_ste(m, 4, ste_of(BYPASSES, 0)); /* nor a structure */
	ck_assert_uint_eq(would_reach(m, 4, PAGE(1)), PAGE(1));
	put_ste(m, 4, (struct ste){ { 0 } });
	ck_assert_uint_eq(would_reach(m, 4, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert(is_kept(m));
	close_machine(m);
}
END_TEST

static void count_step(void *context, const struct smmu3_step *step)
{
	(void)step;
	++*(unsigned *)context;
}

START_TEST(an_access_that_is_explained_reads_everything_and_keeps_nothing)
{
	struct machine *m = opened(64);
	const struct smmu3_txn txn = { .addr = PAGE(1), .bytes = 4, .sid = 1 };
	struct smmu3_outcome outcome;
	unsigned steps = 0;

	put_s1(m, &spaces[0], 1, s1_page(HERE));
	smmu3_explain(m->smmu, &txn, &outcome, count_step, &steps);
	ck_assert_uint_eq(outcome.pa, HERE);
	ck_assert(!is_kept(m));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &spaces[0], 1, s1_page(THERE));
	steps = 0;
	smmu3_explain(m->smmu, &txn, &outcome, count_step, &steps);
	ck_assert_uint_eq(outcome.pa, THERE);
	ck_assert_uint_eq(steps, 5); /* STE, CD, three descriptors */
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* TLB-35, TLB-11: what is kept spares the reads */
START_TEST(a_hit_reads_nothing)
{
	struct machine *m = opened(64);

	put_page(m, 2, S1_BITS, S2_BITS);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	look_away(m);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	ck_assert_uint_eq(count(m, READS), 0);
	finish(m, nh_all(5));
	look_away(m);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	/* all of stage 2 is known, and stands for the CD: level 1 to 3 of stage 1 */
	ck_assert_uint_eq(count(m, READS), 3);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_S1_TTD), 3);
	close_machine(m);
}
END_TEST

/* RST-004 */
START_TEST(after_reset_nothing_is_kept)
{
	struct machine *m = opened(64);

	put_s1(m, &spaces[0], 1, s1_page(HERE));
	put_ste(m, 4, ste_of(BYPASSES, 0));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 4, PAGE(1)), PAGE(1));
	smmu3_reset(m->smmu);
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	put_ste(m, 4, (struct ste){ { 0 } });
	ck_assert_uint_eq(reached(m, 4, PAGE(1)), NOWHERE);
	ck_assert(!is_kept(m));
	close_machine(m);
}
END_TEST

/* TLB-10: SMMUEN = 0 keeps nothing; what was kept before may be used after, and commands act
 * meanwhile
 */
START_TEST(a_disabled_smmu_keeps_nothing_new)
{
	struct machine *m = opened(64);

	put_s1(m, &spaces[0], 1, s1_page(HERE));
	put_s1(m, &spaces[0], 2, s1_page(HERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	update(m, CR0, CMDQEN | EVENTQEN);
	look_away(m);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), PAGE(2)); /* GBPA */
	ck_assert_uint_eq(count(m, READS), 0);
	put_s1(m, &spaces[0], 2, s1_page(THERE));
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert(is_kept(m));
	update(m, CR0, CMDQEN | EVENTQEN);
	finish(m, nh_all(3));
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert(!is_kept(m));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, permission_is_judged_on_every_hit, 0, COUNT(denials));
	tcase_add_test(tests, what_stage_2_denied_first_is_kept);
	tcase_add_test(tests, what_was_denied_by_stage_1_first_is_not_kept);
	tcase_add_test(tests, a_hit_answers_as_a_walk_whatever_the_access_brings);
	tcase_add_test(tests, mair_of_the_cd_counts_on_a_hit);
	tcase_add_test(tests, a_half_that_the_cd_disables_is_not_answered_for);
	tcase_add_test(tests, a_probe_keeps_nothing);
	tcase_add_test(tests, an_access_that_is_explained_reads_everything_and_keeps_nothing);
	tcase_add_test(tests, a_hit_reads_nothing);
	tcase_add_test(tests, after_reset_nothing_is_kept);
	tcase_add_test(tests, a_disabled_smmu_keeps_nothing_new);
}

int main(void)
{
	return run("kept_accesses", add);
}
