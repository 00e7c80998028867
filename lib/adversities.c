/* SPDX-License-Identifier: MIT */
/* What is asked for by <smmu/adversity.h>: kept, and carried out between the rooms. */
#include "adversities.h"

#include "drain.h"
#include "guarding.h"

#include "arch/attr.h"
#include "arch/names.h"
#include "arch/offsets.h"
#include "arch/ste.h"
#include "mem/mischief.h"
#include "prog/banks.h"
#include "prog/idregs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int explain(struct smmu3_error *error, int code, const char *section, const char *format,
		   const char *what)
{
	char text[sizeof(error->text)];

	(void)snprintf(text, sizeof(text), format, what);
	smmu_explain_error(error, -code, text);
	if (error)
		(void)snprintf(error->section, sizeof(error->section), "%s", section);
	return -code;
}

static int out_of_memory(struct smmu3_error *error)
{
	return explain(error, SMMU3_E_MEMORY, "", "%s", "out of memory");
}

/* ---- Beginning ---- */

static bool keeps_nothing(const struct smmu3 *smmu)
{
	return !smmu->keeps && !smmu->config.caches.micro;
}

static void show(struct smmu3 *smmu, struct adversity *adversity)
{
	smmu->adversity = adversity;
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		smmu->interface[bank].prog.adversity = adversity;
		smmu->interface[bank].work.adversity = adversity;
		smmu->interface[bank].work.put_off = 0;
	}
}

/* It begins with nothing chosen, and nothing that waits: another thread may be at work. */
static struct adversity *begin(struct smmu3 *smmu)
{
	struct adversity *const adversity = calloc(1, sizeof(*adversity));

	if (!adversity)
		return NULL;
	adversity->pace.update = USUAL_UPDATE;
	adversity->before_3_2 = smmu->interface[BANK_NS].features.minor < 2;
	adversity->keeps_nothing = keeps_nothing(smmu);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		adversity->bank[bank].prog = &smmu->interface[bank].prog;
	show(smmu, adversity);
	return adversity;
}

/* Under the lock, or where nothing else runs. */
static struct adversity *begun(struct smmu3 *smmu)
{
	return smmu->adversity ? smmu->adversity : begin(smmu);
}

/* ---- Choices ---- */

const struct smmu3_choice *smmu3_choice(size_t index)
{
	return index < CHOICES ? &choice_rows[index].choice : NULL;
}

unsigned smmu3_adversity_chosen(const struct smmu3 *smmu, size_t index)
{
	return smmu->adversity && index < CHOICES ? smmu->adversity->chosen[index] : AS_LIBSMMU;
}

static bool is_chosen(const struct smmu3 *smmu, enum choice choice)
{
	return smmu3_adversity_chosen(smmu, choice) != AS_LIBSMMU;
}

static const uint64_t *minded(const char *layout, bool res0, bool impdef, uint64_t mask[8])
{
	memset(mask, 0, 8 * sizeof(mask[0]));
	if (res0)
		bits_without_name(layout_named(layout), "RES0", mask);
	if (impdef)
		bits_without_name(layout_named(layout), "IMPDEF", mask);
	return res0 || impdef ? mask : NULL;
}

/* Fields that are defined, but CONT itself and what is software's.  5.2 */
static const uint64_t *compared(uint64_t mask[8])
{
	(void)minded("STE", true, true, mask);
	for (unsigned i = 0; i < 8; i++)
		mask[i] = ~mask[i];
	mask[field_lsb(STE_CONT) / 64] &= ~(field_mask(STE_CONT) | field_mask(STE_SW_RESERVED));
	return mask;
}

static struct out_of_bounds bounds_by_choice(const struct smmu3 *smmu)
{
	return (struct out_of_bounds){
		.ste_cut = is_chosen(smmu, CHOICE_STE_ADDRESS_BEYOND_OAS),
		.s1contextptr_cut = is_chosen(smmu, CHOICE_S1CONTEXTPTR_BEYOND_OAS),
		.l2ptr_cut = is_chosen(smmu, CHOICE_L2PTR_BEYOND_OAS),
		.s1contextptr_minded = is_chosen(smmu, CHOICE_S1CONTEXTPTR_BEYOND_IAS),
		.l2ptr_minded = is_chosen(smmu, CHOICE_L2PTR_BEYOND_IAS),
		.s2t0sz_nearest = is_chosen(smmu, CHOICE_S2T0SZ_RANGE),
		.tsz_nearest = is_chosen(smmu, CHOICE_CD_TSZ_RANGE),
	};
}

/* By alternatives, of which the first is 0.  D8.6.2, D8.6.5 to D8.6.7 */
static struct reserved_values reserved_by_choice(const struct smmu3 *smmu)
{
	static const uint8_t sh[] = { 0, SMMU3_OSH, SMMU3_ISH };
	static const uint8_t memattr[] = { 0, MEMATTR_NORMAL_NC, MEMATTR_NORMAL_WB };
	static const uint8_t fwb[] = { 0, MEMATTR_FWB_WB, MEMATTR_FWB_S1 };
	struct reserved_values values = {
		.s1_sh = sh[smmu3_adversity_chosen(smmu, CHOICE_S1_SH_RESERVED)],
		.s2_sh = sh[smmu3_adversity_chosen(smmu, CHOICE_S2_SH_RESERVED)],
		.memattr = memattr[smmu3_adversity_chosen(smmu, CHOICE_S2_MEMATTR_RESERVED)],
		.memattr_fwb = fwb[smmu3_adversity_chosen(smmu, CHOICE_S2_MEMATTR_RESERVED_FWB)],
	};

	values.any = values.s1_sh || values.s2_sh || values.memattr || values.memattr_fwb;
	return values;
}

static struct features features_by_choice(struct smmu3 *smmu, enum bank bank)
{
	struct features features = features_from(&smmu->config, bank);

	features.ste_minded = minded("STE", is_chosen(smmu, CHOICE_STE_RESERVED_BITS),
				     is_chosen(smmu, CHOICE_STE_IMPDEF_FIELDS), smmu->ste_minded);
	features.cd_minded = minded("CD", is_chosen(smmu, CHOICE_CD_RESERVED_BITS), false,
				    smmu->cd_minded);
	features.out_of_bounds = bounds_by_choice(smmu);
	features.eats_s2s_minded = is_chosen(smmu, CHOICE_EATS_S2S_WITHOUT_STAGE_2);
	features.ste_cont = (uint8_t)smmu3_adversity_chosen(smmu, CHOICE_STE_CONT_MISMATCH);
	features.ste_compared = compared(smmu->ste_compared);
	features.command_bits_minded = is_chosen(smmu, CHOICE_COMMAND_RESERVED_BITS);
	features.atc_size_minded = is_chosen(smmu, CHOICE_ATC_SIZE);
	features.atc_ssv_void = is_chosen(smmu, CHOICE_ATC_SSV_WITHOUT_SUBSTREAMS);
	features.pri_ssv_void = is_chosen(smmu, CHOICE_PRI_RESP_SSV_WITHOUT_SUBSTREAMS);
	features.span_beyond_array = is_chosen(smmu, CHOICE_STE_CONT_BEYOND_ARRAY);
	features.s1contextptr_joined = is_chosen(smmu, CHOICE_S1CONTEXTPTR_LOW_BITS);
	features.alloccfg_wants_mtcfg = is_chosen(smmu, CHOICE_ALLOCCFG_WITHOUT_MTCFG);
	features.reserved = reserved_by_choice(smmu);
	features.refused_accessed = is_chosen(smmu, CHOICE_UPDATE_OF_WHAT_IS_REFUSED);
	features.unread_dirty = is_chosen(smmu, CHOICE_UPDATE_BY_UNREADABLE_ATOMICS);
	features.gpt_first = is_chosen(smmu, CHOICE_GPT_KEPT_OVERLAP);
	features.out_of_range = (uint8_t)smmu3_adversity_chosen(smmu, CHOICE_COMMAND_OUT_OF_RANGE);
	features.hints_told = is_chosen(smmu, CHOICE_HINTS_STOPPED_BY_PROTECTION);
	features.requests_unchecked = is_chosen(smmu, CHOICE_GPC_ATS_REQUEST);
	features.no_cmd_sync_wire |= is_chosen(smmu, CHOICE_CMD_SYNC_WIRE);
	return features;
}

/* What has been chosen is seen by everybody; nothing else runs.  What is kept was judged by what
 * was chosen before. */
static void apply(struct smmu3 *smmu)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		struct interface *const interface = &smmu->interface[bank];

		interface->features = features_by_choice(smmu, bank);
		interface->without_stalls = features_without_stalls(&interface->features);
		prog_limit(&interface->prog, &smmu->config);
	}
	tlb_tell_conflicts(&smmu->tlb, is_chosen(smmu, CHOICE_TLB_CONFLICT),
			   smmu->interface[BANK_NS].features.bbml);
	forget_what_is_kept(smmu);
	smmu_publish(smmu);
	smmu_publish_root(smmu);
}

int smmu3_adversity_choose(struct smmu3 *smmu, const char *name, const char *alternative,
			   struct smmu3_error *error)
{
	const enum choice choice = choice_named(name);

	if (choice == CHOICES)
		return explain(error, SMMU3_E_NOT_FOUND, "", "there is no choice '%.80s'", name);
	const struct choice_row *const row = &choice_rows[choice];
	const int chosen = alternative_named(choice, alternative);

	if (chosen < 0)
		return explain(error, SMMU3_E_NOT_FOUND, row->choice.section,
			       "the choice has no alternative '%.80s'", alternative);
	if (chosen && !choice_possible(choice, (unsigned)chosen, &smmu->config))
		return explain(error, SMMU3_E_INCONSISTENT, row->choice.section,
			       "there is nothing to choose: %s", row->why);
	struct adversity *const adversity = begun(smmu);

	if (!adversity)
		return out_of_memory(error);
	adversity->chosen[choice] = (uint8_t)chosen;
	apply(smmu);
	smmu_explain_error(error, 0, "");
	return 0;
}

int smmu3_adversity_seed(struct smmu3 *smmu, uint64_t seed)
{
	struct adversity *const adversity = begun(smmu);

	if (!adversity)
		return -SMMU3_E_MEMORY;
	adversity->seed = seed;
	for (enum choice choice = 0; choice < CHOICES; choice++) {
		const unsigned chosen = choice_by_seed(choice, seed);

		if (choice_possible(choice, chosen, &smmu->config))
			adversity->chosen[choice] = (uint8_t)chosen;
	}
	apply(smmu);
	return 0;
}

size_t smmu3_adversity_text(const struct smmu3 *smmu, char *text, size_t size)
{
	size_t length = 0;

	if (size)
		*text = '\0';
	for (enum choice choice = 0; choice < CHOICES; choice++) {
		const struct smmu3_choice *const row = &choice_rows[choice].choice;
		const unsigned chosen = smmu3_adversity_chosen(smmu, choice);

		if (!chosen)
			continue;
		const int n = snprintf(length < size ? text + length : NULL,
				       length < size ? size - length : 0, "%s%s=%s",
				       length ? " " : "", row->name, row->alternative[chosen]);

		length += n > 0 ? (size_t)n : 0;
	}
	return length;
}

/* ---- Memory ---- */

int smmu3_adversity_memory(struct smmu3 *smmu, const struct smmu3_mem_rule *rule,
			   struct smmu3_error *error)
{
	if (!mischief_legal(rule))
		return explain(error, SMMU3_E_ARGUMENT, "", "%s",
			       "a member of the rule is out of its domain");
	/* What is known of ways to tables is in windows, of which there are none then. */
	journal_change(&smmu->journal);
	if (!begun(smmu) || (!smmu->mem.mischief && !mischief_begin(&smmu->mem)))
		return out_of_memory(error);
	if (!mischief_add(smmu->mem.mischief, rule))
		return explain(error, SMMU3_E_LIMIT, "", "%s", "there are as many rules as may be");
	smmu_explain_error(error, 0, "");
	return 0;
}

uint64_t smmu3_adversity_met(const struct smmu3 *smmu, size_t rule)
{
	return smmu->mem.mischief ? mischief_met(smmu->mem.mischief, rule) : 0;
}

/* ---- Queues and time ---- */

static bool has_queue(const struct smmu3 *smmu, enum smmu3_filled queue, unsigned sec_sid)
{
	return has_state(smmu, sec_sid) && queue <= SMMU3_FILLED_PRIQ &&
	       (queue == SMMU3_FILLED_EVENTQ || smmu->interface[sec_sid].features.pri);
}

static int fill(struct smmu3 *smmu, enum smmu3_filled queue, enum smmu3_pas sec_sid,
		uint32_t records)
{
	struct adversity *const adversity = begun(smmu);

	if (!adversity)
		return -SMMU3_E_MEMORY;
	struct adverse_bank *const bank = &adversity->bank[sec_sid];

	*(queue == SMMU3_FILLED_EVENTQ ? &bank->events_full : &bank->pages_full) = records;
	return 0;
}

int smmu3_adversity_fill(struct smmu3 *smmu, enum smmu3_filled queue, enum smmu3_pas sec_sid,
			 uint32_t records)
{
	if (!has_queue(smmu, queue, sec_sid))
		return -SMMU3_E_ARGUMENT;
	pthread_mutex_lock(&smmu->lock);
	const int code = fill(smmu, queue, sec_sid, records);

	pthread_mutex_unlock(&smmu->lock);
	return code;
}

int smmu3_adversity_pace(struct smmu3 *smmu, const struct smmu3_pace *pace)
{
	pthread_mutex_lock(&smmu->lock);
	struct adversity *const adversity = begun(smmu);

	if (adversity)
		adversity->pace = *pace;
	pthread_mutex_unlock(&smmu->lock);
	return adversity ? 0 : -SMMU3_E_MEMORY;
}

/* Writes that are late and whose time is over take effect.  Under the lock. */
static void do_late(struct smmu3 *smmu, enum bank bank)
{
	struct interface *const interface = &smmu->interface[bank];

	for (enum late_register which = 0; which < LATE_REGISTERS; which++) {
		if (!adverse_due(&interface->prog, which))
			continue;
		const bool was_enabled = smmu_begin_change(smmu, bank);

		adverse_do(&interface->prog, which);
		work_registers_written(&interface->prog, &interface->work);
		smmu_end_change(smmu, bank, was_enabled);
	}
}

static void do_all_late(struct smmu3 *smmu)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		if (smmu->interface[bank].present)
			do_late(smmu, bank);
}

void smmu3_adversity_release(struct smmu3 *smmu)
{
	pthread_mutex_lock(&smmu->lock);
	if (smmu->adversity) {
		adverse_release(smmu->adversity);
		do_all_late(smmu);
	}
	smmu_drain_unlock(smmu);
}

/* Of 8 bytes that are two registers. */
static unsigned pair_choice(const struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset,
			    unsigned size)
{
	const struct place at = bank_at(&smmu->config, from, offset);

	return size == 8 && prog_is_pair(at.offset) ? CHOSEN(smmu, REGISTER_ACCESS_PAIR) :
						      AS_LIBSMMU;
}

/* A gap of Page 1 may be the same place of Page 0.  6.2 */
static uint64_t redirected(const struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset)
{
	const struct place at = bank_at(&smmu->config, from, offset);
	const bool gap = at.offset - PAGE_1 < PAGE_BYTES && !prog_is_register(at.offset);

	return gap && CHOSEN(smmu, PAGE_1_GAPS) ? offset - PAGE_1 : offset;
}

enum arrival smmu_arrive(struct smmu3 *smmu, enum smmu3_pas from, uint64_t *offset, unsigned *size)
{
	*offset = redirected(smmu, from, *offset);
	const unsigned pair = pair_choice(smmu, from, *offset, *size);

	do_all_late(smmu);
	adverse_tick(smmu->adversity);
	smmu_drain_unlock(smmu);
	pthread_mutex_lock(&smmu->lock);
	if (pair == PAIR_ONE)
		*size = 4;
	return pair == PAIR_ABORT  ? ARRIVAL_ABORTS :
	       pair == PAIR_RAZ_WI ? ARRIVAL_RAZ_WI :
				     ARRIVAL_USUAL;
}

/* ---- The end ---- */

void smmu3_adversity_end(struct smmu3 *smmu)
{
	struct adversity *const adversity = smmu->adversity;

	if (!adversity)
		return;
	adversity->pace = (struct smmu3_pace){ .update = 0 };
	smmu3_adversity_release(smmu);
	journal_change(&smmu->journal);
	mischief_end(&smmu->mem);
	show(smmu, NULL);
	free(adversity);
	apply(smmu);
}
