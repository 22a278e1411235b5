/* The tables that the Makefile writes from src/pass and src/report. */
#ifndef ENGINE_REGISTRY_H
#define ENGINE_REGISTRY_H

#include "pass/pass.h"
#include "report/report.h"

/* By name; NULL when there is none. */
const struct report *report_find(struct str name);

#endif
