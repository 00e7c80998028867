/* SPDX-License-Identifier: MIT */
/* An SMMU whose life is recorded, with a host of callbacks and a little memory from address 0. */
#ifndef SMMU_TEST_PLATFORM_RECORDED_H
#define SMMU_TEST_PLATFORM_RECORDED_H

#include <smmu/record.h>
#include <stdbool.h>

enum { RECORDED_WORDS = 0xc00 }; /* 24 KB */

struct recorded {
	struct smmu3_config config;
	struct smmu3_host host;
	struct smmu3_record *record;
	struct smmu3 *smmu;
	uint64_t word[RECORDED_WORDS]; /* of memory, as numbers */
	unsigned interrupts, invalidations, events;
	enum smmu3_mem_result answer; /* of memory */
	/* Called once, from inside the next callback of the kind; reads of commands do not count */
	void (*inside)(struct recorded *recorded);
	void (*late)(struct recorded *recorded); /* likewise, of the next interrupt */
	/* What was written, and how often; writes fail from this one on, 0: none does */
	unsigned char *out;
	size_t size, room;
	unsigned writes, fails;
};

/* The SMMU of the profile linux-session, which pulses for every event and has MSIs for CMD_SYNC;
 * what is to be otherwise is changed before recorded_begin. */
struct recorded *recorded_new(void);
void recorded_begin(struct recorded *recorded);

/* Through the recorder. */
void reg_write(struct recorded *recorded, uint64_t offset, unsigned size, uint64_t value);
uint64_t reg_read(struct recorded *recorded, uint64_t offset, unsigned size);
enum smmu3_verdict access_at(struct recorded *recorded, uint32_t sid, uint64_t addr,
			     unsigned flags);

/* Command queue of 8 entries at 0x1000, Event queue likewise at 0x2000, Stream table of 2 STEs at
 * 0x3000; all enabled: 9 lines. */
void recorded_enable(struct recorded *recorded);

/* A command at its place in the queue, which makes no line. */
void put_command(struct recorded *recorded, unsigned index, uint64_t word0, uint64_t word1);

/* STE 0 bypasses both stages. */
void let_stream_0_pass(struct recorded *recorded);

/* Ends SMMU and recording; what the recorder said. */
int recorded_close(struct recorded *recorded, struct smmu3_error *error);

/* What was written, unpacked, which may be freed; *whole: it has its end. */
char *recorded_text(const struct recorded *recorded, bool *whole);

void recorded_free(struct recorded *recorded);

/* All of these for a recording that is whole: its lines behind those of the configuration must be
 * these. */
void expect_lines(struct recorded *recorded, const char *lines);

#endif
