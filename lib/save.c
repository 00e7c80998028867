/* SPDX-License-Identifier: MIT */
/* An SMMU's state as bytes, and back: sections in a frame.  docs/save.md has the bytes. */
#include "checking.h"
#include "counting.h"
#include "guarding.h"

#include "arch/offsets.h"
#include "prog/refuse.h"
#include "prog/save.h"

#include <inttypes.h>
#include <string.h>

enum {
	VERSION = 1,
	MAY_BE_IGNORED = 1, /* flag of a section: who does not know it goes on without */
	NAME = 4,
	CHECKSUM = 4,
	FRAME = 8 + 4 + 4 + CHECKSUM, /* magic, version, size; and the checksum */
};

static const char magic[8] = { 'S', 'M', 'M', 'U', '3', 'S', 'A', 'V' };

/* CRC-32 of IEEE 802.3: any damage within four bytes is found. */
static uint32_t checksum(const uint8_t *at, size_t bytes)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes; i++) {
		crc ^= at[i];
		for (unsigned n = 0; n < 8; n++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

/* ---- Sections ---- */

/* State that is read, until all of it is known to be good. */
struct loading {
	const struct smmu3 *smmu;
	struct prog prog[BANKS];
	struct pmcg pmcg;
	struct root root;
	struct work work[BANKS];
	struct stalls stalls; /* allocated, or zero */
	enum bank turn;
};

static void put_config(const struct smmu3 *smmu, struct blob_out *out)
{
	config_save(&smmu->config, out);
}

static int take_config(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return config_load(&loading->smmu->config, in, error);
}

static bool has_mpam(const struct smmu3 *smmu)
{
	return smmu->interface[BANK_NS].features.mpam;
}

static void put_labels(const struct smmu3 *smmu, struct blob_out *out)
{
	labels_save(&smmu->config, out);
}

static int take_labels(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return labels_load(&loading->smmu->config, in, error);
}

static bool has_monitors(const struct smmu3 *smmu)
{
	return smmu->config.pmcg_cfgr != 0;
}

static void put_monitors(const struct smmu3 *smmu, struct blob_out *out)
{
	pmcg_save(&smmu->pmcg, &smmu->config, out);
}

static int take_monitors(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return pmcg_load(&loading->pmcg, &loading->smmu->config, in, error);
}

static void put_registers(const struct smmu3 *smmu, struct blob_out *out)
{
	struct prog prog[BANKS];

	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		prog[bank] = smmu->interface[bank].prog;
	registers_save(prog, &smmu->config, out);
}

static int take_registers(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return registers_load(loading->prog, &loading->smmu->config, in, error);
}

/* Nothing is due; beside the others that are read. */
static void begin_work(struct loading *loading, enum bank bank)
{
	loading->work[bank] = (struct work){
		.bank = bank,
		.non_secure = { &loading->prog[BANK_NS],
				&loading->smmu->interface[BANK_NS].features },
		.stalls = &loading->stalls,
	};
}

static int take_work_of(struct loading *loading, enum bank bank, struct blob_in *in,
			struct smmu3_error *error)
{
	return work_load(&loading->work[bank], &loading->smmu->interface[bank].features, in, error);
}

static void put_work(const struct smmu3 *smmu, struct blob_out *out)
{
	work_save(&smmu->interface[BANK_NS].work, out);
}

static int take_work(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return take_work_of(loading, BANK_NS, in, error);
}

static bool has_secure(const struct smmu3 *smmu)
{
	return has_state(smmu, BANK_S);
}

static void put_secure_work(const struct smmu3 *smmu, struct blob_out *out)
{
	work_save(&smmu->interface[BANK_S].work, out);
}

static int take_secure_work(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return take_work_of(loading, BANK_S, in, error);
}

static void put_stalls(const struct smmu3 *smmu, struct blob_out *out)
{
	stalls_save(&smmu->stalls, out);
}

static int take_stalls(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	if (!stalls_load(&loading->stalls, loading->smmu->stalls.most, in))
		return refuse(error, SMMU3_E_MEMORY, "", "out of memory");
	return in->wrong ? refuse(error, SMMU3_E_FORMAT, "3.12.2",
				  "STAL is no table of stalled transactions") :
			   0;
}

static int take_endpoints_of(struct loading *loading, enum bank bank, struct blob_in *in,
			     struct smmu3_error *error)
{
	return endpoints_load(&loading->work[bank], &loading->smmu->interface[bank].features, in,
			      error);
}

static void put_endpoints(const struct smmu3 *smmu, struct blob_out *out)
{
	endpoints_save(&smmu->interface[BANK_NS].work, out);
}

static int take_endpoints(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return take_endpoints_of(loading, BANK_NS, in, error);
}

static void put_secure_endpoints(const struct smmu3 *smmu, struct blob_out *out)
{
	endpoints_save(&smmu->interface[BANK_S].work, out);
}

static int take_secure_endpoints(struct loading *loading, struct blob_in *in,
				 struct smmu3_error *error)
{
	return take_endpoints_of(loading, BANK_S, in, error);
}

static bool has_realm(const struct smmu3 *smmu)
{
	return has_state(smmu, BANK_R);
}

static void put_realm_work(const struct smmu3 *smmu, struct blob_out *out)
{
	work_save(&smmu->interface[BANK_R].work, out);
}

static int take_realm_work(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	return take_work_of(loading, BANK_R, in, error);
}

static void put_realm_endpoints(const struct smmu3 *smmu, struct blob_out *out)
{
	endpoints_save(&smmu->interface[BANK_R].work, out);
}

static int take_realm_endpoints(struct loading *loading, struct blob_in *in,
				struct smmu3_error *error)
{
	return take_endpoints_of(loading, BANK_R, in, error);
}

static bool takes_turns(const struct smmu3 *smmu)
{
	return has_secure(smmu) || has_realm(smmu);
}

static void put_turn(const struct smmu3 *smmu, struct blob_out *out)
{
	blob_put(out, smmu->turn, 1);
}

static int take_turn(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	loading->turn = (enum bank)blob_take_within(in, 1, BANK_R);
	return in->wrong || !has_state(loading->smmu, loading->turn) ?
		       refuse(error, SMMU3_E_FORMAT, "4.7.3",
			      "there is no queue whose turn it is") :
		       0;
}

static bool has_root(const struct smmu3 *smmu)
{
	return root_at(&smmu->config, PAGE_ROOT);
}

static void put_root(const struct smmu3 *smmu, struct blob_out *out)
{
	root_save(&smmu->root, out);
}

static int take_root(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	const struct smmu3 *smmu = loading->smmu;

	return root_load(&loading->root, &smmu->config, &smmu->interface[BANK_NS].features, in,
			 error);
}

/* All that an SMMU has stand in what is saved, once, and in this order; the SMMU's own
 * configuration first, which says how the others are meant. */
static const struct section {
	char name[NAME + 1];
	void (*put)(const struct smmu3 *smmu, struct blob_out *out);
	int (*take)(struct loading *loading, struct blob_in *in, struct smmu3_error *error);
	bool (*has)(const struct smmu3 *smmu); /* NULL: every SMMU */
} sections[] = {
	{ "CONF", put_config, take_config, NULL },
	{ "MPAM", put_labels, take_labels, has_mpam },
	{ "PMCG", put_monitors, take_monitors, has_monitors },
	{ "REGS", put_registers, take_registers, NULL },
	{ "WORK", put_work, take_work, NULL },
	{ "STAL", put_stalls, take_stalls, NULL },
	{ "PCIE", put_endpoints, take_endpoints, NULL },
	{ "SWRK", put_secure_work, take_secure_work, has_secure },
	{ "SPCI", put_secure_endpoints, take_secure_endpoints, has_secure },
	{ "RWRK", put_realm_work, take_realm_work, has_realm },
	{ "RPCI", put_realm_endpoints, take_realm_endpoints, has_realm },
	{ "TURN", put_turn, take_turn, takes_turns },
	{ "ROOT", put_root, take_root, has_root },
};

/* The first from here on that this SMMU has; past the end: none. */
static const struct section *next_of(const struct smmu3 *smmu, const struct section *section)
{
	while (section < sections + ARRAY_SIZE(sections) && section->has && !section->has(smmu))
		section++;
	return section;
}

/* ---- Saving ---- */

static void put_text(struct blob_out *out, const char *text, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		blob_put(out, (uint8_t)text[i], 1);
}

static void put_section(const struct smmu3 *smmu, const struct section *section,
			struct blob_out *out)
{
	struct blob_out counted = { 0 };

	section->put(smmu, &counted);
	put_text(out, section->name, NAME);
	blob_put(out, 0, 4);
	blob_put(out, counted.bytes, 4);
	section->put(smmu, out);
}

/* All but the checksum. */
static void put_all(const struct smmu3 *smmu, size_t bytes, struct blob_out *out)
{
	put_text(out, magic, sizeof(magic));
	blob_put(out, VERSION, 4);
	blob_put(out, bytes, 4);
	for (const struct section *section = next_of(smmu, sections);
	     section < sections + ARRAY_SIZE(sections); section = next_of(smmu, section + 1))
		put_section(smmu, section, out);
}

static int save(const struct smmu3 *smmu, void *blob, size_t *size, struct smmu3_error *error)
{
	struct blob_out out = { .at = blob, .room = blob ? *size : 0 };
	struct blob_out counted = { 0 };

	put_all(smmu, 0, &counted);
	*size = counted.bytes + CHECKSUM;
	if (blob && out.room < *size)
		return refuse(error, SMMU3_E_ARGUMENT, "",
			      "there is room for %zu bytes, but %zu are needed", out.room, *size);
	put_all(smmu, *size, &out);
	if (blob)
		blob_put(&out, checksum(blob, out.bytes), CHECKSUM);
	return refuse(error, SMMU3_OK_CODE, "", "%s", "");
}

static int refuse_inside(struct smmu3_error *error)
{
	return refuse(
		error, SMMU3_E_ARGUMENT, "",
		"the SMMU is at work: this call comes from a callback of it, or together with another");
}

/* What has been asked for is the host's, and what is late because of it is in no section. */
static int refuse_adverse(struct smmu3_error *error)
{
	return refuse(error, SMMU3_E_UNSUPPORTED, "",
		      "adversity is asked for, which is no state: smmu3_adversity_end comes first");
}

int smmu3_save(struct smmu3 *smmu, void *blob, size_t *size, struct smmu3_error *error)
{
	pthread_mutex_lock(&smmu->lock);
	const int code = smmu->draining  ? refuse_inside(error) :
			 smmu->adversity ? refuse_adverse(error) :
					   save(smmu, blob, size, error);

	pthread_mutex_unlock(&smmu->lock);
	return code;
}

/* ---- Loading ---- */

/* What stands around the sections; *in is what stands between. */
static int take_frame(struct blob_in *in, struct smmu3_error *error)
{
	const uint8_t *const blob = in->at;
	const size_t size = in->left;

	if (size < FRAME || memcmp(blob, magic, sizeof(magic)) != 0)
		return refuse(error, SMMU3_E_FORMAT, "", "this is no saved SMMU");
	in->at += sizeof(magic);
	in->left -= sizeof(magic) + CHECKSUM;
	const uint64_t version = blob_take(in, 4);
	const uint64_t whole = blob_take(in, 4);
	struct blob_in end = { .at = blob + size - CHECKSUM, .left = CHECKSUM };

	if (whole != size)
		return refuse(error, SMMU3_E_FORMAT, "",
			      "%zu bytes are here, of %" PRIu64 " that were saved", size, whole);
	if (blob_take(&end, CHECKSUM) != checksum(blob, size - CHECKSUM))
		return refuse(error, SMMU3_E_FORMAT, "",
			      "the checksum does not fit: bytes are damaged");
	return version == VERSION ? 0 :
				    refuse(error, SMMU3_E_UNSUPPORTED, "",
					   "version %" PRIu64 " was saved, and this is version %d",
					   version, VERSION);
}

struct head {
	char name[NAME + 1];
	uint64_t flags;
	struct blob_in in; /* its bytes */
};

/* The next section's head, and past it. */
static int take_head(struct blob_in *in, struct head *head, struct smmu3_error *error)
{
	*head = (struct head){ 0 };
	for (unsigned i = 0; i < NAME; i++)
		head->name[i] = (char)blob_take(in, 1);
	head->flags = blob_take(in, 4);
	const size_t bytes = (size_t)blob_take(in, 4);

	if (in->wrong || bytes > in->left)
		return refuse(error, SMMU3_E_FORMAT, "", "a section reaches past the end");
	head->in = (struct blob_in){ .at = in->at, .left = bytes };
	in->at += bytes;
	in->left -= bytes;
	return 0;
}

/* A name for people, whatever its bytes are. */
static const char *printable(struct head *head)
{
	for (unsigned i = 0; i < NAME; i++)
		if (head->name[i] < ' ' || head->name[i] > '~')
			head->name[i] = '?';
	return head->name;
}

static int take_section(struct loading *loading, const struct section *section, struct head *head,
			struct smmu3_error *error)
{
	const int code = section->take(loading, &head->in, error);

	if (code)
		return code;
	if (head->in.wrong || head->in.left)
		return refuse(error, SMMU3_E_FORMAT, "", "section %s is too %s", section->name,
			      head->in.wrong ? "short" : "long");
	return 0;
}

static bool is_section(const struct head *head, const struct section *section)
{
	return !head->flags && !memcmp(head->name, section->name, NAME);
}

/* Those of a later version may stand anywhere between, if they say that they may be ignored. */
static int take_sections(struct loading *loading, struct blob_in *in, struct smmu3_error *error)
{
	const struct section *next = sections;
	int code = 0;

	while (in->left && !code) {
		struct head head;

		code = take_head(in, &head, error);
		if (code || head.flags == MAY_BE_IGNORED)
			continue;
		if (next == sections + ARRAY_SIZE(sections) || !is_section(&head, next))
			return refuse(error, SMMU3_E_UNSUPPORTED, "",
				      "section %s is not known here, or not in its place",
				      printable(&head));
		code = take_section(loading, next, &head, error);
		next = next_of(loading->smmu, next + 1);
	}
	if (!code && next != sections + ARRAY_SIZE(sections))
		return refuse(error, SMMU3_E_FORMAT, "", "section %s is missing", next->name);
	return code;
}

static bool holds_stalls(const struct stalls *stalls)
{
	return stalls->live || stalls->resumed;
}

static bool awaits_endpoints(const struct loading *loading)
{
	unsigned live = 0;

	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		live |= loading->work[bank].atcs.live;
	return live;
}

static int judge_bank(struct loading *loading, enum bank bank, struct smmu3_error *error)
{
	return work_judge(&loading->prog[bank], &loading->work[bank],
			  &loading->smmu->interface[bank].features, error);
}

/* All sections are there: do they belong together, and here? */
static int judge(struct loading *loading, struct smmu3_error *error)
{
	if (holds_stalls(&loading->stalls) && !loading->smmu->mem.host.stall_ended)
		return refuse(error, SMMU3_E_ARGUMENT, "3.12.2",
			      "transactions are stalled, and host.stall_ended is not set");
	if (awaits_endpoints(loading) && !loading->smmu->mem.host.atc_invalidate)
		return refuse(error, SMMU3_E_ARGUMENT, "3.9.1",
			      "endpoints are to answer, and host.atc_invalidate is not set");
	int code = 0;

	for (enum bank bank = BANK_NS; bank < BANKS && !code; bank++)
		code = judge_bank(loading, bank, error);
	return code;
}

static void become_bank(struct smmu3 *smmu, const struct loading *loading, enum bank bank)
{
	struct interface *interface = &smmu->interface[bank];
	struct work before = interface->work;

	sections_end_wait(before.sections, &before.sections_awaited);
	interface->prog = loading->prog[bank];
	interface->work = loading->work[bank];
	interface->work.stalls = before.stalls;
	interface->work.sections = before.sections;
	interface->work.non_secure = before.non_secure;
	interface->work.events_lost = before.events_lost;
}

/* What was kept belongs to the state that was. */
static void become(struct smmu3 *smmu, const struct loading *loading)
{
	smmu->stalls = loading->stalls;
	smmu->pmcg = loading->pmcg;
	smmu->root = loading->root;
	smmu->turn = loading->turn;
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		become_bank(smmu, loading, bank);
	smmu_publish(smmu);
	smmu_publish_root(smmu);
	counters_choose(smmu);
	forget_what_is_kept(smmu);
	check_restart(smmu);
}

static int load(struct smmu3 *smmu, struct blob_in *in, struct smmu3_error *error)
{
	struct loading loading = { .smmu = smmu, .root = smmu->root };
	int code = take_frame(in, error);

	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		begin_work(&loading, bank);
	if (!code)
		code = take_sections(&loading, in, error);
	if (!code)
		code = judge(&loading, error);
	if (code) {
		stalls_free(&loading.stalls);
		return code;
	}
	stalls_free(&smmu->stalls);
	become(smmu, &loading);
	return refuse(error, SMMU3_OK_CODE, "", "%s", "");
}

int smmu3_load(struct smmu3 *smmu, const void *blob, size_t size, struct smmu3_error *error)
{
	struct blob_in in = { .at = blob, .left = size };
	int code;

	pthread_mutex_lock(&smmu->lock);
	if (smmu->draining)
		code = refuse_inside(error);
	else if (smmu->adversity)
		code = refuse_adverse(error);
	else if (holds_stalls(&smmu->stalls))
		code = refuse(error, SMMU3_E_ARGUMENT, "3.12.2",
			      "transactions are stalled here: smmu3_reset ends them");
	else
		code = load(smmu, &in, error);
	pthread_mutex_unlock(&smmu->lock);
	return code;
}
