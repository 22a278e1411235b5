/*
 * What a RUN step (or a script) does that matters to a hardener: users and groups it makes, owners
 * and modes it changes, directories it makes, packages it installs, privileges it uses or drops.
 *
 * Only what is literally there is reported. A command in a branch or a loop is reported with
 * `certain` false. A script that could not be read completely gives what was read before, and
 * `complete` false.
 */
#ifndef DOCKERFILE_RUN_H
#define DOCKERFILE_RUN_H

#include "dockerfile/shell.h"

enum run_kind {
    RUN_PACKAGES, /* apt-get, apk, yum, dnf, microdnf, zypper, pacman … install */
    RUN_USER_ADD, /* useradd, adduser; a line written into /etc/passwd (program is then echo …) */
    RUN_GROUP_ADD,  /* groupadd, addgroup; a line written into /etc/group */
    RUN_GROUP_JOIN, /* adduser USER GROUP, addgroup USER GROUP, usermod -aG, gpasswd -a: `name`
                       joins the groups in `operands` */
    RUN_USER_MOD,   /* usermod, groupmod, userdel, deluser, groupdel, delgroup, passwd, chpasswd,
                       chsh, newusers; `text` is the new name (-l, -n). Without a name: anything
                       may have happened (sed -i /etc/passwd, a line written there that cannot be
                       read), but chpasswd sets passwords only */
    RUN_CHOWN,      /* chown, chgrp, install -o; `text` is the owner as written, "a:b", "a:" */
    RUN_CHMOD,      /* chmod, install -m */
    RUN_MKDIR,      /* mkdir (-p: recursive; `text` is -m's mode), install -d */
    RUN_REMOVE,     /* rm, rmdir, mv (its sources) */
    RUN_LINK,       /* ln: operands as written, the target directory last; `text` "-s" or empty */
    RUN_SUDO,       /* sudo, doas; `name` is -u's user */
    RUN_DROP,       /* gosu, su-exec, setpriv, su, runuser, s6-setuidgid, chpst: `name` and `group`;
                       what runs then is in `operands` and reported too, not certain */
    RUN_CAPABILITY, /* setcap, iptables, mount, sysctl, modprobe … */
    RUN_UMASK,      /* umask: `text` is the mode as written */
    RUN_CD,    /* cd, pushd; without operand (cd, popd) to a place not known here. In a subshell
                  or an inner script it lasts only there */
    RUN_WRITE, /* a redirection > or >> into a path, tee, touch; `text` is the operator */
    RUN_OTHER, /* any other program; `program` says which, operands are all its words */
};

enum run_manager {
    RUN_NO_MANAGER,
    RUN_APT,
    RUN_APK,
    RUN_YUM,
    RUN_DNF,
    RUN_MICRODNF,
    RUN_ZYPPER,
    RUN_PACMAN,
    RUN_DPKG_RPM
};

/* One thing done. Unused fields are empty; `id` is -1 when not given or not a literal number. */
struct run_effect {
    enum run_kind kind;
    bool certain;           /* runs whenever the step runs (and the steps before succeed), and its
                               operands mean the same in every shell */
    bool inner;             /* in the text of sh -c '…', eval or a shell's heredoc: spans of the
                               operands are of that text */
    bool recursive;         /* -R, -r; mkdir -p; found by find under the operands */
    bool system;            /* adduser -S, useradd -r, addgroup -S */
    bool create_home;       /* -m, adduser without -H/--no-create-home. adduser --system makes
                               one on some systems only: false unless --home is there */
    bool shadow;            /* useradd/groupadd style rather than adduser/addgroup */
    size_t command;         /* index into script.commands, of the outer one if inner */
    struct str program;     /* basename of the program, "apt-get" */
    struct str name;        /* user or group; owner part of chown, as written */
    struct str group;       /* primary group of a user; group part of chown */
    struct str home, shell; /* of a user */
    struct str text;        /* chmod's mode, umask's mode, as written */
    struct str id_text;     /* the number of a new or changed user or group as written: "$UID" */
    int64_t id, gid;        /* uid (gid for groups), primary gid when given as a number */
    enum run_manager manager;
    /* Paths, packages, joined groups: in order, as read. Simple braces are expanded: /a/{b,c} is
     * two words, and the effect is not certain, because dash and busybox do not. find -exec x {}
     * gives the paths that it starts at. */
    VEC(struct shell_word) operands;
};

struct run_effects {
    struct shell_script script;
    VEC(struct run_effect) effects;
    bool complete;
};

/* Reads and recognises. sudo, env, exec, time, nice, command, `sh -c '…'` and assignments in front
 * of a program are looked through (sudo leaves an effect of its own). */
struct run_effects run_read(struct arena *a, struct str text);

/* The same for an exec form. */
struct run_effects run_read_exec(struct arena *a, const struct str *args, size_t n);

#endif
