/* SPDX-License-Identifier: MIT */
/* A trace in its other form: text and binary say the same. */
#ifndef SMMU_TEST_FUZZ_TRACE_FORMS_H
#define SMMU_TEST_FUZZ_TRACE_FORMS_H

#include <stddef.h>
#include <stdint.h>

/* A trace that is made. */
struct made {
	unsigned char *byte;
	size_t size, room;
};

void made_free(struct made *made);

/* A binary trace whose header, checksums and counts are right, of records that are any bytes. */
struct made made_of_records(const uint8_t *data, size_t size);

/* Whatever can be read of a trace, written in either form, is read again. */
void check_forms(const void *data, size_t size);

#endif
