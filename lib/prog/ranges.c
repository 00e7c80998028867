/* SPDX-License-Identifier: MIT */
#include "prog/ranges.h"

#include "base/bits.h"

/* What a command is about. */
enum about {
	ABOUT_STREAM = 1,
	ABOUT_SUBSTREAM = 2,
	ABOUT_PASID = 4, /* a SubstreamID, with SSV = 1 where there are any */
};

/* Those that do something.  4.3, 4.5, 4.7 */
static const uint8_t abouts[256] = {
	[CMD_CFGI_STE] = ABOUT_STREAM,
	[CMD_CFGI_STE_RANGE] = ABOUT_STREAM,
	[CMD_CFGI_CD] = ABOUT_STREAM | ABOUT_SUBSTREAM,
	[CMD_CFGI_CD_ALL] = ABOUT_STREAM,
	[CMD_ATC_INV] = ABOUT_STREAM | ABOUT_PASID,
	[CMD_PRI_RESP] = ABOUT_STREAM | ABOUT_PASID,
	[CMD_RESUME] = ABOUT_STREAM,
	[CMD_STALL_TERM] = ABOUT_STREAM,
};

/* CMD_CFGI_ALL is a range of all, whichever StreamID it has.  4.3.2 */
static bool is_of_all(const struct cmd *cmd)
{
	enum { ALL = 31 };

	return cmd_get(cmd, CMD_OPCODE) == CMD_CFGI_STE_RANGE && cmd_get(cmd, CMD_RANGE) == ALL;
}

static unsigned about(const struct features *features, const struct cmd *cmd)
{
	const unsigned what = is_of_all(cmd) ? 0 : abouts[cmd_get(cmd, CMD_OPCODE)];
	const bool pasid = what & ABOUT_PASID && features->ssidsize && cmd_get(cmd, CMD_SSV);

	return pasid ? what | ABOUT_SUBSTREAM : what;
}

bool command_out_of_range(const struct features *features, const struct cmd *cmd)
{
	const unsigned what = about(features, cmd);

	return (what & ABOUT_STREAM && cmd_get(cmd, CMD_STREAMID) >> features->sidsize) ||
	       (what & ABOUT_SUBSTREAM && cmd_get(cmd, CMD_SUBSTREAMID) >> features->ssidsize);
}

void command_cut(const struct features *features, struct cmd *cmd)
{
	const unsigned what = about(features, cmd);

	if (what & ABOUT_STREAM)
		cmd_put(cmd, CMD_STREAMID,
			cmd_get(cmd, CMD_STREAMID) & low_bits(features->sidsize));
	if (what & ABOUT_SUBSTREAM)
		cmd_put(cmd, CMD_SUBSTREAMID,
			cmd_get(cmd, CMD_SUBSTREAMID) & low_bits(features->ssidsize));
}
