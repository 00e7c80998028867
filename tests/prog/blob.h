/* SPDX-License-Identifier: MIT */
/* What smmu3_save wrote, looked at and changed.  docs/save.md has the bytes; those that this needs
 * to know are written out here. */
#ifndef TESTS_PROG_BLOB_H
#define TESTS_PROG_BLOB_H

#include "driver.h"

#include <stddef.h>

enum { BLOB_MOST = 16384 };

struct blob {
	uint8_t at[BLOB_MOST];
	size_t size;
};

struct blob saved(struct machine *m);
bool same_blob(const struct blob *a, const struct blob *b);

/* Loads, and expects it to go well; to be refused with a code, a sentence that has `why` in it, and
 * nothing changed. */
void load(struct machine *m, const struct blob *blob);
void expect_refused(struct machine *m, const struct blob *blob, int code, const char *why);

/* Where the bytes of a section are, which must be there; its size. */
uint8_t *section(struct blob *blob, const char *name);
size_t section_bytes(struct blob *blob, const char *name);

/* Bytes put in and taken out; a section is made longer or shorter thereby. */
void insert(struct blob *blob, const char *name, size_t at, const void *bytes, size_t count);
void cut(struct blob *blob, const char *name, size_t at, size_t count);

/* After a change: size and checksum are right again. */
void seal(struct blob *blob);

uint64_t number_at(const uint8_t *at, unsigned bytes);
void put_at(uint8_t *at, uint64_t value, unsigned bytes);

/* Another SMMU for this machine, with the same configuration, host and memory, in reset: the one
 * there was is destroyed, unheard; nothing may be set to run inside. */
void renew(struct machine *m);

/* The state goes on in another SMMU. */
void reload(struct machine *m);

/* Do the bytes of a section stand so? */
void expect_section(struct machine *m, const char *name, const uint8_t *bytes, size_t count);

#endif
