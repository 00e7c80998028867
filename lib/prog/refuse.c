/* SPDX-License-Identifier: MIT */
#include "prog/refuse.h"

#include <stdarg.h>
#include <stdio.h>

int refuse(struct smmu3_error *error, enum smmu3_code code, const char *section, const char *format,
	   ...)
{
	va_list list;

	if (!error)
		return -(int)code;
	error->code = -(int)code;
	snprintf(error->section, sizeof(error->section), "%s", section);
	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return -(int)code;
}
