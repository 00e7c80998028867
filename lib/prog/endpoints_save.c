/* SPDX-License-Identifier: MIT */
/* What is due to PCIe endpoints and from them, as bytes and back. */
#include "prog/save.h"

#include "arch/pri.h"
#include "prog/fields.h"
#include "prog/refuse.h"

/* ---- ATS invalidations ---- */

/* As many tags as no SMMU gives away in its life: one that is loaded never runs out of them. */
#define LAST_TAG ((UINT64_C(1) << ATC_TAG_BITS) - 1)

/* The least tag above another; 0: there is none. */
static uint64_t tag_above(const struct atcs *atcs, uint64_t before)
{
	uint64_t least = 0;

	for (unsigned i = 0; i < ATC_MOST; i++)
		if (atcs->tag[i] > before && (!least || atcs->tag[i] < least))
			least = atcs->tag[i];
	return least;
}

static void save_atcs(const struct atcs *atcs, struct blob_out *out)
{
	blob_put(out, atcs->last, 8);
	blob_put(out, atcs->failed, 1);
	blob_put(out, atcs->live, 1);
	for (uint64_t tag = tag_above(atcs, 0); tag; tag = tag_above(atcs, tag))
		blob_put(out, tag, 8);
}

static void load_atcs(struct atcs *atcs, struct blob_in *in)
{
	uint64_t before = 0;

	atcs->last = blob_take_within(in, 8, LAST_TAG);
	atcs->failed = blob_take_flag(in);
	atcs->live = (unsigned)blob_take_within(in, 1, ATC_MOST);
	for (unsigned i = 0; i < atcs->live; i++) {
		atcs->tag[i] = blob_take_within(in, 8, atcs->last);
		in->wrong |= atcs->tag[i] <= before;
		before = atcs->tag[i];
	}
	in->wrong |= atcs->failed && !atcs->last;
}

/* ---- Answers ---- */

static void save_response(const struct work *work, struct blob_out *out)
{
	const struct smmu3_page_response *response = &work->response;

	blob_put(out, work->responding, 1);
	if (!work->responding)
		return;
	if (work->bank == BANK_S)
		blob_put(out, response->sec_sid, 1);
	blob_put(out, response->ssv, 1);
	blob_put(out, response->code, 1);
	blob_put(out, response->prgindex, 2);
	blob_put(out, response->sid, 4);
	blob_put(out, response->ssid, 4);
}

static bool is_code(uint8_t code)
{
	return code == SMMU3_PAGE_SUCCESS || code == SMMU3_PAGE_INVALID ||
	       code == SMMU3_PAGE_FAILURE;
}

static void load_response(struct work *work, const struct features *features, struct blob_in *in)
{
	struct smmu3_page_response *response = &work->response;

	work->responding = blob_take_flag(in);
	if (!work->responding)
		return;
	response->sec_sid = work->bank == BANK_S ? (uint8_t)blob_take_within(in, 1, BANK_S) :
						   (uint8_t)work->bank;
	response->ssv = (uint8_t)blob_take_within(in, 1, features->ssidsize != 0);
	response->code = (uint8_t)blob_take(in, 1);
	response->prgindex = (uint16_t)blob_take_within(in, 2, low_bits(9));
	response->sid = (uint32_t)blob_take(in, 4);
	response->ssid = (uint32_t)blob_take_within(in, 4, response->ssv ? low_bits(20) : 0);
	in->wrong |= !is_code(response->code);
}

/* ---- Page requests ---- */

static void save_pages(const struct work *work, struct blob_out *out)
{
	blob_put(out, work->command_due ? work->pages_ahead : 0, 1);
	blob_put(out, work->pages, 1);
	for (unsigned i = 0; i < work->pages; i++) {
		const struct pri *page = &work->page[(work->first_page + i) % WORK_PAGES];

		blob_put(out, page->word[0], 8);
		blob_put(out, page->word[1], 8);
	}
}

/* What an entry has of a request: nothing else, and a PASID's alone with a PASID.  8 */
static bool page_fits(const struct features *features, const struct pri *page)
{
	static const enum pri_field always[] = { PRI_STREAMID, PRI_R,        PRI_W,
						 PRI_LAST,     PRI_PRGINDEX, PRI_PAGEADDR };
	static const enum pri_field with_pasid[] = { PRI_SSV, PRI_SUBSTREAMID, PRI_PRIV, PRI_X };
	const bool pasid = features->ssidsize && pri_get(page, PRI_SSV);
	struct pri known = { { 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		pri_put(&known, always[i], pri_get(page, always[i]));
	for (size_t i = 0; pasid && i < ARRAY_SIZE(with_pasid); i++)
		pri_put(&known, with_pasid[i], pri_get(page, with_pasid[i]));
	return known.word[0] == page->word[0] && known.word[1] == page->word[1];
}

static void load_pages(struct work *work, const struct features *features, struct blob_in *in)
{
	work->pages_ahead = (unsigned)blob_take_within(in, 1, work->command_due ? WORK_PAGES : 0);
	work->pages = (unsigned)blob_take_within(in, 1, WORK_PAGES);
	in->wrong |= work->pages_ahead > work->pages;
	for (unsigned i = 0; i < work->pages; i++) {
		work->page[i].word[0] = blob_take(in, 8);
		work->page[i].word[1] = blob_take(in, 8);
		in->wrong |= !page_fits(features, &work->page[i]);
	}
}

/* ---- All of it ---- */

void endpoints_save(const struct work *work, struct blob_out *out)
{
	save_atcs(&work->atcs, out);
	save_response(work, out);
	save_pages(work, out);
}

/* Nothing is due to or from endpoints that there cannot be. */
static bool built(const struct features *features, const struct work *work)
{
	const struct features *const asked = features_of_ats(work, features);

	return ((asked->ats && !features->sams) || !work->atcs.last) &&
	       (asked->pri || !(work->pages || work->responding));
}

int endpoints_load(struct work *work, const struct features *features, struct blob_in *in,
		   struct smmu3_error *error)
{
	static const char *const names[BANKS] = { "PCIE", "SPCI", "RPCI" };

	load_atcs(&work->atcs, in);
	load_response(work, features, in);
	load_pages(work, features, in);
	if (in->wrong)
		return refuse(error, SMMU3_E_FORMAT, "", "a number of %s is out of range",
			      names[work->bank]);
	return built(features, work) ?
		       0 :
		       refuse(error, SMMU3_E_FORMAT, "6.3.1",
			      "an endpoint is waited for, or waits, that can have no ATS or no PRI");
}
