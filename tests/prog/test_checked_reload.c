/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: an SMMU that becomes another while an access is under way. */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <stdlib.h>

#define IDR0_ATS (1u << 10)

static const struct space ONE = { 1, STAGE_1, 3, 5 };

static struct machine *checked(void)
{
	struct machine *m = keeping(0);
	struct ste ste = ste_of(STAGE_1, cd_at(&ONE, 0));

	ste.word[1] |= STE1_EATS(1);
	ste.word[2] |= ONE.vmid;
	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= IDR0_ATS;
	start_machine(m);
	put_space(m, &ONE);
	put_ste(m, 1, ste);
	put_s1(m, &ONE, 1, s1_page(HERE));
	put_s1(m, &ONE, 2, s1_page(THERE));
	return m;
}

struct state {
	void *blob;
	size_t size;
	unsigned at; /* the read of the descriptor of page 1 that it is loaded in */
};

static struct state saved(struct machine *m)
{
	struct state state = { .size = 0 };

	(void)smmu3_save(m->smmu, NULL, &state.size, NULL);
	state.blob = malloc(state.size);
	ck_assert_int_eq(smmu3_save(m->smmu, state.blob, &state.size, NULL), 0);
	return state;
}

static void load_once(struct machine *m, const struct happening *now)
{
	struct state *state = m->context;

	if (now->kind == READS && now->access.pa == table1(&ONE, 3) + 8 && !--state->at)
		ck_assert_int_eq(smmu3_load(m->smmu, state->blob, state->size, NULL), 0);
}

/* smmu.h, smmu3_load: from inside a read for a translation the request under way goes on as it
 * began; what it has used is not known any more. */
START_TEST(a_load_inside_a_read)
{
	const struct smmu3_txn request = {
		.addr = PAGE(1), .bytes = 4, .sid = 1, .ats = SMMU3_ATS_REQUEST
	};
	struct machine *m = checked();
	struct state state = saved(m);
	struct smmu3_outcome outcome;

	state.at = (unsigned)_i + 1;
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	m->context = &state;
	m->inside = load_once;
	smmu3_translate(m->smmu, &request, &outcome);
	m->inside = NULL;
	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, HERE);
	ck_assert_uint_eq(m->found_count, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	put_s1(m, &ONE, 2, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	free(state.blob);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_load_inside_a_read, 0, 4);
}

int main(void)
{
	return run("checked_reload", add);
}
