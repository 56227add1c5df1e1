/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_VANTAGE_H
#define FLOW_VANTAGE_H

/* Functions of a POSIX shell. */
extern const char flow_vantage[];

#endif
