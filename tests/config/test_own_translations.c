/* SPDX-License-Identifier: MIT */
/*
 * Streams, substreams, ASIDs and VMIDs keep their translations apart: the same address goes where
 * its own tables say, whatever was translated before.  Tags are chosen so that those of 8 bits
 * would meet.  5.4.1, 3.17
 *
 * Each table is one level of a 64KB granule, 25 bits of input; INPUT is in its entry 1.
 */
#include "support/conf_world.h"

#define SSV SMMU3_TXN_SSV
#define STES FREE_AREA
#define CDS(stream) (FREE_AREA + 0x10000 + 0x1000 * (uint64_t)(stream))
#define TABLE_OF(n) (FREE_AREA + 0x20000 + 0x1000 * (uint64_t)(n))
#define PAGE_OF(n) (UINT64_C(0x100000000) + ((uint64_t)(n) << 16))
#define INPUT UINT64_C(0x10128)

enum { STREAMS = 4, SUBSTREAMS = 3 };

static const uint16_t tags[] = { 0x01, 0x101, 0x8001, 0x02 };

static void put_table(struct world *w, unsigned n, uint64_t page_bits)
{
	put(w, TABLE_OF(n) + 8, PAGE_OF(n) | page_bits);
}

/* A context whose translation is the n-th. */
static void put_cd(struct world *w, uint64_t pa, unsigned n, unsigned asid)
{
	uint64_t cd[8];

	memcpy(cd, w->cd, sizeof(cd));
	change(cd, T0SZ, 39);
	change(cd, TG0, G64K);
	change(cd, ASID, asid);
	cd[1] = TABLE_OF(n);
	put_structure(w, pa, cd);
	put_table(w, n, S1_PAGE);
}

/* A stream whose CDs are at `cds` and whose own stage 2 translation is the n-th. */
static void put_ste(struct world *w, unsigned stream, uint64_t cds, unsigned n, unsigned vmid)
{
	uint64_t ste[8];

	memcpy(ste, w->ste, sizeof(ste));
	ste[0] = (ste[0] & UINT64_C(0xf80000000000000f)) | cds;
	change(ste, S2T0SZ, 39);
	change(ste, S2SL0, 0);
	change(ste, S2TG, G64K);
	change(ste, S2VMID, vmid);
	ste[3] = TABLE_OF(n);
	put_structure(w, STES + 64 * stream, ste);
}

static struct world streams(unsigned config)
{
	struct world w = world(config);

	open_world(&w);
	use_stream_table(&w, STES, 2);
	return w;
}

static void expect_page(struct world *w, unsigned stream, unsigned ssid, unsigned flags, unsigned n)
{
	w->txn.sid = stream;
	w->txn.ssid = ssid;
	expect_reaches(w, INPUT, flags, PAGE_OF(n) + 0x128);
	ck_assert_uint_eq(w->out.span, 0x10000);
}

/* SUB-21, CD-19: as long as nothing is kept, that each pair of StreamID and SubstreamID has its own
 */
START_TEST(a_context_is_that_of_its_stream_and_its_substream)
{
	struct world w = world(S1_ONLY);

	change(w.ste, S1CDMAX, 2);
	open_world(&w);
	use_stream_table(&w, STES, 2);
	for (unsigned stream = 0; stream < STREAMS; stream++) {
		put_ste(&w, stream, CDS(stream), 0, 7);
		for (unsigned ssid = 0; ssid < SUBSTREAMS; ssid++)
			put_cd(&w, CDS(stream) + 64 * ssid, SUBSTREAMS * stream + ssid,
			       tags[stream] + 0x10 * ssid);
	}
	for (unsigned turn = 0; turn < 2 * SUBSTREAMS; turn++)
		for (unsigned stream = 0; stream < STREAMS; stream++) {
			const unsigned ssid = (turn + stream) % SUBSTREAMS;

			expect_page(&w, stream, ssid, SSV, SUBSTREAMS * stream + ssid);
		}
	close_world(&w);
}
END_TEST

/* SUB-21, 5.4.1: one CD, and one table of CDs, of several streams */
START_TEST(a_cd_serves_every_stream_that_points_at_it)
{
	struct world w = world(S1_ONLY);

	change(w.ste, S1CDMAX, 2);
	change(w.ste, S1DSS, 2);
	open_world(&w);
	use_stream_table(&w, STES, 2);
	put_cd(&w, CDS(0), 0, 1);
	put_cd(&w, CDS(0) + 64, 1, 2);
	for (unsigned stream = 0; stream < STREAMS; stream++)
		put_ste(&w, stream, CDS(0), 0, 7);
	for (unsigned stream = 0; stream < STREAMS; stream++) {
		expect_page(&w, stream, 1, SSV, 1);
		expect_page(&w, stream, 1, 0, 0);
	}
	close_world(&w);
}
END_TEST

/* CD-19: with one VMID */
START_TEST(contexts_of_different_asids_translate_by_their_own_tables)
{
	struct world w = streams(S1_ONLY);

	for (unsigned stream = 0; stream < STREAMS; stream++) {
		put_ste(&w, stream, CDS(stream), 0, 7);
		put_cd(&w, CDS(stream), stream, tags[stream]);
	}
	for (unsigned turn = 0; turn < 2; turn++)
		for (unsigned stream = 0; stream < STREAMS; stream++)
			expect_page(&w, stream, 0, 0, stream);
	close_world(&w);
}
END_TEST

/* STE-29: stage 2 alone; stage 1 alone with one ASID, where S2VMID counts as well */
START_TEST(streams_of_different_vmids_translate_by_their_own_tables)
{
	const unsigned config = _i ? S1_ONLY : S2_ONLY;
	struct world w = streams(config);

	for (unsigned stream = 0; stream < STREAMS; stream++) {
		put_ste(&w, stream, CDS(stream), stream, tags[stream]);
		put_cd(&w, CDS(stream), stream, 9);
		put_table(&w, stream, config == S1_ONLY ? S1_PAGE : S2_PAGE);
	}
	for (unsigned turn = 0; turn < 2; turn++)
		for (unsigned stream = 0; stream < STREAMS; stream++)
			expect_page(&w, stream, 0, 0, stream);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_context_is_that_of_its_stream_and_its_substream);
	tcase_add_test(tests, a_cd_serves_every_stream_that_points_at_it);
	tcase_add_test(tests, contexts_of_different_asids_translate_by_their_own_tables);
	tcase_add_loop_test(tests, streams_of_different_vmids_translate_by_their_own_tables, 0, 2);
}

int main(void)
{
	return run_suite("own-translations", add);
}
