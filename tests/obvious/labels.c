/* SPDX-License-Identifier: MIT */
/* Labels of MPAM, and the Virtual Machine Structure that some are read from: 5.2 (S1MPAM, PARTID,
 * PMG, MPAM_NS, VMSPtr), 5.4 (PARTID, PMG), 5.6, 6.3.41 to 6.3.43, chapter 17. */
#include "obvious_state.h"

/* IDR3.MPAM */
static bool has_labels(const struct obvious *o)
{
	return bit(o->machine->idr3, 7);
}

/* MPAMIDR, S_MPAMIDR or R_MPAMIDR of the stream's own state; HAS_MPAM_NS is of the last two. */
static uint32_t own_ids(const struct obvious *o)
{
	return o->secure ? o->machine->s_mpamidr :
	       o->realm  ? o->machine->r_mpamidr :
			   o->machine->mpamidr;
}

/* Does an MPAM_NS of 1 have another space?  17.7 */
static bool leaves_space(const struct obvious *o, bool mpam_ns)
{
	return (o->secure || o->realm) && bit(own_ids(o), 25) && mpam_ns;
}

static unsigned partid_max(const struct obvious *o, bool mpam_ns)
{
	return (unsigned)bits(leaves_space(o, mpam_ns) ? o->machine->mpamidr : own_ids(o), 15, 0);
}

static unsigned pmg_max(const struct obvious *o, bool mpam_ns)
{
	return (unsigned)bits(leaves_space(o, mpam_ns) ? o->machine->mpamidr : own_ids(o), 23, 16);
}

/* Above the maximum the architecture has an UNKNOWN ID; it is taken to be 0, each for itself. */
static struct smmu3_mpam label(const struct obvious *o, unsigned partid, unsigned pmg, bool mpam_ns)
{
	if (!has_labels(o))
		return (struct smmu3_mpam){ 0 };
	return (struct smmu3_mpam){
		.partid = partid > partid_max(o, mpam_ns) ? 0 : (uint16_t)partid,
		.pmg = pmg > pmg_max(o, mpam_ns) ? 0 : (uint8_t)pmg,
		.space = leaves_space(o, mpam_ns) ? SMMU3_PAS_NS : (uint8_t)obvious_own_space(o),
	};
}

/* SO_PARTID, SO_PMG and MPAM_NS, or GBP_PARTID and so on. */
static struct smmu3_mpam label_of_register(const struct obvious *o, uint32_t value)
{
	return label(o, (unsigned)bits(value, 15, 0), (unsigned)bits(value, 23, 16),
		     bit(value, 24));
}

static bool ste_mpam_ns(const struct obvious *o)
{
	return bit(o->stream.word[5], 8);
}

static struct smmu3_mpam label_of_ste(const struct obvious *o)
{
	return label(o, (unsigned)bits(o->stream.word[4], 31, 16),
		     (unsigned)bits(o->stream.word[5], 7, 0), ste_mpam_ns(o));
}

static void note(struct obvious *o, enum obvious_labelled by, unsigned partid, unsigned pmg,
		 bool mpam_ns)
{
	struct obvious_notes *notes = &o->answer->notes;

	notes->labelled = (uint8_t)by;
	notes->label_left = leaves_space(o, mpam_ns);
	notes->label_large = partid > partid_max(o, mpam_ns) || pmg > pmg_max(o, mpam_ns);
}

/* 17.2, 17.3: what passes by all streams. */
void obvious_label_by_register(struct obvious *o)
{
	const uint32_t value = o->machine->gbpmpam;

	o->client = label_of_register(o, value);
	if (has_labels(o))
		note(o, OBVIOUS_BY_GBPMPAM, (unsigned)bits(value, 15, 0),
		     (unsigned)bits(value, 23, 16), bit(value, 24));
}

void obvious_label_by_stream(struct obvious *o)
{
	o->client = label_of_ste(o);
	if (has_labels(o))
		note(o, OBVIOUS_BY_STE, (unsigned)bits(o->stream.word[4], 31, 16),
		     (unsigned)bits(o->stream.word[5], 7, 0), ste_mpam_ns(o));
}

/* The VMS has 32 PARTIDs of 16 bits, four in a word. */
static unsigned mapped(const struct obvious *o, unsigned partid)
{
	const unsigned n = partid & 31, lsb = 16 * (n & 3);

	return (unsigned)bits(o->stream.vms[n >> 2], lsb + 15, lsb);
}

/* S1MPAM: where stage 1 translates, or a CD is looked at for it, the CD labels; over stage 2 its
 * PARTID is virtual.  17.2, 17.3 */
void obvious_label_by_context(struct obvious *o)
{
	const uint64_t word = o->context.word[5];
	const unsigned written = (unsigned)bits(word, 47, 32), pmg = (unsigned)bits(word, 55, 48);
	const bool is_virtual = obvious_has_vms(o, &o->stream);
	unsigned partid = written;

	if (!has_labels(o) || !bit(o->stream.word[1], 26))
		return;
	if (is_virtual)
		partid = mapped(o, written);
	o->client = label(o, partid, pmg, ste_mpam_ns(o));
	note(o, is_virtual ? OBVIOUS_BY_VMS : OBVIOUS_BY_CD, partid, pmg, ste_mpam_ns(o));
}

/* 17.4; of granule protection tables, those of what they are asked for. */
struct smmu3_mpam obvious_label_of(const struct obvious *o, unsigned reason)
{
	switch (reason) {
	case SMMU3_REASON_L1STD:
	case SMMU3_REASON_STE:
	case SMMU3_REASON_VMS:
		return label_of_register(o, o->machine->gmpam);
	case SMMU3_REASON_L1CD:
	case SMMU3_REASON_CD:
	case SMMU3_REASON_S2_TTD:
		return label_of_ste(o);
	default: /* stage 1's tables, and the output */
		return o->client;
	}
}

/* ---- The Virtual Machine Structure, 5.6 ---- */

/* In a space without PARTIDs there is nothing to map to.  5.2 VMSPtr */
bool obvious_has_vms(const struct obvious *o, const struct stream *stream)
{
	return has_labels(o) && stream->config == 7 && bit(stream->word[1], 26) &&
	       partid_max(o, bit(stream->word[5], 8)) != 0;
}

uint64_t obvious_vms_address(const struct stream *stream)
{
	return in_place(stream->word[5], 55, 12);
}
