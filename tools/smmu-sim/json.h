/* SPDX-License-Identifier: MIT */
/*
 * What a verb finds is a json_object; --json prints it and text is a view of it, so that both say
 * the same. Addresses, register and field values are hexadecimal strings; counts, levels and sizes
 * in bytes are numbers.
 */
#ifndef SMMU_SIM_JSON_H
#define SMMU_SIM_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* An object with "schema" and "verb". */
json_object *json_answer(const char *verb);

void json_text(json_object *object, const char *key, const char *text);
void json_hex(json_object *object, const char *key, uint64_t value);
void json_number(json_object *object, const char *key, int64_t value);
/* A count, or a size in bytes. */
void json_count(json_object *object, const char *key, uint64_t value);
void json_flag(json_object *object, const char *key, bool value);
/* An array of 64-bit words as hexadecimal strings. */
void json_words(json_object *object, const char *key, const uint64_t *word, unsigned words);

/* The string under a key, or "" where there is none. */
const char *json_string(json_object *object, const char *key);
/* The array under a key, or NULL. */
json_object *json_array(json_object *object, const char *key);

/* Prints and frees it. */
void json_print(json_object *answer);

#endif
