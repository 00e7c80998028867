/* SPDX-License-Identifier: MIT */
/* Stream tables, STEs, CD tables and CDs; and an SMMU that is not enabled. */
#include "mistakes.h"

#include <string.h>

#define L1STDS_AT (RAM_AT + 0x180000)
#define TWO_LEVEL(split, log2size) (1u << 16 | (uint32_t)(split) << 6 | (uint32_t)(log2size))

static const struct space one = { 1, STAGE_1, 3, 5 };

/* A 2-level Stream table, not enabled. */
static struct machine *two_level(int size, unsigned split, unsigned log2size)
{
	struct machine *m = keeping(places_of[size]);

	open_machine(m);
	set_reg64(m, STRTAB_BASE, L1STDS_AT);
	set_reg(m, STRTAB_BASE_CFG, TWO_LEVEL(split, log2size));
	return m;
}

static void enable(struct machine *m)
{
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

static void put_bypass(struct machine *m, uint64_t at)
{
	const struct ste ste = ste_of(BYPASSES, 0);

	memcpy(ram_at(m, at), ste.word, sizeof(ste.word));
}

static void passes(struct machine *m, uint32_t sid)
{
	goes(m, read_of(sid, PAGE(3)), PAGE(3));
}

/* ---- Level 1 descriptors ---- */

static void is_no_stream(struct machine *m, uint32_t sid, bool recorded)
{
	if (recorded)
		FAULTS(m, read_of(sid, PAGE(3)), event_of(C_BAD_STREAMID, sid), 0, 0, 0);
	else
		ends_silently(m, read_of(sid, PAGE(3)));
}

/* B7: Span = n is 2^(n - 1) STEs, of which the last is one and the next is none; 0 and what is
 * reserved are no STE at all.  C_BAD_STREAMID is recorded with CR2.RECINVSID alone, the abort is
 * the same. L1STD-02 to L1STD-04, CR-029, EVT-02; 5.1, 7.3.3 */
START_TEST(a_span_of_n_is_two_to_the_n_minus_one_streams)
{
	for (int recorded = 0; recorded < 2; recorded++) {
		struct machine *m = two_level(_i, 10, 11);

		set_reg(m, CR2, recorded ? 2 : 0);
		enable(m);
		for (unsigned i = 0; i < 1024; i++)
			put_bypass(m, L2_STREAMS_AT + 64 * (uint64_t)i);
		for (unsigned span = 0; span < 32; span++) {
			const uint32_t count = span > 0 && span < 12 ? 1u << (span - 1) : 0;

			*ram_at(m, L1STDS_AT) = L2_STREAMS_AT | span;
			finish(m, CFGI_ALL);
			if (count > 0) {
				passes(m, 0);
				passes(m, count - 1);
			}
			is_no_stream(m, count, recorded); /* at 2^10 the next L1STD's: Span 0 */
		}
		close_machine(m);
	}
}
END_TEST

/* B8: SPLIT is 6, 8 or 10, and what is reserved is as 6.  Of all STEs one is legal: the one that
 * StreamID means.  ST-07, ST-08; 6.3.25 */
START_TEST(a_reserved_split_is_as_6)
{
	static const struct {
		unsigned split, bits;
	} rows[] = { { 6, 6 }, { 8, 8 }, { 10, 10 }, { 7, 6 },  { 31, 6 },
		     { 0, 6 }, { 9, 6 }, { 11, 6 },  { 16, 6 }, { 5, 6 } };

	for (int i = 0; i < COUNT(rows); i++) {
		const uint32_t each = 1u << rows[i].bits;
		const uint32_t sids[] = { 0, each - 1, each, 3 * each + 5 };

		for (int j = 0; j < COUNT(sids); j++) {
			struct machine *m = two_level(_i, rows[i].split, 12);

			for (uint32_t n = 0; n < 4096 / each; n++)
				*ram_at(m,
					L1STDS_AT +
						8 * (uint64_t)n) = (L2_STREAMS_AT +
								    0x10000 * (uint64_t)(n % 4)) |
								   (rows[i].bits + 1);
			put_bypass(m, L2_STREAMS_AT + 0x10000 * (uint64_t)(sids[j] / each) +
					      64 * (uint64_t)(sids[j] % each));
			enable(m);
			passes(m, sids[j]);
			FAULTS(m, read_of(sids[j] ^ 1, PAGE(3)), event_of(C_BAD_STE, sids[j] ^ 1),
			       0, 0, 0);
			close_machine(m);
		}
	}
}
END_TEST

/* B9: a Stream table of two levels is followed by a linear one, with SMMUEN = 0 between them.
 * ST-05, ST-06; 6.3.25 */
START_TEST(a_linear_table_may_follow_one_of_two_levels)
{
	struct machine *m = two_level(_i, 6, 8);

	*ram_at(m, L1STDS_AT + 8) = L2_STREAMS_AT | 7;
	put_bypass(m, L2_STREAMS_AT + 64 * 5);
	put_ste(m, 3, ste_of(BYPASSES, 0));
	put_space(m, &one);
	put_s1(m, &one, 1, s1_page(HERE));
	enable(m);
	passes(m, 69);
	is_no_stream(m, 3, true); /* no descriptor for 0 to 63 */
	update(m, CR0, CMDQEN | EVENTQEN);
	set_reg64(m, STRTAB_BASE, STREAMS_AT);
	set_reg(m, STRTAB_BASE_CFG, 3);
	finish(m, CFGI_ALL);
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	passes(m, 3);
	goes(m, read_of(1, PAGE(1)), HERE);
	is_no_stream(m, 69, true);
	close_machine(m);
}
END_TEST

/* ---- What is ILLEGAL, and what is not ---- */

/* Both stages, 44 bits, no substreams, no VMSAv8-32 LPAE: IDR0.TTF = 0b10. */
static struct machine *of_44_bits(int size)
{
	struct machine *m = machine("linux-capture");

	keep_at_most(m, places_of[size]);
	start_machine(m);
	return m;
}

/* B13: S2AA64 = 0 asks for a format that IDR0.TTF does not have.  STE-34, STE-62; 5.2.2 */
START_TEST(a_stage_2_of_vmsav8_32_is_illegal_where_there_is_none)
{
	static const struct space s2 = { 2, STAGE_2, 4, 0 };
	struct machine *m = of_44_bits(_i);
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * 2);

	put_space(m, &s2);
	put_s2(m, &s2, 1, s2_page(HERE));
	ste[2] &= ~(UINT64_C(1) << 51);
	FAULTS(m, read_of(2, PAGE(1)), event_of(C_BAD_STE, 2), 0, 0, 0);
	ste[2] |= UINT64_C(1) << 51;
	finish(m, cfgi_ste(2, 1));
	goes(m, read_of(2, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* B13: where SSIDSIZE = 0, S1CDMax, S1Fmt and S1DSS are not looked at, and there is one CD. SUB-01;
 * 5.2 */
START_TEST(fields_of_substreams_are_ignored_where_there_are_none)
{
	struct machine *m = of_44_bits(_i);

	put_space(m, &one);
	put_s1(m, &one, 1, s1_page(HERE));
	*ram_at(m, STREAMS_AT + 64) |= STE0_S1CDMAX(31) | 3 << 4;
	*ram_at(m, STREAMS_AT + 64 + 8) |= STE1_S1DSS(3);
	goes(m, read_of(1, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* B13: an IPS beyond OAS is OAS: the CD is legal, an output of 44 bits too, one of 45 is not.
 * CD-13, CD-14, ADR-12; 5.4 */
START_TEST(an_output_size_beyond_oas_is_oas)
{
	const uint64_t below = UINT64_C(1) << 43, beyond = UINT64_C(1) << 44;

	for (uint64_t ips = 5; ips < 8; ips++) {
		struct machine *m = of_44_bits(_i);
		uint64_t *cd = ram_at(m, cd_at(&one, 0));

		put_space(m, &one);
		cd[0] = (cd[0] & ~CD0_IPS(7)) | CD0_IPS(ips);
		put_s1(m, &one, 1, s1_page(below));
		put_s1(m, &one, 2, s1_page(beyond));
		goes(m, read_of(1, PAGE(1)), below);
		FAULTS(m, read_of(1, PAGE(2)), event_of(F_ADDR_SIZE, 1), RECORD_RNW | CLASS_IN,
		       PAGE(2), 0);
		close_machine(m);
	}
}
END_TEST

/* ---- CD tables of two levels ---- */

#define L1CDS_AT (RAM_AT + 0x400000)
#define LEAVES_AT (RAM_AT + 0x480000) /* aligned to 64KB */
#define OUTPUTS_AT (RAM_AT + 0x800000)

/* The table of a CD is one block of 2MB that goes to the place of its number: 25 bits, level 2. */
static void put_numbered_cd(struct machine *m, uint64_t at, uint32_t ssid)
{
	struct cd cd = cd_of(OUTPUTS_AT + 128 * (uint64_t)ssid);

	cd.word[0] = (cd.word[0] & ~(UINT64_C(0x3f) | CD0_ASID(0xffff))) | 39 | CD0_ASID(ssid);
	put_cd(m, at, cd);
	put_descriptor(m, OUTPUTS_AT + 128 * (uint64_t)ssid, 0, s1_block(ssid * MB2) | NG);
}

static const struct {
	uint64_t s1fmt;
	unsigned leaf_lg2; /* CDs of a leaf */
	unsigned cdmax;
	uint64_t ignored; /* bits of an L1CD that are no address */
} formats[] = {
	{ 1, 6, 8, 0xffe },
	{ 2, 10, 12, 0xfffe },
};

/* B23: a leaf of 4KB has 2^6 CDs and one of 64KB 2^10, which the other bits of the SubstreamID
 * choose from; V and what is reserved in an L1CD are no part of the leaf's address.  SUB-10 to
 * SUB-12; 5.2, 5.3 */
START_TEST(a_substream_finds_its_cd_in_a_leaf_of_its_size)
{
	const int row = _i / SIZES;
	const uint32_t each = 1u << formats[row].leaf_lg2;
	struct machine *m = keeping(places_of[_i % SIZES]);
	struct ste ste = ste_of(STAGE_1, L1CDS_AT);
	struct smmu3_txn txn = read_of(1, 0x120);

	ste.word[0] |= formats[row].s1fmt << 4 | STE0_S1CDMAX(formats[row].cdmax);
	ste.word[1] |= STE1_S1DSS(1);
	start_machine(m);
	put_ste(m, 1, ste);
	for (uint32_t ssid = 0; ssid < 4 * each; ssid++) {
		/* leaves in another order than their numbers */
		const uint64_t leaf = LEAVES_AT + 64 * (uint64_t)each * (3 - ssid / each);

		*ram_at(m, L1CDS_AT + 8 * (uint64_t)(ssid / each)) = leaf | formats[row].ignored |
								     1;
		put_numbered_cd(m, leaf + 64 * (uint64_t)(ssid % each), ssid);
	}
	txn.flags = SMMU3_TXN_SSV;
	for (txn.ssid = 0; txn.ssid < 4 * each; txn.ssid++)
		goes(m, txn, txn.ssid * MB2 + 0x120);
	FAULTS(m, txn, event_of(0x08, 1) | txn.ssid << 12, 0, 0, 0); /* C_BAD_SUBSTREAMID */
	close_machine(m);
}
END_TEST

/* ---- Beyond the output size ---- */

/* B21: disabled, GBPA decides: all aborts, or passes as it is, or is aborted where it would not
 * fit; nothing of it is recorded.  ADR-02, GBP-004, RST-006; 3.4, 6.3.14 */
START_TEST(a_disabled_smmu_passes_what_fits_or_aborts_and_records_nothing)
{
	const uint64_t last = (UINT64_C(1) << 44) - 4, beyond = UINT64_C(1) << 44;
	struct machine *m = machine("linux-capture");

	keep_at_most(m, places_of[_i]);
	open_machine(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, GBPA, 1u << 31 | 1u << 12 | 1u << 20); /* Update, SHCFG incoming, ABORT */
	ends_silently(m, read_of(1, PAGE(1)));
	ends_silently(m, write_of(1, PAGE(1)));
	ends_silently(m, read_of(1, beyond));
	set_reg(m, GBPA, 1u << 31 | 1u << 12);
	goes(m, read_of(1, PAGE(1)), PAGE(1));
	goes(m, write_of(UINT32_MAX, last), last);
	ends_silently(m, read_of(1, beyond));
	ends_silently(m, write_of(1, UINT64_MAX - 3));
	close_machine(m);
}
END_TEST

/* B22: a stream that bypasses has its address judged like any other: F_ADDR_SIZE, of stage 1.
 * ADR-03, FLT-11, EVT-13; 3.4, 7.3.14 */
START_TEST(a_bypassed_address_that_does_not_fit_is_recorded)
{
	const uint64_t last = (UINT64_C(1) << 44) - 4, beyond = UINT64_C(1) << 44;
	struct machine *m = of_44_bits(_i);

	put_ste(m, 1, ste_of(BYPASSES, 0));
	goes(m, read_of(1, last), last);
	FAULTS(m, read_of(1, beyond), event_of(F_ADDR_SIZE, 1), RECORD_RNW | CLASS_IN, beyond, 0);
	FAULTS(m, write_of(1, beyond | PAGE(1)), event_of(F_ADDR_SIZE, 1), CLASS_IN,
	       beyond | PAGE(1), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_span_of_n_is_two_to_the_n_minus_one_streams, 0, SIZES);
	tcase_add_loop_test(tests, a_reserved_split_is_as_6, 0, SIZES);
	tcase_add_loop_test(tests, a_linear_table_may_follow_one_of_two_levels, 0, SIZES);
	tcase_add_loop_test(tests, a_stage_2_of_vmsav8_32_is_illegal_where_there_is_none, 0, SIZES);
	tcase_add_loop_test(tests, fields_of_substreams_are_ignored_where_there_are_none, 0, SIZES);
	tcase_add_loop_test(tests, an_output_size_beyond_oas_is_oas, 0, SIZES);
	tcase_add_loop_test(tests, a_substream_finds_its_cd_in_a_leaf_of_its_size, 0,
			    SIZES * COUNT(formats));
	tcase_add_loop_test(tests, a_disabled_smmu_passes_what_fits_or_aborts_and_records_nothing,
			    0, SIZES);
	tcase_add_loop_test(tests, a_bypassed_address_that_does_not_fit_is_recorded, 0, SIZES);
}

int main(void)
{
	return run("mistakes_structures", add);
}
