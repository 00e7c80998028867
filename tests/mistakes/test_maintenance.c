/* SPDX-License-Identifier: MIT */
/* Commands that invalidate, and translations of other streams. */
#include "mistakes.h"

#include <string.h>

#define IDR3_RIL (1u << 10)

static const struct space s1 = { 2, STAGE_1, 0, 0 }, s2 = { 3, STAGE_2, 0, 0 },
			  both = { 5, BOTH_STAGES, 5, 7 };

/* ---- A block over pages ---- */

/* Block 1 of 2MB of stage 1, over 512 pages of stage 2. */
static void put_block(struct machine *m)
{
	put_space(m, &both);
	put_descriptor(m, table1(&both, 2), 1, s1_block(0) | NG);
	for (unsigned page = 0; page < 512; page++)
		put_s2(m, &both, page, s2_page(HERE + PAGE(page * 5 % 512)));
	for (unsigned page = 0; page < 512; page++)
		goes(m, read_of(5, MB2 + PAGE(page)), HERE + PAGE(page * 5 % 512));
}

/* B6: one command, by the first address of a block or by any other, removes all that was made of
 * it, however small the pages of stage 2; TG = 0 says nothing of sizes, with RIL or without.
 * TLB-28, TLB-30, TLB-38, CMD-TLBI-NH-VA, RIL-001, RIL-012; 4.4.1.1, 4.4.2.4 */
START_TEST(all_pieces_of_a_block_go_with_one_address_of_it)
{
	static const uint64_t meant[] = { 0, PAGE(5), PAGE(511) };

	for (int i = 0; i < 2 * COUNT(meant); i++) {
		struct machine *m = keeping(places_of[_i]);

		m->config.idr[3] ^= i % 2 ? IDR3_RIL : 0;
		start_machine(m);
		put_block(m);
		put_descriptor(m, table1(&both, 2), 1, 0);
		finish(m, nh_va(5, 7, MB2 + meant[i / 2], 1));
		for (unsigned page = 0; page < 512; page++)
			FAULTS(m, read_of(5, MB2 + PAGE(page)), event_of(F_TRANSLATION, 5),
			       RECORD_RNW | CLASS_IN, MB2 + PAGE(page), 0);
		close_machine(m);
	}
}
END_TEST

/* ---- Stage 2 alone ---- */

/* B16: where there is stage 2 alone, CMD_TLBI_S2_IPA is all that it needs.  TLB-23, CMD-TLBI-S2-1;
 * 4.4.3.1 */
START_TEST(a_page_of_stage_2_alone_goes_by_its_ipa)
{
	struct machine *m = keeping(places_of[_i]);

	start_machine(m);
	put_space(m, &s2);
	for (unsigned page = 1; page < 4; page++) {
		put_s2(m, &s2, page, s2_page(HERE + PAGE(page)));
		goes(m, read_of(3, PAGE(page)), HERE + PAGE(page));
	}
	put_s2(m, &s2, 2, 0);
	finish(m, s2_ipa(0, PAGE(2), 1));
	FAULTS(m, read_of(3, PAGE(2)), event_of(F_TRANSLATION, 3),
	       RECORD_RNW | RECORD_S2 | CLASS_IN, PAGE(2), PAGE(2));
	goes(m, read_of(3, PAGE(1)), HERE + PAGE(1));
	goes(m, read_of(3, PAGE(3)), HERE + PAGE(3));
	close_machine(m);
}
END_TEST

/* ---- One address in many streams ---- */

/* B19: VMID 0 and ASID 0 are numbers as others.  What a stream that bypasses does with an address
 * is nothing to streams of these, nor what one stage does to the other.  TLB-01, ORD-15, STE-12;
 * 3.17 */
START_TEST(a_bypassed_address_is_not_that_of_vmid_0_and_asid_0)
{
	static const uint32_t orders[][3] = { { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 },
					      { 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 } };
	static const uint64_t where[] = { 0, PAGE(1), HERE, THERE };

	for (int i = 0; i < COUNT(orders); i++) {
		struct machine *m = keeping(places_of[_i]);

		start_machine(m);
		put_ste(m, 1, ste_of(BYPASSES, 0));
		put_space(m, &s1);
		put_space(m, &s2);
		put_s1(m, &s1, 1, s1_page(HERE));
		put_s2(m, &s2, 1, s2_page(THERE));
		for (int turn = 0; turn < 6; turn++)
			goes(m, read_of(orders[i][turn % 3], PAGE(1)), where[orders[i][turn % 3]]);
		close_machine(m);
	}
}
END_TEST

/* ---- CMD_CFGI_STE_RANGE ---- */

/* A machine whose whole Stream table is one level 1 descriptor and one STE, wherever they are read:
 * so that there are streams of all 2^32 StreamIDs, and all change at once. */
struct streams {
	struct smmu3 *smmu;
	uint64_t commands[16];
	uint32_t prod;
	bool abort;
};

enum { QUEUE = 0x1000, LEVEL_2 = 0x100000 };

static enum smmu3_mem_result stream_read(void *context, const struct smmu3_mem_access *access,
					 void *data)
{
	const struct streams *s = context;
	const uint64_t l1std = LEVEL_2 | 11;
	const struct ste ste = ste_of(s->abort ? ABORTS : BYPASSES, 0);

	if (access->reason == SMMU3_REASON_CMDQ)
		memcpy(data, (const char *)s->commands + access->pa - QUEUE, access->bytes);
	else if (access->reason == SMMU3_REASON_L1STD)
		memcpy(data, &l1std, sizeof(l1std));
	else
		memcpy(data, &ste, access->bytes);
	return SMMU3_MEM_OK;
}

static void write_register(struct streams *s, uint64_t offset, unsigned size, uint64_t value)
{
	ck_assert_int_eq(smmu3_mmio_write(s->smmu, SMMU3_PAS_NS, offset, size, value), 0);
}

static void open_streams(struct streams *s, uint32_t places)
{
	const struct smmu3_host host = { .size = sizeof(host), .context = s, .read = stream_read };
	struct smmu3_error error;
	struct smmu3_config config;

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.1", &error), 0);
	config.idr[1] = (config.idr[1] & ~0x3fu) | 32; /* SIDSIZE */
	config.caches = (struct smmu3_caches){
		places, places, places, places, places, 0, 0, 0, 0, 0
	};
	s->smmu = smmu3_create(&config, &host, &error);
	ck_assert_msg(s->smmu != NULL, "%s", error.text);
	write_register(s, CR2, 4, 2);
	write_register(s, STRTAB_BASE, 8, UINT64_C(0x1000000000));
	write_register(s, STRTAB_BASE_CFG, 4, 1 << 16 | 10 << 6 | 32);
	write_register(s, CMDQ_BASE, 8, QUEUE | 3);
	write_register(s, CR0, 4, CMDQEN | SMMUEN);
}

static void tell(struct streams *s, struct command command)
{
	uint64_t cons;

	memcpy(&s->commands[2 * (s->prod & 7)], command.word, sizeof(command));
	s->prod = (s->prod + 1) & 15;
	write_register(s, CMDQ_PROD, 4, s->prod);
	ck_assert_int_eq(smmu3_mmio_read(s->smmu, SMMU3_PAS_NS, CMDQ_CONS, 4, &cons), 0);
	ck_assert_uint_eq(cons, s->prod);
}

static bool passes(const struct streams *s, uint64_t sid)
{
	const struct smmu3_txn txn = read_of((uint32_t)sid, PAGE(1));
	struct smmu3_outcome outcome;

	return smmu3_translate(s->smmu, &txn, &outcome) == SMMU3_OK;
}

/* StreamIDs at the ends of 2^(range + 1) from `first`, in its middle, and just outside. */
enum { PROBES = 5 };
static int probes(uint64_t first, unsigned range, uint64_t sids[PROBES])
{
	const uint64_t length = UINT64_C(2) << range;
	const uint64_t all[PROBES] = { first, first + length / 2, first + length - 1, first - 1,
				       first + length };
	int count = 0;

	for (int i = 0; i < PROBES; i++)
		if (all[i] >> 32 == 0) /* -1 is none, nor is 2^32 */
			sids[count++] = all[i];
	return count;
}

/* All streams are met, all change in memory, and the command means those from `first`: these are
 * read again, and no other where there are places to keep them. */
static void expect_range(uint32_t places, unsigned range, uint32_t named, uint64_t first)
{
	const uint64_t length = UINT64_C(2) << range;
	struct streams s = { 0 };
	uint64_t sids[PROBES];
	const int count = probes(first, range, sids);

	open_streams(&s, places);
	for (int i = 0; i < count; i++)
		ck_assert(passes(&s, sids[i]));
	s.abort = true;
	tell(&s, cfgi_ste_range(named, range));
	tell(&s, SYNC_NONE);
	for (int i = 0; i < count; i++) {
		const bool meant = sids[i] - first < length;

		if (meant || places >= PROBES)
			ck_assert_msg(passes(&s, sids[i]) == !meant, "range %u, StreamID %#llx",
				      range, (unsigned long long)sids[i]);
	}
	smmu3_destroy(s.smmu);
}

/* B17: Range = n is 2^(n + 1) StreamIDs, those that differ from the one named in bits n:0 alone; 31
 * is all there are.  CMD-CFGI-STE-RANGE, CMD-CFGI-ALL, CFG-04; 4.3.2, 4.3.6 */
START_TEST(a_range_of_streams_is_a_power_of_two_of_them_aligned)
{
	for (unsigned range = 0; range < 32; range++) {
		const uint64_t length = UINT64_C(2) << range;
		/* the second range of its size, if it is not beyond all StreamIDs; and the first */
		const uint64_t second = length >> 32 || 2 * length > UINT64_C(1) << 32 ? 0 : length;

		expect_range(places_of[_i], range, (uint32_t)(second + length / 2 - 1), second);
		expect_range(places_of[_i], range, (uint32_t)(second + length - 1), second);
		expect_range(places_of[_i], range, (uint32_t)(length - 1), 0);
		expect_range(places_of[_i], range, 0, 0);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, all_pieces_of_a_block_go_with_one_address_of_it, 0, SIZES);
	tcase_add_loop_test(tests, a_page_of_stage_2_alone_goes_by_its_ipa, 0, SIZES);
	tcase_add_loop_test(tests, a_bypassed_address_is_not_that_of_vmid_0_and_asid_0, 0, SIZES);
	tcase_add_loop_test(tests, a_range_of_streams_is_a_power_of_two_of_them_aligned, 0, SIZES);
}

int main(void)
{
	return run("mistakes_maintenance", add);
}
