/* SPDX-License-Identifier: MIT */
/* Event records, 7.3: four words, numbers here, little-endian in the queue.  What a record does
 * not have is zero. */
#ifndef SMMU_ARCH_EVENT_H
#define SMMU_ARCH_EVENT_H

#include "arch/field.h"
#include <smmu/smmu.h>
#include <stdbool.h>

enum {
	EVENT_BYTES = 32,
};

enum event_number {
	EVENT_NONE = 0,
	F_UUT = 0x01,              /* unsupported upstream transaction.  7.3.2 */
	C_BAD_STREAMID = 0x02,     /* StreamID out of range, or without an STE.  7.3.3 */
	F_STE_FETCH = 0x03,        /* external abort on an STE or L1STD.  7.3.4 */
	C_BAD_STE = 0x04,          /* STE invalid or ILLEGAL.  7.3.5 */
	F_BAD_ATS_TREQ = 0x05,     /* ATS translation request not allowed.  7.3.6 */
	F_STREAM_DISABLED = 0x06, /* no SubstreamID, or 0 where S1DSS took it.  7.3.7 */
	F_TRANSL_FORBIDDEN = 0x07, /* ATS translated access not allowed.  7.3.8 */
	C_BAD_SUBSTREAMID = 0x08,  /* SubstreamID out of range, or without a CD.  7.3.9 */
	F_CD_FETCH = 0x09,         /* external abort on a CD or L1CD.  7.3.10 */
	C_BAD_CD = 0x0a,           /* CD invalid or ILLEGAL.  7.3.11 */
	F_WALK_EABT = 0x0b,        /* external abort on a translation table descriptor.  7.3.12 */
	F_TRANSLATION = 0x10,      /* 7.3.13 */
	F_ADDR_SIZE = 0x11,        /* 7.3.14 */
	F_ACCESS = 0x12,           /* Access flag.  7.3.15 */
	F_PERMISSION = 0x13,       /* 7.3.16 */
	F_TLB_CONFLICT = 0x20,     /* 7.3.17 */
	F_CFG_CONFLICT = 0x21,     /* 7.3.18 */
	E_PAGE_REQUEST = 0x24,     /* speculative page request.  7.3.19 */
	F_VMS_FETCH = 0x25,        /* external abort on a VMS.  7.3.20 */
	EVENT_IMPDEF_FIRST = 0xe0, /* implementation defined.  7.3.21 */
	EVENT_IMPDEF_LAST = 0xef,
};

/* Those of accesses in general, which address translation operations may come to, too: not what
 * ATS, page requests or an unknown class alone are recorded for. */
static inline bool event_is_of_access(unsigned number)
{
	static const bool are[] = {
		[C_BAD_STREAMID] = true,    [F_STE_FETCH] = true,       [C_BAD_STE] = true,
		[F_STREAM_DISABLED] = true, [C_BAD_SUBSTREAMID] = true, [F_CD_FETCH] = true,
		[C_BAD_CD] = true,          [F_WALK_EABT] = true,       [F_TRANSLATION] = true,
		[F_ADDR_SIZE] = true,       [F_ACCESS] = true,          [F_PERMISSION] = true,
		[F_TLB_CONFLICT] = true,    [F_CFG_CONFLICT] = true,    [F_VMS_FETCH] = true,
	};

	return number < ARRAY_SIZE(are) && are[number];
}

/* Not every record has every field; the layouts of names_event.c say which.  7.3 */
enum event_field {
	EVENT_NUMBER = FIELD(7, 0),            /* enum event_number */
	EVENT_SSV = BIT_FIELD(11),             /* SUBSTREAMID is valid */
	EVENT_SUBSTREAMID = FIELD(31, 12),
	EVENT_STREAMID = FIELD(63, 32),
	EVENT_STAG = FIELD(79, 64), /* names the stalled transaction in CMD_RESUME; with STALL */
	EVENT_REASON = FIELD(79, 64), /* implementation defined: F_UUT, fetches, F_WALK_EABT */
	EVENT_CONFLICT_REASON = FIELD(95, 64), /* implementation defined: conflicts */
	EVENT_GPCF = BIT_FIELD(80),            /* the abort was a granule protection fault */
	EVENT_STALL = BIT_FIELD(95),           /* the transaction waits for CMD_RESUME */
	EVENT_PNU = BIT_FIELD(97),             /* privileged, after STE overrides */
	EVENT_IND = BIT_FIELD(98),             /* instruction, after STE overrides; 0 for a write */
	EVENT_RNW = BIT_FIELD(99),             /* read, of the transaction */
	EVENT_NSIPA = BIT_FIELD(102),          /* Secure queue, stage 2: the IPA is Non-secure */
	EVENT_S2 = BIT_FIELD(103),             /* the fault is stage 2's */
	EVENT_CLASS = FIELD(105, 104),         /* enum smmu3_fault_class */
	EVENT_DIRTYBIT = BIT_FIELD(106),       /* F_PERMISSION only.  7.3.16 */
	EVENT_ASSUREDONLY = BIT_FIELD(107),    /* F_PERMISSION only */
	EVENT_TTRNW = BIT_FIELD(108), /* F_PERMISSION of class TT: the descriptor was read */
	EVENT_OVERLAY = BIT_FIELD(109),        /* F_PERMISSION only */
	EVENT_IMPDEF = FIELD(127, 112), /* implementation defined, in the four translation faults */
	EVENT_INPUTADDR = FIELD(191, 128),     /* as it came to the SMMU, top byte and all */
	EVENT_IPA = FIELD(247, 204),           /* an address; stage 2 faults only */
	EVENT_FETCHADDR = FIELD(247, 195),     /* an address */

	/* F_BAD_ATS_TREQ */
	EVENT_TREQ_SPAN = FIELD(67, 64),
	EVENT_TREQ_PRIV = BIT_FIELD(92),
	EVENT_TREQ_X = BIT_FIELD(93),
	EVENT_TREQ_W = BIT_FIELD(94),
	EVENT_TREQ_R = BIT_FIELD(95),

	/* E_PAGE_REQUEST: access expected, unprivileged and privileged */
	EVENT_PAGE_UX = BIT_FIELD(97),
	EVENT_PAGE_UW = BIT_FIELD(98),
	EVENT_PAGE_UR = BIT_FIELD(99),
	EVENT_PAGE_PX = BIT_FIELD(101),
	EVENT_PAGE_PW = BIT_FIELD(102),
	EVENT_PAGE_PR = BIT_FIELD(103),
	EVENT_PAGE_SPAN = FIELD(115, 108),

	/* F_BAD_ATS_TREQ, E_PAGE_REQUEST: in place of INPUTADDR */
	EVENT_PAGEADDR = FIELD(191, 140), /* an address */
};

/* The value of a field, at bit 0. */
static inline uint64_t event_get(const struct smmu3_event *event, enum event_field field)
{
	return field_value(event->word, (int)field);
}

/* An address field, its bits where they stand. */
static inline uint64_t event_address(const struct smmu3_event *event, enum event_field field)
{
	return field_in_place(event->word, (int)field);
}

/* Is this the record of a transaction that stalls?  Of other events the bit is another field's. */
static inline bool event_stalls(const struct smmu3_event *event)
{
	const uint64_t number = event_get(event, EVENT_NUMBER);

	return number >= F_TRANSLATION && number <= F_PERMISSION && event_get(event, EVENT_STALL);
}

/* Puts an address into a field, its bits where they stand; bits outside the field are dropped. */
static inline void event_put_address(struct smmu3_event *event, enum event_field field,
				     uint64_t address)
{
	uint64_t mask = field_mask((int)field);
	uint64_t *word = &event->word[field_lsb((int)field) / 64];

	*word = (*word & ~mask) | (address & mask);
}

/* Puts value, whose bit 0 is the field's lowest, into a field; what does not fit is dropped. */
static inline void event_put(struct smmu3_event *event, enum event_field field, uint64_t value)
{
	event_put_address(event, field, value << field_lsb((int)field) % 64);
}

#endif
