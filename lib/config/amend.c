/* SPDX-License-Identifier: MIT */
#include "config/amend.h"

#include "config/context.h"

static void put(uint64_t *word, int field, uint64_t value)
{
	uint64_t *at = &word[field_lsb(field) / 64];

	*at = (*at & ~field_mask(field)) | value << field_lsb(field) % 64;
}

/* To the nearest that is between these. */
static void put_between(uint64_t *word, int field, uint64_t least, uint64_t most)
{
	const uint64_t value = field_value(word, field);

	put(word, field, value < least ? least : value > most ? most : value);
}

/* Without small tables.  5.2, 5.4 */
enum { LEAST_TSZ = 16, MOST_TSZ = 39 };

/* false: it stays as it is. */
static bool amend_ste(const struct features *features, struct ste *ste, enum why illegal)
{
	if (!features->out_of_bounds.s2t0sz_nearest || illegal != WHY_STE_S2T0SZ)
		return false;
	put_between(ste->word, STE_S2T0SZ, 64u - features->ias_bits, MOST_TSZ);
	return true;
}

COLD enum why ste_amend(const struct features *features, struct ste *ste, enum why illegal)
{
	return amend_ste(features, ste, illegal) ? ste_illegal(features, ste) : illegal;
}

static bool amend_cd(const struct features *features, struct cd *cd, enum why illegal)
{
	if (!features->out_of_bounds.tsz_nearest ||
	    (illegal != WHY_CD_T0SZ && illegal != WHY_CD_T1SZ))
		return false;
	put_between(cd->word, illegal == WHY_CD_T0SZ ? CD_T0SZ : CD_T1SZ, LEAST_TSZ, MOST_TSZ);
	return true;
}

COLD enum why cd_amend(const struct features *features, const struct stream *stream, struct cd *cd,
		       enum why illegal)
{
	for (unsigned halves = 0; halves < 2 && amend_cd(features, cd, illegal); halves++)
		illegal = cd_illegal(features, stream, cd);
	return illegal;
}

/* ---- Spans ---- */

/* The one that shares the smallest span, and with it every larger one.  false: it cannot be had. */
static bool read_neighbour(const struct mem_view *view, const struct features *features,
			   const struct stream_table *table, uint32_t sid, struct ste *ste)
{
	uint64_t at;

	return !faulted(stream_locate(view, features, table, sid ^ 1, &at)) &&
	       !faulted(stream_read(view, features, table, sid ^ 1, at, ste));
}

static bool are_alike(const struct features *features, const struct ste *one,
		      const struct ste *other)
{
	uint64_t differ = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(one->word); i++)
		differ |= (one->word[i] ^ other->word[i]) & features->ste_compared[i];
	return !differ;
}

/* Of one that aborts nothing else counts.  5.2 */
static bool says_of_a_span(const struct ste *ste)
{
	return ste_get(ste, STE_V) && ste_get(ste, STE_CONFIG) & STE_CONFIG_PASS_BIT &&
	       ste_get(ste, STE_CONT);
}

/* Does the one at this place stand for this StreamID? */
static bool spans(const struct ste *ste, uint32_t sid, uint32_t place)
{
	return says_of_a_span(ste) && !((sid ^ place) >> ste_get(ste, STE_CONT));
}

COLD struct fault stream_within_array(const struct mem_view *view, const struct features *features,
				      const struct stream_table *table, uint32_t sid,
				      const struct l1std *l1std, uint64_t *at)
{
	const unsigned entries_lg2 = (unsigned)l1std_get(l1std, L1STD_SPAN) - 1;
	const uint32_t beyond = (uint32_t)(low_bits(table->split) & ~low_bits(entries_lg2));
	const uint32_t within = sid & ~beyond;
	struct ste ste;

	if (faulted(stream_locate(view, features, table, within, at)) ||
	    faulted(stream_read(view, features, table, within, *at, &ste)) ||
	    !spans(&ste, sid, within))
		return config_fault(C_BAD_STREAMID, WHY_L1STD_INDEX);
	return NO_FAULT;
}

COLD struct fault ste_mind_span(const struct mem_view *view, const struct features *features,
				const struct stream_table *table, uint32_t sid, struct ste *ste)
{
	struct ste neighbour;

	if (!says_of_a_span(ste) || !read_neighbour(view, features, table, sid, &neighbour) ||
	    !ste_get(&neighbour, STE_V) || are_alike(features, ste, &neighbour))
		return NO_FAULT;
	if (features->ste_cont == STE_CONT_IS_A_CONFLICT)
		return config_fault(F_CFG_CONFLICT, WHY_STE_CONT);
	*ste = neighbour;
	return NO_FAULT;
}
