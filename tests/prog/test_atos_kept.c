/* SPDX-License-Identifier: MIT */
/* Requests of ATOS and what is kept from one translation to the next.  9, 3.21.1, 3.21.3 */
#include "atos.h"
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* Streams: stage 1, stage 2, both; and another ASID in the VM of the last. */
static const struct space alone = { 1, STAGE_1, 3, 5 };
static const struct space second = { 2, STAGE_2, 4, 0 };
static const struct space nested = { 3, BOTH_STAGES, 5, 6 };
static const struct space neighbour = { 4, BOTH_STAGES, 5, 7 };

/* ATOS_PAR of a 4KB page of Normal Write-Back Inner Shareable memory.  6.3.40 */
#define PAR_OF(page) (UINT64_C(0xff00000000000300) | (page))

#define IPA_PAGE PAGE(4)

static struct machine *keeping_atos(uint32_t places)
{
	struct machine *m = keeping(places);

	m->config.idr[0] |= 1 << 15 | 1 << 20 | 1 << 5; /* ATOS, VATOS, BTM */
	start_machine(m);
	put_space(m, &alone);
	put_space(m, &second);
	put_space(m, &nested);
	put_space(m, &neighbour);
	put_s1(m, &alone, 1, s1_page(HERE));
	put_s2(m, &second, 1, s2_page(HERE));
	put_s1(m, &nested, 1, s1_page(IPA_PAGE));
	put_s2(m, &nested, 4, s2_page(HERE));
	return m;
}

/* What there is to ask for, and which descriptor decides. */
static const struct kind {
	const struct space *space;
	uint64_t addr;
	bool stage1; /* it is of stage 1 */
	uint64_t here, there;
} kinds[] = {
	{ &alone, STAGE1_OF(PAGE(1)), true, HERE, THERE },
	{ &second, STAGE2_OF(PAGE(1)), false, HERE, THERE },
	{ &nested, STAGE1_OF(PAGE(1)), true, IPA_PAGE, PAGE(5) },
	{ &nested, STAGE2_OF(IPA_PAGE), false, HERE, THERE },
	{ &nested, BOTH_OF(PAGE(1)), false, HERE, THERE },
};

static void move(struct machine *m, const struct kind *kind)
{
	const unsigned ipa = kind->space == &nested ? 4 : 1;

	if (kind->stage1)
		put_s1(m, kind->space, 1, s1_page(kind->there));
	else
		put_s2(m, kind->space, ipa, s2_page(kind->there));
}

static uint64_t asked(struct machine *m, const struct kind *kind)
{
	return par_of(m, &gatos, kind->space->sid, kind->addr);
}

/* ATO-021: a result may be of what is kept, until software invalidates it; after the
 * CMD_SYNC it is of what the tables say */
START_TEST(a_result_is_not_stale_after_an_invalidation)
{
	for (int i = 0; i < COUNT(kinds); i++) {
		struct machine *m = keeping_atos(64);
		const struct kind *kind = &kinds[i];
		const bool kept = kind->addr != STAGE1_OF(PAGE(1)) || kind->space == &alone;

		ck_assert_uint_eq(asked(m, kind), PAR_OF(kind->here));
		move(m, kind);
		ck_assert_uint_eq(asked(m, kind), PAR_OF(kept ? kind->here : kind->there));
		finish(m, kind->stage1 ? nh_va(kind->space->vmid, kind->space->asid, PAGE(1), 1) :
					 s12_vmall(kind->space->vmid));
		ck_assert_uint_eq(asked(m, kind), PAR_OF(kind->there));
		close_machine(m);
	}
}
END_TEST

/* ATO-021: likewise of what CPUs broadcast */
START_TEST(a_result_is_not_stale_after_a_broadcast)
{
	static const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGES,
							 .any_asid = 1,
							 .any_vmid = 1 };

	for (int i = 0; i < COUNT(kinds); i++) {
		struct machine *m = keeping_atos(64);

		(void)asked(m, &kinds[i]);
		move(m, &kinds[i]);
		ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
		ck_assert_uint_eq(asked(m, &kinds[i]), PAR_OF(kinds[i].there));
		close_machine(m);
	}
}
END_TEST

/* ATO-021, CFG-03, CFG-05: of structures: the stream's STE, then its CD, are taken away */
START_TEST(a_result_is_not_of_structures_that_were_invalidated)
{
	struct machine *m = keeping_atos(64);
	const uint64_t good = ram_at(m, STREAMS_AT + 64)[0], cd = *ram_at(m, cd_at(&alone, 0));

	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_OF(HERE));
	ram_at(m, STREAMS_AT + 64)[0] = 0;
	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_OF(HERE));
	finish(m, cfgi_ste(1, 1));
	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_FAULT(0x04, 0));
	ram_at(m, STREAMS_AT + 64)[0] = good; /* what was not legal is not kept */
	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_OF(HERE));
	*ram_at(m, cd_at(&alone, 0)) = 0;
	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_OF(HERE));
	finish(m, cfgi_cd(1, 0, 1));
	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_FAULT(0x0a, 0));
	*ram_at(m, cd_at(&alone, 0)) = cd;
	ck_assert_uint_eq(asked(m, &kinds[0]), PAR_OF(HERE));
	close_machine(m);
}
END_TEST

/* Accesses and requests use what the other has had kept.  9 */
START_TEST(requests_and_accesses_share_what_is_kept)
{
	struct machine *m = keeping_atos(64);

	(void)par_of(m, &gatos, 3, BOTH_OF(PAGE(1)));
	put_s1(m, &nested, 1, 0);
	put_s2(m, &nested, 4, 0);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	/* of both stages together, stage 1 alone is known, too */
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(PAGE(1))), PAR_OF(IPA_PAGE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &alone, 1, 0);
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(PAGE(1))), PAR_OF(HERE));
	close_machine(m);
}
END_TEST

/* TLB-01: translations of a VM's ASIDs are apart; permissions are of each request */
START_TEST(what_is_kept_of_one_asid_answers_for_no_other)
{
	struct machine *m = keeping_atos(64);

	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(PAGE(1))), PAR_OF(HERE));
	ck_assert_uint_eq(par_of(m, &gatos, 4, BOTH_OF(PAGE(1))), PAR_FAULT(0x10, 0));
	put_s1(m, &neighbour, 1, s1_page(IPA_PAGE) | TTD_AP(2)); /* read-only */
	ck_assert_uint_eq(par_of(m, &gatos, 4, BOTH_OF(PAGE(1))), PAR_OF(HERE));
	ck_assert_uint_eq(par_of(m, &gatos, 4, BOTH_OF(PAGE(1)) & ~ATOS_READ), PAR_FAULT(0x13, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(PAGE(1)) & ~ATOS_READ), PAR_OF(HERE));
	close_machine(m);
}
END_TEST

/* A request for stage 1 alone of a nested stream keeps no half of a translation: what accesses keep
 * afterwards is whole. */
START_TEST(a_request_for_one_stage_leaves_no_half_behind)
{
	struct machine *m = keeping_atos(64);

	(void)par_of(m, &gatos, 3, STAGE1_OF(PAGE(1)));
	(void)par_of(m, &vatos, 3, STAGE1_OF(PAGE(1)));
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	look_away(m);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	ck_assert_uint_eq(count(m, READS), 0);
	close_machine(m);
}
END_TEST

/* ---- Threads ---- */

enum { ROUNDS = 100 };

struct shared {
	struct machine *m;
	atomic_uint floor; /* the oldest round that may be seen */
	atomic_bool stop;
	atomic_uint strange, answers;
};

static uint64_t output_of(unsigned round)
{
	return HERE + PAGE(round);
}

static uint64_t ask_and_wait(struct machine *m, const struct atos_group *group)
{
	set_reg(m, group->ctrl, 1);
	while (running(m, group))
		;
	return reg64(m, group->par);
}

static void look_again(struct shared *shared, const struct atos_group *group)
{
	const unsigned oldest = atomic_load(&shared->floor);
	const uint64_t par = ask_and_wait(shared->m, group);
	const uint64_t newest = output_of(ROUNDS);

	if (par < PAR_OF(output_of(oldest)) || par > PAR_OF(newest))
		atomic_fetch_add(&shared->strange, 1);
	atomic_fetch_add(&shared->answers, 1);
}

static void *ask_gatos(void *context)
{
	struct shared *shared = context;

	while (!atomic_load(&shared->stop))
		look_again(shared, &gatos);
	return NULL;
}

static void *ask_vatos(void *context)
{
	struct shared *shared = context;

	while (!atomic_load(&shared->stop))
		look_again(shared, &vatos);
	return NULL;
}

/* However busy the machine is, somebody asks meanwhile. */
static void await_answer(struct shared *shared)
{
	const unsigned before = atomic_load(&shared->answers);

	while (atomic_load(&shared->answers) == before)
		(void)sched_yield();
}

/* A page moves from round to round, by commands and by broadcasts in turn. */
static void edit(struct shared *shared)
{
	static const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
							 .any_asid = 1,
							 .any_vmid = 1 };
	struct machine *m = shared->m;

	for (unsigned round = 1; round <= ROUNDS; round++) {
		__atomic_store_n(ram_at(m, table1(&alone, 3) + 8), s1_page(output_of(round)),
				 __ATOMIC_RELEASE);
		if (round % 2) {
			queue_command(m, nh_va(alone.vmid, alone.asid, PAGE(1), 1));
			queue_command(m, SYNC_NONE);
			ring(m);
			while (reg(m, CMDQ_CONS) != m->prod)
				;
		} else {
			(void)smmu3_broadcast_tlbi(m->smmu, &scope);
		}
		atomic_store(&shared->floor, round);
		if (round % 10 == 0)
			await_answer(shared);
	}
}

/* ATO-019, ATO-021: GATOS and VATOS each by a thread of its own, a driver that edits tables */
START_TEST(threads_get_answers_that_are_not_stale)
{
	struct machine *m = keeping(64);
	struct shared shared = { .m = m };
	pthread_t threads[2];

	m->config.idr[0] |= 1 << 15 | 1 << 20 | 1 << 5;
	m->windows = true;
	m->quiet = true;
	start_machine(m);
	put_space(m, &alone);
	put_s1(m, &alone, 1, s1_page(output_of(0)));
	set_reg(m, VATOS_SEL, alone.vmid);
	for (int i = 0; i < 2; i++) {
		const struct atos_group *group = i ? &vatos : &gatos;

		set_reg64(m, group->sid, alone.sid);
		set_reg64(m, group->addr, STAGE1_OF(PAGE(1)));
		ck_assert_int_eq(pthread_create(&threads[i], NULL, i ? ask_vatos : ask_gatos,
						&shared),
				 0);
	}
	edit(&shared);
	atomic_store(&shared.stop, true);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(atomic_load(&shared.strange), 0);
	ck_assert_uint_ge(atomic_load(&shared.answers), ROUNDS / 10);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, a_result_is_not_stale_after_an_invalidation);
	tcase_add_test(tests, a_result_is_not_stale_after_a_broadcast);
	tcase_add_test(tests, a_result_is_not_of_structures_that_were_invalidated);
	tcase_add_test(tests, requests_and_accesses_share_what_is_kept);
	tcase_add_test(tests, what_is_kept_of_one_asid_answers_for_no_other);
	tcase_add_test(tests, a_request_for_one_stage_leaves_no_half_behind);
	tcase_add_test(tests, threads_get_answers_that_are_not_stale);
}

int main(void)
{
	return run("atos_kept", add);
}
