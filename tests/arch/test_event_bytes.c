/* SPDX-License-Identifier: MIT */
/* Event records, byte by byte.  Values are binary in the comments unless they begin with 0x. */
#include "arch/event.h"
#include "golden.h"
#include "support/suite.h"
#include <check.h>
#include <stdlib.h>

/* EVT-001, EVT-002, EVT-003, EVT-005: capture linux-6.1-virt-strict */
START_TEST(f_translation_of_a_linux_device)
{
	static const uint8_t bytes[] = {
		/* event number 0x10, StreamID 0x80 << 32 */
		0x10, 0x00, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00,
		/* bits 127:96: RnW 1 << 3, CLASS 10 << 8: 0x208 */
		0x00, 0x00, 0x00, 0x00, 0x08, 0x02, 0x00, 0x00,
		/* InputAddr 0x2345000 */
		0x00, 0x50, 0x34, 0x02, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("F_TRANSLATION", bytes, { "event_number", 0x10 }, { "StreamID", 0x80 },
	       { "RnW", 1 }, { "CLASS", 2 }, { "InputAddr", 0x2345000 });
} END_TEST

/* EVT-001, EVT-002, EVT-003, EVT-005, EVT-006 */
START_TEST(f_permission_full_of_values)
{
	static const uint8_t bytes[] = {
		/* event number 0x13, SSV 1 << 11, SubstreamID 0x89abc << 12, StreamID 0xdeadbeef
		 * << 32 */
		0x13, 0xc8, 0xab, 0x89, 0xef, 0xbe, 0xad, 0xde,
		/* STAG 0x7531, Stall 1 << 31; bits 127:96: PnU 1 << 1, InD 0, RnW 1 << 3, NSIPA
		 * 1 << 6, S2 1 << 7, CLASS 01 << 8, DirtyBit 1 << 10, AssuredOnly 0, TTRnW 1 <<
		 * 12, Overlay 1 << 13: 0x35ca; 0x4242 << 16 is implementation defined */
		0x31, 0x75, 0x00, 0x80, 0xca, 0x35, 0x42, 0x42,
		/* InputAddr */
		0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12, 0x00, 0xff,
		/* IPA in place */
		0x00, 0x40, 0x23, 0x01, 0xef, 0xcd, 0xab, 0x00,
	};

	GOLDEN("F_PERMISSION", bytes, { "event_number", 0x13 }, { "SSV", 1 },
	       { "SubstreamID", 0x89abc }, { "StreamID", 0xdeadbeef }, { "STAG", 0x7531 },
	       { "Stall", 1 }, { "PnU", 1 }, { "RnW", 1 }, { "NSIPA", 1 }, { "S2", 1 },
	       { "CLASS", 1 }, { "DirtyBit", 1 }, { "TTRnW", 1 }, { "Overlay", 1 },
	       { "IMPDEF", 0x4242 }, { "InputAddr", 0xff00123456789abc },
	       { "IPA", 0xabcdef01234000 });
} END_TEST

/* EVT-001, EVT-002, EVT-003, EVT-005 */
START_TEST(f_walk_eabt)
{
	static const uint8_t bytes[] = {
		/* event number 0x0b, StreamID 1 << 32 */
		0x0b, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
		/* Reason 0x4242, GPCF 1 << 16; bits 127:96: InD 1 << 2, RnW 1 << 3, CLASS 01 <<
		 * 8: 0x10c */
		0x42, 0x42, 0x01, 0x00, 0x0c, 0x01, 0x00, 0x00,
		/* InputAddr */
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
		/* FetchAddr in place, down to bit 3 */
		0xd8, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12, 0x00,
	};

	GOLDEN("F_WALK_EABT", bytes, { "event_number", 0xb }, { "StreamID", 1 },
	       { "Reason", 0x4242 }, { "GPCF", 1 }, { "InD", 1 }, { "RnW", 1 }, { "CLASS", 1 },
	       { "InputAddr", 0x1122334455667788 }, { "FetchAddr", 0x123456789abcd8 });
} END_TEST

/* EVT-03 */
START_TEST(f_ste_fetch)
{
	static const uint8_t bytes[] = {
		/* event number 0x03, SSV 1 << 11, SubstreamID 3 << 12, StreamID 0x20 << 32 */
		0x03, 0x38, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00,
		/* Reason 0x1ff, GPCF 1 << 16 */
		0xff, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* FetchAddr in place */
		0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
	};

	GOLDEN("F_STE_FETCH", bytes, { "event_number", 3 }, { "SSV", 1 }, { "SubstreamID", 3 },
	       { "StreamID", 0x20 }, { "Reason", 0x1ff }, { "GPCF", 1 },
	       { "FetchAddr", 0xfffffffffff8 });
} END_TEST

/* EVT-02 */
START_TEST(c_bad_streamid)
{
	static const uint8_t bytes[] = {
		/* event number 0x02, bits 10:8 zero, SSV 1 << 11, SubstreamID and StreamID all
		 * ones */
		0x02, 0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("C_BAD_STREAMID", bytes, { "event_number", 2 }, { "SSV", 1 },
	       { "SubstreamID", 0xfffff }, { "StreamID", 0xffffffff });
} END_TEST

/* EVT-06: no SubstreamID */
START_TEST(f_stream_disabled)
{
	static const uint8_t bytes[] = {
		/* event number 0x06, StreamID 0x1234 << 32 */
		0x06, 0x00, 0x00, 0x00, 0x34, 0x12, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("F_STREAM_DISABLED", bytes, { "event_number", 6 }, { "StreamID", 0x1234 });
} END_TEST

/* EVT-001: no SSV */
START_TEST(c_bad_substreamid)
{
	static const uint8_t bytes[] = {
		/* event number 0x08, SubstreamID 0xfedcb << 12, StreamID 0x10 << 32 */
		0x08, 0xb0, 0xdc, 0xfe, 0x10, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("C_BAD_SUBSTREAMID", bytes, { "event_number", 8 }, { "SubstreamID", 0xfedcb },
	       { "StreamID", 0x10 });
} END_TEST

/* EVT-07 */
START_TEST(f_transl_forbidden)
{
	static const uint8_t bytes[] = {
		/* event number 0x07, StreamID 0x10 << 32 */
		0x07, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
		/* RnW 1 << 35 */
		0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
		/* InputAddr */
		0xef, 0xcd, 0xab, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("F_TRANSL_FORBIDDEN", bytes, { "event_number", 7 }, { "StreamID", 0x10 },
	       { "RnW", 1 }, { "InputAddr", 0xabcdef });
} END_TEST

/* EVT-05 */
START_TEST(f_bad_ats_treq)
{
	static const uint8_t bytes[] = {
		/* event number 0x05, SSV 1 << 11, SubstreamID 1 << 12, StreamID 2 << 32 */
		0x05, 0x18, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
		/* Span 1011; bits 31:28: R 1, W 0, X 1, Priv 0: 1010 << 28 */
		0x0b, 0x00, 0x00, 0xa0, 0x00, 0x00, 0x00, 0x00,
		/* InputAddr 0xfedcba9876543000 in place, down to bit 12 */
		0x00, 0x30, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("F_BAD_ATS_TREQ", bytes, { "event_number", 5 }, { "SSV", 1 },
	       { "SubstreamID", 1 }, { "StreamID", 2 }, { "Span", 0xb }, { "X", 1 }, { "R", 1 },
	       { "InputAddr", 0xfedcba9876543000 });
} END_TEST

/* EVT-001 */
START_TEST(f_tlb_conflict)
{
	static const uint8_t bytes[] = {
		/* event number 0x20, StreamID 3 << 32 */
		0x20, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00,
		/* Reason 0xdeadbeef; bits 127:96: InD 1 << 2, S2 1 << 7, CLASS 10 << 8: 0x284 */
		0xef, 0xbe, 0xad, 0xde, 0x84, 0x02, 0x00, 0x00,
		/* InputAddr */
		0x00, 0x50, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* IPA in place */
		0x00, 0x60, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("F_TLB_CONFLICT", bytes, { "event_number", 0x20 }, { "StreamID", 3 },
	       { "Reason", 0xdeadbeef }, { "InD", 1 }, { "S2", 1 }, { "CLASS", 2 },
	       { "InputAddr", 0x5000 }, { "IPA", 0x6000 });
} END_TEST

/* EVT-001 */
START_TEST(e_page_request)
{
	static const uint8_t bytes[] = {
		/* event number 0x24, StreamID 4 << 32 */
		0x24, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,
		/* bits 127:96: uX 1 << 1, uW 0, uR 1 << 3, pX 1 << 5, pW 0, pR 1 << 7: 0xaa;
		 * Span 0xc3 << 12 */
		0x00, 0x00, 0x00, 0x00, 0xaa, 0x30, 0x0c, 0x00,
		/* InputAddr in place, down to bit 12 */
		0x00, 0xf0, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("E_PAGE_REQUEST", bytes, { "event_number", 0x24 }, { "StreamID", 4 }, { "uX", 1 },
	       { "uR", 1 }, { "pX", 1 }, { "pR", 1 }, { "Span", 0xc3 },
	       { "InputAddr", 0x7ffffffff000 });
} END_TEST

/* EVT-001, EVT-003, EVT-009: F_PERMISSION, stage 2, of a stage 1 descriptor, as above less what
 * THE and indirection add */
START_TEST(a_record_is_put_together_field_by_field)
{
	struct smmu3_event event = { { 0 } };

	event_put(&event, EVENT_NUMBER, F_PERMISSION);
	event_put(&event, EVENT_SSV, 1);
	event_put(&event, EVENT_SUBSTREAMID, 0x89abc);
	event_put(&event, EVENT_STREAMID, 0xdeadbeef);
	event_put(&event, EVENT_PNU, 1);
	event_put(&event, EVENT_RNW, 1);
	event_put(&event, EVENT_S2, 1);
	event_put(&event, EVENT_CLASS, SMMU3_CLASS_TT);
	event_put(&event, EVENT_TTRNW, 1);
	event_put(&event, EVENT_INPUTADDR, 0xff00123456789abc);
	event_put_address(&event, EVENT_IPA, 0x00abcdef01234568);

	ck_assert_uint_eq(event.word[0], 0xdeadbeef89abc813);
	/* PnU 1 << 1, RnW 1 << 3, S2 1 << 7, CLASS 01 << 8, TTRnW 1 << 12: 0x118a */
	ck_assert_uint_eq(event.word[1], 0x0000118a00000000);
	ck_assert_uint_eq(event.word[2], 0xff00123456789abc);
	ck_assert_uint_eq(event.word[3], 0x00abcdef01234000);
	ck_assert_uint_eq(event_get(&event, EVENT_SUBSTREAMID), 0x89abc);
	ck_assert_uint_eq(event_address(&event, EVENT_IPA), 0x00abcdef01234000);
} END_TEST

START_TEST(what_does_not_fit_a_field_is_dropped)
{
	struct smmu3_event event = { { 0 } };

	event_put(&event, EVENT_SUBSTREAMID, UINT64_MAX);
	event_put(&event, EVENT_CLASS, 0x12);
	event_put_address(&event, EVENT_FETCHADDR, UINT64_MAX);
	ck_assert_uint_eq(event.word[0], 0x00000000fffff000);
	ck_assert_uint_eq(event.word[1], 0x0000020000000000);
	ck_assert_uint_eq(event.word[3], 0x00fffffffffffff8);
	event_put(&event, EVENT_SUBSTREAMID, 0);
	ck_assert_uint_eq(event.word[0], 0);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("event bytes");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, f_translation_of_a_linux_device);
	tcase_add_test(tcase, f_permission_full_of_values);
	tcase_add_test(tcase, f_walk_eabt);
	tcase_add_test(tcase, f_ste_fetch);
	tcase_add_test(tcase, c_bad_streamid);
	tcase_add_test(tcase, f_stream_disabled);
	tcase_add_test(tcase, c_bad_substreamid);
	tcase_add_test(tcase, f_transl_forbidden);
	tcase_add_test(tcase, f_bad_ats_treq);
	tcase_add_test(tcase, f_tlb_conflict);
	tcase_add_test(tcase, e_page_request);
	tcase_add_test(tcase, a_record_is_put_together_field_by_field);
	tcase_add_test(tcase, what_does_not_fit_a_field_is_dropped);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
