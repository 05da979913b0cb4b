// SPDX-License-Identifier: MIT
// computed.c: see computed.h.

#include "metadata/computed.h"

void computed_add(struct builder *b)
{
	(void)b;
}
