/* SPDX-License-Identifier: MIT */
/* Secure and Realm registers: what the ID registers take away, enables and what they guard,
 * acknowledgements, Update. */
#include "device.h"
#include "run.h"

#include <check.h>

enum { S = 4, D = 8 };

/* What is stored of all ones when ID registers are changed: bits cleared, then set, in max-realm.
 * REG-014, REG-023, CR-002, CR-003, CR-027, CR-028, CR-030, CR-031, CR-033, GER-003, PRIQ-001,
 * STR-002, STR-003, Q-010, RLM-009, SEC-006; 6.3.52 to 6.3.91, 6.3.122 to 6.3.169 */
static const struct {
	struct edit edit;
	uint64_t offset;
	unsigned size;
	uint64_t stored;
} lacks[] = {
	/* S_IDR0.MSI; the GERROR registers need that of IDR0 as well */
	{ EDIT(s_idr[0], 0x2000, 0), 0x8064, S, 0x305 },
	{ EDIT(s_idr[0], 0x2000, 0), 0x8068, D, 0 },
	{ EDIT(s_idr[0], 0x2000, 0), 0x8070, S, 0 },
	{ EDIT(s_idr[0], 0x2000, 0), 0x8074, S, 0 },
	{ EDIT(s_idr[0], 0x2000, 0), 0x80b0, D, 0 },
	{ EDIT(s_idr[0], 0x2000, 0), 0x80b8, S, 0 },
	{ EDIT(s_idr[0], 0x2000, 0), 0x80bc, S, 0 },
	{ EDIT(idr[0], 0x2000, 0), 0x8064, S, 0x3b5 },
	{ EDIT(idr[0], 0x2000, 0), 0x8068, D, 0 },
	{ EDIT(idr[0], 0x2000, 0), 0x8070, S, 0 },
	{ EDIT(idr[0], 0x2000, 0), 0x8074, S, 0 },
	{ EDIT(idr[0], 0x2000, 0), 0x80b0, D, 0x00fffffffffffffc },
	{ EDIT(idr[0], 0x2000, 0), 0x80b8, S, 0xffffffff },
	{ EDIT(idr[0], 0x2000, 0), 0x80bc, S, 0x3f },
	/* S_IDR0.ECMDQ, STALL_MODEL; S_IDR1.SEL2 */
	{ EDIT(s_idr[0], 0x80000000, 0), 0x8064, S, 0x1b5 },
	{ EDIT(s_idr[0], 0, 0x01000000), 0x8020, S, 0x1ed },
	{ EDIT(s_idr[0], 0, 0x02000000), 0x8020, S, 0x1ed },
	{ EDIT(s_idr[1], 0x20000000, 0), 0x802c, S, 0x6 },
	/* R_IDR0.MSI */
	{ EDIT(r_idr[0], 0x2000, 0), 0x40064, S, 0x60d },
	{ EDIT(r_idr[0], 0x2000, 0), 0x40068, D, 0 },
	{ EDIT(r_idr[0], 0x2000, 0), 0x40070, S, 0 },
	{ EDIT(r_idr[0], 0x2000, 0), 0x40074, S, 0 },
	{ EDIT(r_idr[0], 0x2000, 0), 0x400b0, D, 0 },
	{ EDIT(r_idr[0], 0x2000, 0), 0x400d0, D, 0 },
	{ EDIT(r_idr[0], 0x2000, 0), 0x400d8, S, 0 },
	{ EDIT(r_idr[0], 0x2000, 0), 0x400dc, S, 0x80000000 }, /* LO: for wires too */
	/* R_IDR0.PRI, ATS, ECMDQ */
	{ EDIT(r_idr[0], 0x10000, 0), 0x40020, S, 0x5dd },
	{ EDIT(r_idr[0], 0x10000, 0), 0x40050, S, 0x5 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x40064, S, 0x6b5 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x400c0, D, 0 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x400d0, D, 0 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x400d8, S, 0 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x400dc, S, 0 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x500c8, S, 0 },
	{ EDIT(r_idr[0], 0x10000, 0), 0x500cc, S, 0 },
	{ EDIT(r_idr[0], 0x400, 0), 0x40020, S, 0x5cf },
	{ EDIT(r_idr[0], 0x400, 0), 0x40024, S, 0 },
	{ EDIT(r_idr[0], 0x400, 0), 0x4002c, S, 0x7 },
	{ EDIT(r_idr[0], 0x80000000, 0), 0x40064, S, 0x4fd },
	/* R_IDR3.DPT, MEC; R_MECIDR.MECIDSIZE */
	{ EDIT(r_idr[3], 0x8000, 0), 0x40020, S, 0x1df },
	{ EDIT(r_idr[3], 0x8000, 0), 0x40064, S, 0x2fd },
	{ EDIT(r_idr[3], 0x8000, 0), 0x40200, D, 0 },
	{ EDIT(r_idr[3], 0x8000, 0), 0x40208, S, 0 },
	{ EDIT(r_idr[3], 0x10000, 0), 0x40228, S, 0 },
	{ EDIT(r_mecidr, 0xf, 0x3), 0x40228, S, 0xf },
	{ EDIT(r_mecidr, 0xf, 0), 0x40228, S, 0x1 },
	/* IDR0.VMW, BTM, ATSRECERR, ST_LEVEL and Hyp, which a Realm interface does not ask */
	{ EDIT(idr[0], 0x20000, 0), 0x20, S, 0x5df },
	{ EDIT(idr[0], 0x20000, 0), 0x8020, S, 0x22d },
	{ EDIT(idr[0], 0x20000, 0), 0x40020, S, 0x41f },
	{ EDIT(idr[0], 0x20, 0), 0x802c, S, 0x3 },
	{ EDIT(idr[0], 0x20, 0), 0x4002c, S, 0xb },
	{ EDIT(idr[0], 0x800000, 0), 0x4002c, S, 0x7 },
	{ EDIT(idr[0], 0x18000000, 0), 0x8088, S, 0x3f },
	{ EDIT(idr[0], 0x18000000, 0), 0x40088, S, 0x3f },
	{ EDIT(idr[0], 0x200, 0), 0x2c, S, 0xe },
	{ EDIT(idr[0], 0x200, 0), 0x802c, S, 0x7 },
	/* IDR1.TABLES_PRESET, QUEUES_PRESET */
	{ EDIT(idr[1], 0, 0x40000000), 0x8080, D, 0 },
	{ EDIT(idr[1], 0, 0x40000000), 0x8088, S, 0 },
	{ EDIT(idr[1], 0, 0x40000000), 0x40080, D, 0 },
	{ EDIT(idr[1], 0, 0x40000000), 0x40088, S, 0 },
	{ EDIT(idr[1], 0, 0x20000000), 0x8090, D, 0 },
	{ EDIT(idr[1], 0, 0x20000000), 0x80a0, D, 0 },
	{ EDIT(idr[1], 0, 0x20000000), 0x40090, D, 0 },
	{ EDIT(idr[1], 0, 0x20000000), 0x400a0, D, 0 },
	{ EDIT(idr[1], 0, 0x20000000), 0x400c0, D, 0 },
	/* IDR3.MPAM, DPT, which is not Realm's, and S2PI; MPAMIDR: PARTIDs up to 0x40, PMGs up to 5
	 */
	{ EDIT(idr[3], 0x80, 0), 0x138, S, 0 },
	{ EDIT(idr[3], 0x80, 0), 0x13c, S, 0 },
	{ EDIT(idr[3], 0x80, 0), 0x8138, S, 0 },
	{ EDIT(idr[3], 0x80, 0), 0x813c, S, 0 },
	{ EDIT(idr[3], 0x80, 0), 0x40138, S, 0 },
	{ EDIT(idr[3], 0x8000, 0), 0x200, D, 0 },
	{ EDIT(idr[3], 0x8000, 0), 0x208, S, 0 },
	{ EDIT(idr[3], 0x8000, 0), 0x40200, D, 0x40fffffffffff000 },
	{ EDIT(idr[3], 0x80000, 0), 0x30, D, 0 },
	{ EDIT(idr[3], 0x80000, 0), 0x8030, D, 0 },
	{ EDIT(idr[3], 0x80000, 0), 0x40030, D, 0 },
	{ EDIT(s_mpamidr, ALL, 0x00050040), 0x8138, S, 0x0007007f },
	{ EDIT(r_mpamidr, ALL, 0x00050040), 0x40138, S, 0x0007007f },
	{ EDIT(s_mpamidr, ALL, 0), 0x813c, S, 0 },
	/* IDR5.OAS: 44 bits */
	{ EDIT(idr[5], 0x7, 0x4), 0x8068, D, 0x00000ffffffffffc },
	{ EDIT(idr[5], 0x7, 0x4), 0x8080, D, 0x40000fffffffffc0 },
	{ EDIT(idr[5], 0x7, 0x4), 0x8090, D, 0x40000fffffffffff },
	{ EDIT(idr[5], 0x7, 0x4), 0x400b0, D, 0x80000ffffffffffc },
	{ EDIT(idr[5], 0x7, 0x4), 0x40080, D, 0x40000fffffffffc0 },
	{ EDIT(idr[5], 0x7, 0x4), 0x400c0, D, 0x40000fffffffffff },
	{ EDIT(idr[5], 0x7, 0x4), 0x40200, D, 0x40000ffffffff000 },
};

START_TEST(a_bank_stores_what_its_id_registers_say)
{
	struct smmu3_config config = profile_config("max-realm");

	apply(&config, &lacks[_i].edit, 1);
	struct device d = device_of(config);
	root_put(&d, lacks[_i].offset, lacks[_i].size, UINT64_MAX);
	ck_assert_uint_eq(root_get(&d, lacks[_i].offset, lacks[_i].size), lacks[_i].stored);
}
END_TEST

/* CR-002, CR-003, CR-004, IRC-001: SIF and NSSTALLD are acknowledged; ATSCHK is 1 whatever is
 * written */
START_TEST(enables_of_a_bank_are_acknowledged_at_once)
{
	static const struct {
		uint64_t offset;
		uint32_t written, seen;
	} rows[] = {
		{ 0x8020, 0x1, 0x1 },     { 0x8020, 0x3ed, 0x3ed },  { 0x8020, 0x220, 0x220 },
		{ 0x8020, 0x412, 0 },     { 0x8050, 0x5, 0x5 },      { 0x8050, 0x2, 0 },
		{ 0x40020, 0, 0x10 },     { 0x40020, 0xf, 0x1f },    { 0x40020, 0x400, 0x410 },
		{ 0x40020, 0x220, 0x10 }, { 0x40020, 0x1c0, 0x1d0 }, { 0x40050, 0x7, 0x7 },
		{ 0x40050, 0, 0 },
	};
	struct device d = device();

	for (int i = 0; i < COUNT(rows); i++) {
		root_put(&d, rows[i].offset, 4, rows[i].written);
		ck_assert_uint_eq(root_get(&d, rows[i].offset, 4), rows[i].seen);
		ck_assert_uint_eq(root_get(&d, rows[i].offset + 4, 4), rows[i].seen);
	}
}
END_TEST

/* A register keeps its value while the enable of its own bank is 1.  REG-015, REG-016, CR-027,
 * IRC-005, STR-002, Q-010, CMDQ-002, EVTQ-001, PRIQ-002, RLM-009 */
static const struct {
	uint64_t enable;
	uint32_t bit;
	uint64_t offset;
	unsigned size;
	uint64_t a, b;
} guards[] = {
	{ 0x8020, 0x1, 0x802c, S, 0x6, 0x1 },
	{ 0x8020, 0x1, 0x8080, D, 0x4000000048596000, 0x1000 },
	{ 0x8020, 0x1, 0x8088, S, 0x10210, 0x8 },
	{ 0x8020, 0x8, 0x8090, D, 0x400000005b700013, 0x20 },
	{ 0x8020, 0x8, 0x809c, S, 0x1, 0 },
	{ 0x8020, 0x4, 0x80a0, D, 0x400000005b800013, 0x20 },
	{ 0x8020, 0x4, 0x80a8, S, 0x80000001, 0x1 },
	{ 0x8050, 0x1, 0x8068, D, 0x12345678, 0x1234 },
	{ 0x8050, 0x1, 0x8070, S, 0x12345678, 0x1234 },
	{ 0x8050, 0x1, 0x8074, S, 0x1f, 0x20 },
	{ 0x8050, 0x4, 0x80b0, D, 0x12345678, 0x1234 },
	{ 0x8050, 0x4, 0x80b8, S, 0x12345678, 0x1234 },
	{ 0x8050, 0x4, 0x80bc, S, 0x1f, 0x20 },
	{ 0x40020, 0x1, 0x4002c, S, 0x6, 0x9 },
	{ 0x40020, 0x1, 0x40080, D, 0x4000000048596000, 0x1000 },
	{ 0x40020, 0x1, 0x40088, S, 0x10210, 0x8 },
	{ 0x40020, 0x8, 0x40090, D, 0x400000005b700013, 0x20 },
	{ 0x40020, 0x8, 0x4009c, S, 0x1, 0 },
	{ 0x40020, 0x4, 0x400a0, D, 0x400000005b800013, 0x20 },
	{ 0x40020, 0x4, 0x500a8, S, 0x80000001, 0x1 },
	{ 0x40020, 0x2, 0x400c0, D, 0x400000005b800013, 0x20 },
	{ 0x40020, 0x2, 0x500c8, S, 0x80000001, 0x1 },
	{ 0x40020, 0x400, 0x40200, D, 0x4000000048596000, 0x1000 },
	{ 0x40020, 0x400, 0x40208, S, 0x00608002, 0x5 },
	{ 0x40050, 0x1, 0x40068, D, 0x8000000012345678, 0x1234 },
	{ 0x40050, 0x1, 0x40070, S, 0x12345678, 0x1234 },
	{ 0x40050, 0x1, 0x40074, S, 0x1f, 0x20 },
	{ 0x40050, 0x4, 0x400b0, D, 0x8000000012345678, 0x1234 },
	{ 0x40050, 0x2, 0x400d0, D, 0x8000000012345678, 0x1234 },
	{ 0x40050, 0x2, 0x400d8, S, 0x12345678, 0x1234 },
	{ 0x40050, 0x2, 0x400dc, S, 0x8000001f, 0x20 },
	{ 0x20, 0x400, 0x200, D, 0x4000000048596000, 0x1000 },
	{ 0x20, 0x400, 0x208, S, 0x00608002, 0x5 },
};

/* The enable at the same place of another bank. */
static uint64_t other(uint64_t enable)
{
	return (enable & 0xff) + (enable < SECURE ? REALM : enable < REALM ? NONSECURE : SECURE);
}

START_TEST(an_enable_guards_the_registers_of_its_own_bank)
{
	const uint64_t offset = guards[_i].offset;
	const unsigned size = guards[_i].size;
	struct device d = device();

	root_put(&d, other(guards[_i].enable), 4, ALL);
	root_put(&d, offset, size, guards[_i].a);
	ck_assert_uint_eq(root_get(&d, offset, size), guards[_i].a);
	root_put(&d, guards[_i].enable, 4, guards[_i].bit);
	root_put(&d, offset, size, guards[_i].b);
	ck_assert_uint_eq(root_get(&d, offset, size), guards[_i].a);
	root_put(&d, guards[_i].enable, 4, ~guards[_i].bit);
	root_put(&d, offset, size, guards[_i].b);
	ck_assert_uint_eq(root_get(&d, offset, size), guards[_i].b);
}
END_TEST

/* CR-024, RLM-009: PRIQEN guards queue attributes where there is a PRI queue, and the MECID never;
 * interrupt enables guard neither */
START_TEST(attributes_and_mecid_have_guards_of_their_own)
{
	static const struct {
		uint64_t enable;
		uint32_t bits;
		uint64_t offset;
		uint32_t stored;
	} rows[] = {
		{ 0x8020, 0x1, 0x8028, 0x03f },    { 0x8020, 0x2, 0x8028, 0xfff },
		{ 0x8020, 0x4, 0x8028, 0xfc0 },    { 0x8020, 0x8, 0x8028, 0xfc0 },
		{ 0x8020, 0x3e0, 0x8028, 0xfff },  { 0x40020, 0x1, 0x40028, 0x03f },
		{ 0x40020, 0x2, 0x40028, 0xfc0 },  { 0x40020, 0x4, 0x40028, 0xfc0 },
		{ 0x40020, 0x8, 0x40028, 0xfc0 },  { 0x40020, 0x400, 0x40028, 0xfff },
		{ 0x40020, 0x1, 0x40228, 0 },      { 0x40020, 0x4, 0x40228, 0 },
		{ 0x40020, 0x8, 0x40228, 0 },      { 0x40020, 0x402, 0x40228, 0xffff },
		{ 0x40050, 0x7, 0x40228, 0xffff },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct device d = device();

		root_put(&d, rows[i].enable, 4, rows[i].bits);
		root_put(&d, rows[i].offset, 4, ALL);
		ck_assert_uint_eq(root_get(&d, rows[i].offset, 4), rows[i].stored);
	}
}
END_TEST

/* GBP-002, GBP-003: what counts is written with Update, which reads 0.  6.3.63, 6.3.88, 6.3.89,
 * 6.3.156 */
START_TEST(a_register_with_update_ignores_a_write_without_it)
{
	static const uint64_t offsets[] = { 0x138, 0x13c, 0x8044, 0x8138, 0x813c, 0x40138 };

	for (int i = 0; i < COUNT(offsets); i++) {
		struct device d = device();

		root_put(&d, offsets[i], 4, 0x80010013);
		ck_assert_uint_eq(root_get(&d, offsets[i], 4), 0x00010013);
		root_put(&d, offsets[i], 4, 0x0000000f);
		ck_assert_uint_eq(root_get(&d, offsets[i], 4), 0x00010013);
		root_put(&d, offsets[i], 4, 0x8000000f);
		ck_assert_uint_eq(root_get(&d, offsets[i], 4), 0x0000000f);
	}
}
END_TEST

/* GBP-008: nothing makes a disabled Realm interface pass traffic */
START_TEST(realm_gbpa_stays_abort)
{
	struct device d = device();

	root_put(&d, 0x40044, 4, 0x80000000);
	ck_assert_uint_eq(root_get(&d, 0x40044, 4), 0x00100000);
}
END_TEST

/* IDR1 has the longest queues of every bank */
START_TEST(indexes_of_a_bank_have_the_bits_of_its_queues)
{
	static const struct {
		uint64_t base, index;
		uint32_t short_queue, longest;
	} rows[] = {
		{ 0x8090, 0x809c, 0xf, 0x1ff },
		{ 0x80a0, 0x80a8, 0x8000000f, 0x800003ff },
		{ 0x40090, 0x4009c, 0xf, 0x1ff },
		{ 0x400a0, 0x500a8, 0x8000000f, 0x800003ff },
		{ 0x400c0, 0x500c8, 0x8000000f, 0x800007ff },
	};
	struct smmu3_config config = profile_config("max-realm");

	config.idr[1] = 0x81095020; /* CMDQS 8, EVENTQS 9, PRIQS 10 */
	for (int i = 0; i < COUNT(rows); i++) {
		struct device d = device_of(config);

		root_put(&d, rows[i].base, 8, 3);
		root_put(&d, rows[i].index, 4, ALL);
		ck_assert_uint_eq(root_get(&d, rows[i].index, 4), rows[i].short_queue);
		root_put(&d, rows[i].base, 8, 31);
		root_put(&d, rows[i].index, 4, ALL);
		ck_assert_uint_eq(root_get(&d, rows[i].index, 4), rows[i].longest);
		ck_assert_uint_eq(root_get(&d, rows[i].base, 8), 31);
	}
}
END_TEST

/* REG-011: Realm Page 0 shows the queue indexes of Realm Page 1 */
START_TEST(realm_page_0_shows_the_queue_indexes_of_realm_page_1)
{
	static const uint64_t offsets[] = { 0xa8, 0xac, 0xc8, 0xcc };
	struct device d = device();

	root_put(&d, 0x400a0, 8, 7);
	root_put(&d, 0x400c0, 8, 7);
	for (int i = 0; i < COUNT(offsets); i++) {
		root_put(&d, 0x40000 + offsets[i], 4, 0x28 + (uint32_t)i);
		ck_assert_uint_eq(root_get(&d, 0x50000 + offsets[i], 4), 0x28 + (uint32_t)i);
		root_put(&d, 0x50000 + offsets[i], 4, 0x50);
		ck_assert_uint_eq(root_get(&d, 0x40000 + offsets[i], 4), 0x50);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_bank_stores_what_its_id_registers_say, 0, COUNT(lacks));
	tcase_add_test(tests, enables_of_a_bank_are_acknowledged_at_once);
	tcase_add_loop_test(tests, an_enable_guards_the_registers_of_its_own_bank, 0,
			    COUNT(guards));
	tcase_add_test(tests, attributes_and_mecid_have_guards_of_their_own);
	tcase_add_test(tests, a_register_with_update_ignores_a_write_without_it);
	tcase_add_test(tests, realm_gbpa_stays_abort);
	tcase_add_test(tests, indexes_of_a_bank_have_the_bits_of_its_queues);
	tcase_add_test(tests, realm_page_0_shows_the_queue_indexes_of_realm_page_1);
}

int main(void)
{
	return run("bank_rules", add);
}
