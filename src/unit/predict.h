/*
 * Which number an account gets that is made without one. It holds only while the image stays as it
 * is, so whoever uses it must write it down where the account is made.
 */
#ifndef UNIT_PREDICT_H
#define UNIT_PREDICT_H

#include "unit/account.h"

/* The number that useradd or adduser will choose; false when that cannot be told. */
bool predict_uid(const struct accounts *all, const struct facts *f, const struct run_effect *e,
                 uint32_t *uid);

/* Could what the step does make system accounts, other than by useradd and adduser: packages of
 * which it is not known that they make none, and installers? */
bool predict_is_stranger(const struct run_effect *e);

#endif
