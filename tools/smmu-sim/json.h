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

/* json-c, which no longer returns where memory ends: it says so and ends with STATUS_CANNOT. */
json_object *json_new(void);
json_object *json_list(void);
void json_add(json_object *object, const char *key, json_object *value);
void json_append(json_object *list, json_object *value);

/* An object with "schema" and "verb". */
json_object *json_answer(const char *verb);

void json_text(json_object *object, const char *key, const char *text);
/* Text of our own of many lines. */
void json_verbatim(json_object *object, const char *key, const char *text);
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

/* An answer whose list of rows is printed as it grows, so that memory does not: what comes before
 * the list and its name; the rows, one to a line; what comes after.  Each frees what it prints. */
void json_print_begin(json_object *answer, const char *list);
void json_print_row(json_object *row, bool first);
void json_print_end(json_object *rest);

#endif
