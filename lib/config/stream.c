/* SPDX-License-Identifier: MIT */
#include "config/stream.h"

#include "config/amend.h"
#include "config/fetch.h"
#include "config/structures.h"
#include "mem/guard.h"

enum { STE_LG2 = 6, L1STD_LG2 = 3, SPAN_MAX = 11 };

static struct fault fetch_fault(enum why why, uint64_t addr)
{
	struct fault fault = config_fault(F_STE_FETCH, why);

	fault.addr = addr;
	return fault;
}

/* Reads a structure of the Stream table.  libsmmu answers an address beyond OAS with F_STE_FETCH,
 * as 3.4.3 allows. */
static struct fault read_table(const struct mem_view *view, const struct features *features,
			       struct fetch *fetch, enum why aborted, uint64_t *word)
{
	const uint64_t at = fetch->read.at.addr;

	if (unlikely(at >> features->oas_bits)) {
		if (!features->out_of_bounds.ste_cut)
			return fetch_fault(WHY_STE_ADDRESS, at);
		fetch->read.at.addr &= low_bits(features->oas_bits);
	}
	return fetch_structure(view, fetch, word) ?
		       NO_FAULT :
		       fetch_fault(guarded_why(view, aborted), fetch->read.at.addr);
}

/* A level 1 descriptor, kept: one that led on, or, where everything is, any.  3.21.3, 5.1.1 */
static struct structure_name name_of_l1std(const struct features *features,
					   const struct stream_table *table, uint32_t sid)
{
	return (struct structure_name){ (uint32_t)align_down(sid, table->split), table->split,
					features->sec_sid };
}

static bool find_l1std(const struct mem_view *view, struct structure_name name, struct l1std *l1std)
{
	struct structure found;

	if (likely(!view->structures) || !structure_find_for(view, STRUCTURE_L1STD, name, &found))
		return false;
	l1std->word[0] = found.l1std;
	return true;
}

static void keep_l1std(const struct mem_view *view, struct structure_name name,
		       const struct l1std *l1std, enum why illegal)
{
	const struct structure structure = { .name = name,
					     .illegal = illegal,
					     .l1std = l1std->word[0] };

	if (unlikely(view->structures))
		structure_keep_for(view, STRUCTURE_L1STD, &structure);
}

static struct fault read_l1std(const struct mem_view *view, const struct features *features,
			       const struct stream_table *table, uint32_t sid, struct l1std *l1std)
{
	struct fetch fetch = {
		.read = { { table->base | (uint64_t)(sid >> table->split) << L1STD_LG2,
			    (enum smmu3_pas)features->sec_sid },
			  SMMU3_REASON_L1STD,
			  table->attr,
			  table->mecid,
			  table->mpam },
		.words = 1,
		.input = sid,
	};

	return read_table(view, features, &fetch, WHY_L1STD_FETCH, l1std->word);
}

/* Why a descriptor does not lead to this index.  5.1.1 */
static enum why why_not_led(const struct stream_table *table, const struct l1std *l1std,
			    uint64_t index)
{
	const unsigned span = (unsigned)l1std_get(l1std, L1STD_SPAN);

	if (span == 0 || span > SPAN_MAX || span > table->split + 1u)
		return WHY_L1STD_SPAN;
	return index >> (span - 1) ? WHY_L1STD_INDEX : WHY_NONE;
}

static struct fault locate_second_level(const struct mem_view *view,
					const struct features *features,
					const struct stream_table *table, uint32_t sid,
					uint64_t *at)
{
	const uint64_t index = sid & low_bits(table->split);
	const struct structure_name name = name_of_l1std(features, table, sid);
	struct l1std l1std;
	const bool known = find_l1std(view, name, &l1std);
	const struct fault fault = known ? NO_FAULT :
					   read_l1std(view, features, table, sid, &l1std);

	if (faulted(fault))
		return fault;
	const unsigned span = (unsigned)l1std_get(&l1std, L1STD_SPAN);
	const enum why why = why_not_led(table, &l1std, index);

	if (!known)
		keep_l1std(view, name, &l1std, why);
	if (why == WHY_L1STD_INDEX && unlikely(features->span_beyond_array))
		return stream_within_array(view, features, table, sid, &l1std, at);
	if (why != WHY_NONE)
		return config_fault(C_BAD_STREAMID, why);
	*at = align_down(l1std_address(&l1std, L1STD_L2PTR), STE_LG2 + span - 1) | index << STE_LG2;
	return NO_FAULT;
}

struct fault stream_locate(const struct mem_view *view, const struct features *features,
			   const struct stream_table *table, uint32_t sid, uint64_t *at)
{
	if ((uint64_t)sid >> table->log2size)
		return config_fault(C_BAD_STREAMID, WHY_SID_RANGE);
	if (table->two_level)
		return locate_second_level(view, features, table, sid, at);
	*at = table->base | (uint64_t)sid << STE_LG2;
	return NO_FAULT;
}

struct fault stream_read(const struct mem_view *view, const struct features *features,
			 const struct stream_table *table, uint32_t sid, uint64_t at,
			 struct ste *ste)
{
	struct fetch fetch = {
		.read = { { at, (enum smmu3_pas)features->sec_sid },
			  SMMU3_REASON_STE,
			  table->attr,
			  table->mecid,
			  table->mpam },
		.words = 8,
		.input = sid,
	};

	return read_table(view, features, &fetch, WHY_STE_FETCH, ste->word);
}

/* In the PA space of the STE, as that is read.  libsmmu labels it as that, too, in every Security
 * state; of Realm streams R_GMPAM says so.  5.6, 6.3.156 */
COLD struct fault stream_read_vms(const struct mem_view *view, const struct features *features,
				  const struct stream_table *table, const struct ste *ste,
				  struct stream *stream)
{
	const struct fetch fetch = {
		.read = { { ste_address(ste, STE_VMSPTR), (enum smmu3_pas)features->sec_sid },
			  SMMU3_REASON_VMS,
			  table->attr,
			  table->mecid,
			  table->mpam },
		.words = VMS_MAP_WORDS,
		.input = stream->sid,
	};

	if (fetch_structure(view, &fetch, stream->map.word))
		return NO_FAULT;
	struct fault fault = config_fault(F_VMS_FETCH, guarded_why(view, WHY_VMS_FETCH));

	fault.addr = fetch.read.at.addr;
	return fault;
}

static struct fault fetch_stream(const struct mem_view *view, const struct features *features,
				 const struct stream_table *table, uint32_t sid,
				 struct stream *stream)
{
	uint64_t at;
	struct ste ste;
	struct fault fault = stream_locate(view, features, table, sid, &at);

	if (faulted(fault))
		return fault;
	fault = stream_read(view, features, table, sid, at, &ste);
	if (!faulted(fault) && unlikely(features->ste_cont))
		fault = ste_mind_span(view, features, table, sid, &ste);
	if (faulted(fault))
		return fault;
	const enum why illegal = ste_still_illegal(features, &ste);

	if (illegal != WHY_NONE)
		return config_fault(C_BAD_STE, illegal);
	stream_decode(features, table->e2h, &ste, stream);
	stream->sid = sid;
	return likely(!stream->vms) ? NO_FAULT :
				      stream_read_vms(view, features, table, &ste, stream);
}

/* As fetch_stream, of what is kept first.  A StreamID beyond the table has no STE, whatever is
 * kept.  6.3.25 */
static COLD struct fault find_or_fetch(const struct mem_view *view, const struct features *features,
				       const struct stream_table *table, uint32_t sid,
				       struct stream *stream)
{
	struct structure structure;

	structure.name = (struct structure_name){ sid, 0, features->sec_sid };
	if (!((uint64_t)sid >> table->log2size) &&
	    structure_find_for(view, STRUCTURE_STREAM, structure.name, &structure)) {
		*stream = structure.stream;
		return structure.illegal ? config_fault(C_BAD_STE, structure.illegal) : NO_FAULT;
	}
	const struct fault fault = fetch_stream(view, features, table, sid, stream);

	structure.stream = *stream;
	structure.illegal = fault.event == C_BAD_STE ? fault.why : WHY_NONE;
	if (!faulted(fault) || structure.illegal)
		structure_keep_for(view, STRUCTURE_STREAM, &structure);
	return fault;
}

struct fault stream_fetch(const struct mem_view *view, const struct features *features,
			  const struct stream_table *table, uint32_t sid, struct stream *stream)
{
	const struct fault fault = likely(!view->structures) ?
					   fetch_stream(view, features, table, sid, stream) :
					   find_or_fetch(view, features, table, sid, stream);

	stream->stage2.codes.base = table->s2pii;
	return fault;
}
