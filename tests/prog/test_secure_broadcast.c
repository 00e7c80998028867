/* SPDX-License-Identifier: MIT */
/* What CPUs in Secure state broadcast.  3.17.2, 6.3.60 */
#include "run.h"
#include "secure.h"

#include <check.h>

enum { PTM = 4 };

/* A Secure stream whose translation is kept, and gone from memory. */
static struct machine *with_kept(uint32_t cr2, uint32_t s_cr2)
{
	struct machine *m = secure_machine();

	m->config.idr[0] |= 1u << 5; /* BTM */
	m->config.caches = (struct smmu3_caches){ .stes = 16, .cds = 16, .tlb = 16 };
	make_secure_stream(m, 1);
	*secure_at(m, CD_AT(1)) &= ~CD_S;
	mend_secure(m, 1);
	open_secure_machine(m);
	set_reg(m, CR2, cr2);
	set_secure(m, CR2, s_cr2);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	set_secure(m, CR0, EVENTQEN | SMMUEN);
	ck_assert_uint_eq(secure_read(m, 1).verdict, SMMU3_OK);
	*secure_at(m, TABLE1_AT(1)) = 0;
	ck_assert_uint_eq(secure_read(m, 1).verdict, SMMU3_OK);
	return m;
}

/* Of all of a state and a StreamWorld. */
static struct smmu3_invalidation all_of(enum smmu3_pas sec_sid, unsigned worlds)
{
	return (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGE1,
					    .sec_sid = (uint8_t)sec_sid,
					    .any_asid = 1,
					    .any_vmid = 1,
					    .worlds = (uint8_t)worlds };
}

/* TLB-08, CR-030: a Secure EL1 broadcast reaches Secure entries, unless S_CR2.PTM is 1, whatever
 * CR2.PTM is; and no other reaches them */
static const struct {
	uint32_t cr2, s_cr2;
	uint8_t sec_sid, worlds;
	bool reached;
} rows[] = {
	{ 0, 0, SMMU3_PAS_SECURE, SMMU3_WORLD_EL1, true },
	{ 0, 0, SMMU3_PAS_SECURE, 0, true }, /* EL1 */
	{ PTM, 0, SMMU3_PAS_SECURE, SMMU3_WORLD_EL1, true },
	{ 0, PTM, SMMU3_PAS_SECURE, SMMU3_WORLD_EL1, false },
	{ 0, 0, SMMU3_PAS_SECURE, SMMU3_WORLD_EL3, false },
	{ 0, 0, SMMU3_PAS_NS, SMMU3_WORLD_EL1, false },
	{ 0, 0, SMMU3_PAS_NS, SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H, false },
};

START_TEST(a_secure_broadcast_reaches_secure_entries)
{
	struct machine *m = with_kept(rows[_i].cr2, rows[_i].s_cr2);
	const struct smmu3_invalidation scope = all_of((enum smmu3_pas)rows[_i].sec_sid,
						       rows[_i].worlds);

	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
	ck_assert_int_eq(secure_read(m, 1).verdict != SMMU3_OK, rows[_i].reached);
	close_machine(m);
}
END_TEST

/* SEC-011: without Secure EL2 Secure entries have no VMID, and none that is named keeps them; ASIDs
 * they have */
START_TEST(a_secure_broadcast_knows_no_vmids)
{
	struct machine *m = with_kept(0, 0);
	struct smmu3_invalidation scope = all_of(SMMU3_PAS_SECURE, SMMU3_WORLD_EL1);

	scope.any_vmid = 0;
	scope.vmid = 5;
	scope.any_asid = 0;
	scope.asid = 2;
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
	ck_assert_uint_eq(secure_read(m, 1).verdict, SMMU3_OK);
	scope.asid = 1;
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
	ck_assert_uint_eq(secure_read(m, 1).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* SEC-001: of a state that there is, and EL3 of the Secure one alone */
START_TEST(a_broadcast_is_of_a_state_that_there_is)
{
	static const struct {
		enum smmu3_pas sec_sid;
		unsigned worlds;
		int with, without; /* a Secure state */
	} cases[] = {
		{ SMMU3_PAS_NS, SMMU3_WORLD_EL3, -SMMU3_E_ARGUMENT, -SMMU3_E_ARGUMENT },
		{ SMMU3_PAS_SECURE, SMMU3_WORLD_EL3, 0, -SMMU3_E_ARGUMENT },
		{ SMMU3_PAS_SECURE, SMMU3_WORLD_EL1, 0, -SMMU3_E_ARGUMENT },
		{ SMMU3_PAS_SECURE, 0x10, -SMMU3_E_ARGUMENT, -SMMU3_E_ARGUMENT },
		{ SMMU3_PAS_REALM, SMMU3_WORLD_EL1, -SMMU3_E_ARGUMENT, -SMMU3_E_ARGUMENT },
		{ SMMU3_PAS_ROOT, SMMU3_WORLD_EL1, -SMMU3_E_ARGUMENT, -SMMU3_E_ARGUMENT },
	};
	struct machine *with = secure_started(), *without = started("generic-3.3");

	for (int i = 0; i < COUNT(cases); i++) {
		const struct smmu3_invalidation scope = all_of(cases[i].sec_sid, cases[i].worlds);

		ck_assert_int_eq(smmu3_broadcast_tlbi(with->smmu, &scope), cases[i].with);
		ck_assert_int_eq(smmu3_broadcast_tlbi(without->smmu, &scope), cases[i].without);
	}
	close_machine(with);
	close_machine(without);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_secure_broadcast_reaches_secure_entries, 0, COUNT(rows));
	tcase_add_test(tests, a_secure_broadcast_knows_no_vmids);
	tcase_add_test(tests, a_broadcast_is_of_a_state_that_there_is);
}

int main(void)
{
	return run("secure-broadcast", add);
}
