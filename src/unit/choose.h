/*
 * Who a stage will run as, and how that account comes to be.
 */
#ifndef UNIT_CHOOSE_H
#define UNIT_CHOOSE_H

#include "unit/account.h"
#include "unit/obstacle.h"

enum choice_how {
    CHOICE_REUSE,  /* the account is there */
    CHOICE_PIN,    /* the file makes it, without a number: the number is written into that step */
    CHOICE_CREATE, /* a RUN step makes it */
    CHOICE_NUMBER, /* only numbers: there is no shell to make an account with */
};

struct choice {
    enum choice_how how;
    struct identity user;
    const struct account *account; /* of REUSE and PIN */
    enum facts_user_tools tools;   /* of CREATE */
    bool can_run;                  /* the image has a shell */
    const char *sbin;              /* "/usr/sbin/" where the file's own PATH lacks that, else "" */
};

/* Never fails. May add obstacles (files given to somebody else). */
struct choice choose_user(struct unit *u, struct stage *s, const struct accounts *all,
                          struct obstacles *o);

/* The shell commands that make the account, in order, into *out. Where the image has no tool for
 * it, the home directory is not among them. */
void choose_commands(struct unit *u, const struct choice *c, struct strs *out);

/* The first number from `from` on that no account has. */
uint32_t choose_free_uid(const struct accounts *all, uint32_t from);

/* Can the number of a predicted account be written where it is made? */
bool choose_can_pin(const struct account *acc);

bool choose_can_pin_group(const struct account_group *group);

/* Writes the number into the RUN step that makes the account, or the group. Where both stand in one
 * step, what stands further behind must be written first. */
void choose_pin(struct unit *u, const struct choice *c);
void choose_pin_group(struct unit *u, const struct account_group *group,
                      enum facts_user_tools tools, uint32_t gid);

#endif
