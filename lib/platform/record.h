/* SPDX-License-Identifier: MIT */
/* What the files of the recorder share.  Functions that take a record want its turn to be held. */
#ifndef SMMU_PLATFORM_RECORD_H
#define SMMU_PLATFORM_RECORD_H

#include <pthread.h>
#include <smmu/record.h>
#include <stdatomic.h>
#include <stdbool.h>

/* ---- Words of memory that a replay will know: record_words.c ---- */

struct record_word {
	uint64_t name; /* the address, with bit 0 set; 0: no word here */
	uint64_t value;
	uint64_t act; /* the last that read or wrote it */
};

struct record_words {
	struct record_word *word; /* a hash table, half full at most */
	size_t room, count;
};

/* The word at an address that is a multiple of 8; a new one has value and act 0.  NULL: memory has
 * run out. */
struct record_word *record_word_at(struct record_words *words, uint64_t pa);
void record_words_free(struct record_words *words);

/* ---- Output: record_output.c ---- */

enum { RECORD_TEXT = 16 * 1024 };

struct record_output {
	smmu3_write_fn *write;
	void *context;
	struct ZSTD_CCtx_s *compressor;
	unsigned char *frame; /* room bytes */
	size_t room, used;    /* used: of text */
	uint64_t lines;
	char text[RECORD_TEXT];
};

/* What a stretch of output is. */
enum record_stretch {
	RECORD_MORE,
	RECORD_WHOLE, /* the end */
};

/* False: memory has run out. */
bool record_output_open(struct record_output *output);
void record_output_free(struct record_output *output);

/* These return false when write has failed. */
bool record_output_line(struct record_output *output, const char *line);
bool record_output_pass(struct record_output *output, enum record_stretch stretch);

/* ---- A recording: record.c ---- */

/* What is under way. */
enum record_act {
	RECORD_IDLE,
	RECORD_PROBE,
	RECORD_READ,  /* of a register */
	RECORD_WRITE, /* likewise */
	RECORD_ACCESS,
};

struct smmu3_record {
	pthread_mutex_t turn; /* recursive; held through each act */
	struct smmu3_host theirs, ours;
	struct record_output output;
	struct record_words words;
	uint32_t idr0;
	enum record_act act;
	uint64_t number; /* of the act, from 1 */
	uint64_t held;   /* that of a register write which a replay has not carried out yet; or 0 */
	bool said;       /* the act has D, I, E or V lines */
	atomic_bool strange; /* the SMMU was at work on a thread that has no act under way */
	int code;            /* what ended the recording, negative, or 0 */
	struct smmu3_error error;
};

/* Not yet, or no more, when it has ended. */
bool record_goes_on(struct smmu3_record *record);

/* The recording ends with something that sessions have no words for. */
void record_end(struct smmu3_record *record, const char *what);
void record_out_of_memory(struct smmu3_record *record);

__attribute__((format(printf, 2, 3))) void record_line(struct smmu3_record *record,
						       const char *format, ...);

/* ---- The SMMU's side: record_host.c ---- */

/* Fills record->ours. */
void record_make_host(struct smmu3_record *record);

#endif
