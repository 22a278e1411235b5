/* What a RUN does: users, owners, directories, packages, and what is looked through to see it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "dockerfile/run.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *const kinds[] = {
    [RUN_PACKAGES] = "packages", [RUN_USER_ADD] = "user-add", [RUN_GROUP_ADD] = "group-add",
    [RUN_GROUP_JOIN] = "join",   [RUN_USER_MOD] = "user-mod", [RUN_CHOWN] = "chown",
    [RUN_CHMOD] = "chmod",       [RUN_MKDIR] = "mkdir",       [RUN_REMOVE] = "remove",
    [RUN_LINK] = "link",         [RUN_SUDO] = "sudo",         [RUN_DROP] = "drop",
    [RUN_CAPABILITY] = "cap",    [RUN_UMASK] = "umask",       [RUN_CD] = "cd",
    [RUN_WRITE] = "write",       [RUN_OTHER] = "other",
};

static void put(struct buf *b, const char *key, struct str value)
{
    if (value.n)
        buf_addf(b, " %s=%.*s", key, STR_ARG(value));
}

static void put_number(struct buf *b, const char *key, int64_t value)
{
    if (value >= 0)
        buf_addf(b, " %s=%lld", key, (long long)value);
}

static void put_flag(struct buf *b, const char *name, bool set)
{
    if (set)
        buf_addf(b, " %s", name);
}

/* One effect as "kind? program key=value … flags [operand] ~[not literal]". */
static void show(struct buf *b, const struct run_effect *e)
{
    buf_addf(b, "%s%s%s %.*s", b->n ? "; " : "", kinds[e->kind], e->certain ? "" : "?",
             STR_ARG(e->program));
    put(b, "name", e->name);
    put(b, "group", e->group);
    put(b, "home", e->home);
    put(b, "shell", e->shell);
    put(b, "text", e->text);
    put(b, "raw", e->id_text);
    put_number(b, "id", e->id);
    put_number(b, "gid", e->gid);
    put_flag(b, "rec", e->recursive);
    put_flag(b, "system", e->system);
    put_flag(b, "home+", e->create_home);
    put_flag(b, "shadow", e->shadow);
    put_flag(b, "inner", e->inner);
    VEC_EACH (w, &e->operands)
        buf_addf(b, " %s[%.*s]", w->literal ? "" : "~", STR_ARG(w->value));
}

/* All effects; those of RUN_OTHER only when asked for. */
static const char *effects(const char *text, bool others)
{
    struct run_effects r = run_read(&arena, str_of(text));
    struct buf b = buf_in(&arena);
    VEC_EACH (e, &r.effects)
        if (others || e->kind != RUN_OTHER)
            show(&b, e);
    if (!r.complete)
        buf_addz(&b, " INCOMPLETE");
    return buf_str(&b).p;
}

static void check(const char *text, const char *want)
{
    const char *got = effects(text, false);
    if (strcmp(got, want))
        fail_msg("%s\n   is: %s\n want: %s", text, got, want);
}

static void check_all(const char *text, const char *want)
{
    const char *got = effects(text, true);
    if (strcmp(got, want))
        fail_msg("%s\n   is: %s\n want: %s", text, got, want);
}

/* ---- users ---------------------------------------------------------------------------------- */

static void test_useradd(void **state)
{
    (void)state;
    check("useradd -ms /bin/bash app", "user-add useradd name=app shell=/bin/bash home+ shadow");
    check("useradd -rms /bin/sh -u1000 -g app app",
          "user-add useradd name=app group=app shell=/bin/sh raw=1000 id=1000 system home+ shadow");
    check("/usr/sbin/useradd --uid=1000 --gid 1001 --home-dir /srv app --no-log-init -Mr",
          "user-add useradd name=app group=1001 home=/srv raw=1000 id=1000 gid=1001 system shadow");
    check("useradd app -G wheel,'docker' -c 'The app' -m -M",
          "user-add useradd name=app shadow [wheel] [docker]");
    check("useradd --create app --home /x", "user-add useradd name=app home=/x home+ shadow");
    check("useradd -u ${UID:-1000} -g $GID -d \"$HOME\" $NAME",
          "user-add useradd name=$NAME group=$GID home=$HOME raw=${UID:-1000} shadow");
    check("useradd -u 4294967295 -- -x", "user-add useradd name=-x raw=4294967295 shadow");
    check("useradd $FLAGS app", "user-add? useradd name=app shadow");
    check("useradd -D -s /bin/bash", "");
}

static void test_groups(void **state)
{
    (void)state;
    check("groupadd -rg 999 app", "group-add groupadd name=app raw=999 id=999 system shadow");
    check("groupadd app --gid=$GID", "group-add groupadd name=app raw=$GID shadow");
    check("addgroup -S -g 101 app", "group-add addgroup name=app raw=101 id=101 system");
    check("addgroup --system --gid 1 app", "group-add addgroup name=app raw=1 id=1 system");
    check("addgroup app www", "join addgroup name=app [www]");
    check("usermod -aG docker,sudo app", "join usermod name=app [docker] [sudo]");
    check("usermod -a app -G root", "join usermod name=app [root]");
    check("gpasswd -a app docker", "join gpasswd name=app [docker]");
}

static void test_adduser_of_debian(void **state)
{
    (void)state;
    check("adduser --disabled-password --gecos 'a b' --uid 1000 --home /h --shell /bin/sh app",
          "user-add adduser name=app home=/h shell=/bin/sh raw=1000 id=1000 home+");
    check("adduser --system --no-create-home --group app",
          "user-add adduser name=app group=app system");
    check("adduser --system app", "user-add adduser name=app system");
    check("adduser --system --home /h --ingroup www app",
          "user-add adduser name=app group=www home=/h system home+");
    check("adduser --gid 5 --gecos \"\" app", "user-add adduser name=app group=5 gid=5 home+");
    check("adduser --group --gid 7 app", "group-add adduser name=app raw=7 id=7");
    check("adduser app sudo", "join adduser name=app [sudo]");
}

static void test_adduser_of_busybox(void **state)
{
    (void)state;
    check("adduser -D app", "user-add adduser name=app home+");
    check("adduser -SDH -h /h -s /sbin/nologin -u 100 -G app -g 'full name' app",
          "user-add adduser name=app group=app home=/h shell=/sbin/nologin raw=100 id=100 system");
    check("adduser -S -g app app", "user-add adduser name=app system home+");
    check("adduser -S app -G www", "user-add adduser name=app group=www system home+");
    check("busybox adduser -D app", "user-add adduser name=app home+");
}

static void test_adduser_of_red_hat(void **state)
{
    (void)state;
    check("adduser -r -u 1000 -g www -G wheel,dev -d /h app",
          "user-add adduser name=app group=www home=/h raw=1000 id=1000 system [wheel] [dev]");
    check("adduser -m -g 1000 app", "user-add adduser name=app group=1000 gid=1000 home+");
    check("adduser -u 1 -g www app", "user-add adduser name=app group=www raw=1 id=1 home+");
    check("adduser -M app", "user-add adduser name=app");
}

static void test_users_changed(void **state)
{
    (void)state;
    check("usermod -u 1000 -g 1001 -d /h -l new old",
          "user-mod usermod name=old group=1001 home=/h text=new raw=1000 id=1000 gid=1001");
    check("usermod -L app -aG x", "join usermod name=app [x]; user-mod usermod name=app");
    check("groupmod -g 5 -n new old", "user-mod groupmod name=old text=new raw=5 id=5");
    check("userdel -r app && groupdel app",
          "user-mod userdel name=app; user-mod groupdel name=app");
    check("deluser app www", "user-mod deluser name=app [www]");
    check("passwd -d root", "user-mod passwd name=root");
    check("echo root:x | chpasswd", "user-mod chpasswd");
    check("chsh -s /bin/zsh app", "user-mod chsh name=app shell=/bin/zsh");
}

static void test_account_lines(void **state)
{
    (void)state;
    check("echo 'app:x:1000:1001::/h:/bin/sh' >> /etc/passwd",
          "write echo text=>> [/etc/passwd]; "
          "user-add echo name=app group=1001 home=/h shell=/bin/sh raw=1000 id=1000 gid=1001");
    check("echo \"app:x:$UID:0::/:\" >>/etc/passwd",
          "write echo text=>> [/etc/passwd]; user-add echo name=app group=0 home=/ raw=$UID gid=0");
    check("printf 'a:x:1:\\nb:x:2:a\\n' >> /etc/group",
          "write printf text=>> [/etc/group]; group-add printf name=a raw=1 id=1; "
          "group-add printf name=b raw=2 id=2");
    check("cat >>/etc/passwd <<E\na:x:1:1:::/bin/sh\nE",
          "write cat text=>> [/etc/passwd]; user-add cat name=a group=1 shell=/bin/sh raw=1 id=1 "
          "gid=1");
    check("echo a:x:1:1::/: > /etc/passwd",
          "write echo text=> [/etc/passwd]; user-mod echo [/etc/passwd]; "
          "user-add echo name=a group=1 home=/ raw=1 id=1 gid=1");
    check("printf '%s' x >> /etc/passwd",
          "write printf text=>> [/etc/passwd]; user-mod printf [/etc/passwd]");
    check("echo garbage >> /etc/passwd",
          "write echo text=>> [/etc/passwd]; user-mod echo [/etc/passwd]");
    check("echo x | tee -a /etc/group",
          "write tee text=>> [/etc/group]; user-mod tee [/etc/group]");
    check("sed -ri.bak s/a/b/ /etc/passwd", "user-mod sed [/etc/passwd]");
    check("sed s/a/b/ /etc/passwd", "");
    check("echo a:x:1:1::/: >> /etc/passwd.new", "write echo text=>> [/etc/passwd.new]");
}

/* ---- files ---------------------------------------------------------------------------------- */

static void test_chown(void **state)
{
    (void)state;
    check("chown -R app:www /a /b", "chown chown name=app group=www text=app:www rec [/a] [/b]");
    check("chown app /a -R", "chown chown name=app text=app rec [/a]");
    check("chown -hv 1000:0 /a", "chown chown name=1000 group=0 text=1000:0 id=1000 gid=0 [/a]");
    check("chown app.www /a", "chown chown name=app group=www text=app.www [/a]");
    check("chown :www /a", "chown chown group=www text=:www [/a]");
    check("chown app: /a", "chown chown name=app text=app: [/a]");
    check("chown +5 /a", "chown chown name=+5 text=+5 id=5 [/a]");
    check("chown ${U:-a:b}:$G $X", "chown chown name=${U:-a:b} group=$G text=${U:-a:b}:$G ~[$X]");
    check("chown --reference=/r /a", "chown chown [/a]");
    check("chown --from=root:root app /a", "chown chown name=app text=app [/a]");
    check("chgrp -R 0 /a", "chown chgrp group=0 text=0 gid=0 rec [/a]");
    check("chown -R -- app /a", "chown chown name=app text=app rec [/a]");
}

static void test_chmod(void **state)
{
    (void)state;
    check("chmod -R g=u,o-rwx /a /b", "chmod chmod text=g=u,o-rwx rec [/a] [/b]");
    check("chmod 0755 /a -R", "chmod chmod text=0755 rec [/a]");
    check("chmod -x /a", "chmod chmod text=-x [/a]");
    check("chmod -Rv -w /a", "chmod chmod text=-w rec [/a]");
    check("chmod --reference=/r /a", "chmod chmod [/a]");
}

static void test_directories(void **state)
{
    (void)state;
    check("mkdir -p /a \"/b c\" d", "mkdir mkdir rec [/a] [/b c] [d]");
    check("mkdir -pm 0700 /a", "mkdir mkdir text=0700 rec [/a]");
    check("mkdir --mode=700 $A", "mkdir mkdir text=700 ~[$A]");
    check("install -d -o app -g www -m 755 /a /b",
          "mkdir install rec [/a] [/b]; chown install name=app group=www [/a] [/b]; "
          "chmod install text=755 [/a] [/b]");
    check("install -dm755 -o 5 /a", "mkdir install rec [/a]; chown install name=5 id=5 [/a]; "
                                    "chmod install text=755 [/a]");
    check("install -o app x y /bin/z", "chown install name=app [/bin/z]");
    check("install -m 755 -t /bin x y", "chmod install text=755 [/bin]");
    check("./install -mode silent", "");
    check("npm install -g x", "");
}

static void test_braces(void **state)
{
    (void)state;
    check("mkdir /a/{b,c}", "mkdir? mkdir [/a/b] [/a/c]");
    check("mkdir {a,b}{1,2} z", "mkdir? mkdir [a1] [a2] [b1] [b2] [z]");
    check("mkdir $A/{b,}", "mkdir? mkdir ~[$A/b] ~[$A/]");
    check("rm -r /a/{b,c}/*", "remove? rm rec ~[/a/b/*] ~[/a/c/*]");
    /* Not those that only look like it. */
    check("mkdir '{a,b}' \\{c,d\\}", "mkdir mkdir [{a,b}] [{c,d}]");
    check("mkdir ${A:-b,c} {a..c} \"x\"{y,z}", "mkdir mkdir ~[${A:-b,c}] ~[{a..c}] ~[x{y,z}]");
    check("mkdir {a,{b,c}}", "mkdir mkdir ~[{a,{b,c}}]");
    /* A shell that is known to expand them. */
    check("bash -c 'mkdir {a,b}'", "mkdir mkdir inner [a] [b]");
}

static void test_other_paths(void **state)
{
    (void)state;
    check("rm -rf /a *.c", "remove rm rec [/a] ~[*.c]");
    check("rmdir -p a; rm b", "remove rmdir [a]; remove rm [b]");
    check("mv a b /c", "remove mv rec [a] [b]");
    check("mv -t /c a b", "remove mv rec [a] [b]");
    check("ln -sf /a /b", "link ln text=-s [/a] [/b]");
    check("ln /a /b", "link ln [/a] [/b]");
    check("cd /a && cd", "cd cd [/a]; cd cd");
    check("pushd a; popd", "cd pushd [a]; cd popd");
    check("umask 0027", "umask umask text=0027");
    check("touch -d now a", "write touch [a]");
    check("tee a /dev/null -a", "write tee text=>> [a]");
}

static void test_writes(void **state)
{
    (void)state;
    check("echo a > /b 2>&1", "write echo text=> [/b]");
    check("echo a >>\"$B\" >/dev/null 2>/dev/stderr", "write echo text=>> ~[$B]");
    check("a >&2 2>&- <c <<<d", "");
    check("a &> /b; c >| /d; e >& /f",
          "write a text=> [/b]; write c text=> [/d]; write e text=> [/f]");
    check("{ a; b; } > /c", "write  text=> [/c]");
    check("> /c", "write  text=> [/c]");
}

/* ---- packages ------------------------------------------------------------------------------- */

static void test_packages(void **state)
{
    (void)state;
    check("apt-get update && apt-get -qq -o A::B=c install -y --no-install-recommends -t sid a b=1",
          "packages apt-get [a] [b=1]");
    check("apt install -y $P", "packages apt ~[$P]");
    check("apk add --no-cache --virtual .deps a b", "packages apk [a] [b]");
    check("apk --update add -t .deps --repository http://x a", "packages apk [a]");
    check("yum -y --enablerepo=x install a && dnf install -y --setopt tsflags=x b",
          "packages yum [a]; packages dnf [b]");
    check("yum groupinstall 'Development Tools'; dnf module install x:1",
          "packages yum [Development Tools]; packages dnf [x:1]");
    check("microdnf install a; tdnf install b", "packages microdnf [a]; packages tdnf [b]");
    check("zypper -n --gpg-auto-import-keys in -t pattern a", "packages zypper [a]");
    check("pacman -Syu --noconfirm a", "packages pacman [a]");
    check("pacman -Syu; pacman -Ss a; pacman -Rs b", "");
    check("dpkg -i a.deb; rpm -Uvh b.rpm; rpm -ivh c",
          "packages dpkg [a.deb]; packages rpm [b.rpm]; packages rpm [c]");
    check("rpm --import x; rpm -qi a; dpkg -l a; dpkg-query -W", "");
    check("install_packages a", "packages install_packages [a]");
    check("apt-get purge a; apk del b; yum clean all", "");
}

static void test_managers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum run_manager manager;
    } rows[] = {{"apt-get update", RUN_APT}, {"aptitude install a", RUN_APT},
                {"apk add a", RUN_APK},      {"yum update", RUN_YUM},
                {"dnf update", RUN_DNF},     {"microdnf clean all", RUN_MICRODNF},
                {"zypper ref", RUN_ZYPPER},  {"pacman -Sy", RUN_PACMAN},
                {"rpm -e a", RUN_DPKG_RPM},  {"npm install", RUN_NO_MANAGER}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_effects r = run_read(&arena, str_of(rows[i].text));
        assert_int_equal(r.effects.n, 1);
        assert_int_equal(r.effects.v[0].manager, rows[i].manager);
    }
}

/* ---- wrappers ------------------------------------------------------------------------------- */

static void test_wrappers(void **state)
{
    (void)state;
    static const char *const fronts[] = {
        "env",
        "env -u B A=1",
        "env -i",
        "exec",
        "exec -a x",
        "command",
        "command -p",
        "time",
        "time -p",
        "nice",
        "nice -n 5",
        "nice -10",
        "ionice -c 2 -n 7",
        "nohup",
        "eatmydata",
        "A=1 B=$c",
        "stdbuf -oL",
        "timeout -k 5 10",
        "timeout --signal=KILL 10",
        "/usr/bin/env",
        "busybox",
        "setsid -w",
    };
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
        check(str_fmt(&arena, "%s mkdir /a", fronts[i]).p, "mkdir mkdir [/a]");
    check("command -v mkdir", "");
    check_all("env", "other env");
    check_all("command -v a", "other command [-v] [a]");
}

static void test_sudo(void **state)
{
    (void)state;
    check("sudo -E mkdir -p /a", "sudo sudo [mkdir] [-p] [/a]; mkdir mkdir rec [/a]");
    check("sudo -H -u app A=b mkdir /a", "sudo sudo name=app [mkdir] [/a]; mkdir? mkdir [/a]");
    check("sudo --user=root mkdir /a", "sudo sudo name=root [mkdir] [/a]; mkdir mkdir [/a]");
    check("doas rm a", "sudo doas [rm] [a]; remove rm [a]");
    check("sudo -i", "sudo sudo");
}

static void test_inner_scripts(void **state)
{
    (void)state;
    check("sh -c 'mkdir /a && rm b; rm c'",
          "mkdir mkdir inner [/a]; remove? rm inner [b]; remove rm inner [c]");
    check("/bin/bash -lc \"chown a /b\"", "chown chown name=a text=a inner [/b]");
    check("bash -o pipefail -ec 'mkdir a'", "mkdir mkdir inner [a]");
    /* Only as the whole command it is certain. */
    check("x && sh -c 'mkdir /a'", "mkdir? mkdir inner [/a]");
    check("sh -c \"sh -c 'mkdir /a'\"", "mkdir mkdir inner [/a]");
    check_all("sh -c \"mkdir $A\"", "mkdir mkdir inner ~[$A]");
    check_all("sh -c \"mkdir /a; $(cat b)\"",
              "other sh [-c] ~[mkdir /a; $(cat b)]; other cat [b] INCOMPLETE");
    check_all("sh -c \"$A\"", "other sh [-c] ~[$A] INCOMPLETE");
    check_all("sh -c", "other sh [-c]");
    check_all("bash script -c 'mkdir a'", "other bash [script] [-c] [mkdir a]");
    check("sh -c 'mkdir a; if'", "mkdir? mkdir inner [a] INCOMPLETE");
    check("eval 'mkdir a'", "mkdir mkdir inner [a]");
    check("bash <<'E'\nmkdir $a {b,c}\nE", "mkdir mkdir inner ~[$a] [b] [c]");
    check("sh -e <<E\nmkdir a\nE", "mkdir mkdir inner [a]");
    check("sh <<E\nmkdir $a\nE", "");
    check("cat <<E\nmkdir a\nE", "");
}

static void test_dropping(void **state)
{
    (void)state;
    check("gosu app:www mkdir a", "drop gosu name=app group=www [mkdir] [a]; mkdir? mkdir [a]");
    check("su-exec 1000:5 x", "drop su-exec name=1000 group=5 id=1000 gid=5 [x]");
    check("su - app -c 'mkdir a'", "drop su name=app; mkdir? mkdir inner [a]");
    check("su -c \"rm b\" app -s /bin/sh", "drop su name=app; remove? rm inner [b]");
    check("runuser -u app -- mkdir a", "drop runuser name=app [mkdir] [a]; mkdir? mkdir [a]");
    check("setpriv --reuid=app --regid 5 --init-groups mkdir a",
          "drop setpriv name=app group=5 gid=5 [mkdir] [a]; mkdir? mkdir [a]");
    check("s6-setuidgid app x; chpst -u app:www y",
          "drop s6-setuidgid name=app [x]; drop chpst name=app group=www [y]");
    check("chpst -e /env mkdir a", "mkdir mkdir [a]");
    check("start-stop-daemon --start --chuid app --exec /x", "drop start-stop-daemon name=app");
}

static void test_for_each_file(void **state)
{
    (void)state;
    check("find /a /b -type d -exec chmod 755 {} +", "chmod? chmod text=755 rec [/a] [/b]");
    check("find . ! -user x -exec chown app {} \\; -exec rm {} ';'",
          "chown? chown name=app text=app rec [.]; remove? rm rec [.]");
    check("find /a -name x -delete", "remove? rm rec [/a]");
    check("find /a | xargs -0 -n 1 chown -R app", "chown? chown name=app text=app rec");
    check("xargs -a list apt-get install -y", "packages? apt-get");
    check_all("find /a -name x", "other find [/a] [-name] [x]");
}

static void test_capabilities(void **state)
{
    (void)state;
    check("setcap cap_net_bind_service=+ep /bin/x",
          "cap setcap [cap_net_bind_service=+ep] [/bin/x]");
    check("iptables -A INPUT; mount -t tmpfs a /b; sysctl -w a=1; modprobe x",
          "cap iptables [-A] [INPUT]; cap mount [-t] [tmpfs] [a] [/b]; cap sysctl [-w] [a=1]; cap "
          "modprobe [x]");
    check("ip link set eth0 up", "cap ip [link] [set] [eth0] [up]");
    check("ip addr show; mount", "");
}

/* ---- what is certain ------------------------------------------------------------------------ */

static void test_certain(void **state)
{
    (void)state;
    check("id app || useradd app", "user-add? useradd name=app shadow");
    check("if x; then mkdir a; fi; mkdir b", "mkdir? mkdir [a]; mkdir mkdir [b]");
    check("mkdir a && mkdir b || true", "mkdir mkdir [a]; mkdir? mkdir [b]");
    check("mkdir a & mkdir b", "mkdir? mkdir [a]; mkdir mkdir [b]");
    check("f() { mkdir a; }; f", "mkdir? mkdir [a]");
    check("[ -d a ] || mkdir a > b", "mkdir? mkdir [a]; write? mkdir text=> [b]");
    check("mkdir a; echo '", "mkdir? mkdir [a] INCOMPLETE");
}

static void test_everything_is_mentioned(void **state)
{
    (void)state;
    check_all("npm ci && $X y; ./chown z", "other npm [ci]; other? $X [y]; other chown [z]");
    check_all("A=1", "");
    check_all("x=$(mkdir a)", "mkdir mkdir [a]");
    struct run_effects r = run_read(&arena, STR("a; mkdir b; sh -c 'mkdir c; mkdir d'"));
    assert_int_equal(r.effects.n, 4);
    assert_int_equal(r.effects.v[1].command, 1);
    assert_int_equal(r.effects.v[3].command, 2);
}

static void test_exec_form(void **state)
{
    (void)state;
    const struct str args[] = {STR("useradd"), STR("-m"), STR("$x")};
    struct run_effects r = run_read_exec(&arena, args, 3);
    assert_true(r.complete);
    assert_int_equal(r.effects.n, 1);
    assert_true(r.effects.v[0].certain && r.effects.v[0].create_home);
    assert_true(str_is(r.effects.v[0].name, "$x"));
    const struct str shell[] = {STR("/bin/sh"), STR("-c"), STR("mkdir a && rm $b")};
    r = run_read_exec(&arena, shell, 3);
    assert_int_equal(r.effects.n, 2);
    assert_true(r.effects.v[1].certain);
    assert_false(r.effects.v[1].operands.v[0].literal);
    assert_int_equal(run_read_exec(&arena, NULL, 0).effects.n, 0);
}

/* ---- hostile input -------------------------------------------------------------------------- */

static struct str repeat(const char *front, const char *part, size_t times)
{
    struct buf b = buf_in(&arena);
    buf_addz(&b, front);
    for (size_t i = 0; i < times; i++)
        buf_addz(&b, part);
    return buf_str(&b);
}

static void test_pathological(void **state)
{
    (void)state;
    static const char *const parts[][2] = {
        {"", "sudo "},         {"", "env "},
        {"", "xargs "},        {"", "find -exec "},
        {"", "sh -c "},        {"", "busybox "},
        {"", "su -c x "},      {"find . ", "-exec x {} \\; "},
        {"find ", "a "},       {"rm ", "{a,b}"},
        {"rm ", "{a,b} "},     {"mkdir {", "a,"},
        {"useradd -G ", "a,"}, {"tee ", "/etc/passwd "},
        {"chmod ", "-"},       {"echo a>>/etc/passwd ", "a:b:c:d:"},
        {"", "gosu a "},       {"useradd ", "-"},
        {"adduser ", "x "},    {"mkdir ", "{"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        run_read(&arena, repeat(parts[i][0], parts[i][1], 100000));
        arena_release(&arena);
    }
}

/* sh -c in sh -c in …, each quoted for the next. */
static void test_nested_scripts_are_capped(void **state)
{
    (void)state;
    struct str text = STR("mkdir a");
    for (int i = 0; i < 20 && text.n < 1 << 20; i++) {
        struct buf b = buf_in(&arena);
        buf_addz(&b, "sh -c \"");
        for (size_t k = 0; k < text.n; k++)
            buf_addf(&b, text.p[k] == '"' || text.p[k] == '\\' ? "\\%c" : "%c", text.p[k]);
        buf_addz(&b, "\"");
        text = buf_str(&b);
        struct run_effects r = run_read(&arena, text);
        assert_true(i > 8 || (r.complete && r.effects.n == 1 && r.effects.v[0].kind == RUN_MKDIR));
    }
}

/* Programs without what they need. */
static const char *const cut_short[] = {
    "useradd -u",
    "useradd --uid",
    "useradd",
    "groupadd",
    "adduser",
    "adduser -G",
    "addgroup",
    "usermod",
    "usermod -aG",
    "groupmod -g",
    "userdel",
    "gpasswd -a",
    "passwd",
    "chsh -s",
    "chown",
    "chown -R",
    "chgrp",
    "chmod",
    "chmod -R",
    "mkdir -m",
    "install",
    "install -t",
    "install -d",
    "rm",
    "mv",
    "mv -t",
    "ln",
    "touch",
    "tee",
    "cd",
    "umask",
    "sudo",
    "sudo -u",
    "env -u",
    "exec -a",
    "time -f",
    "nice -n",
    "timeout",
    "timeout 5",
    "busybox",
    "sh -c",
    "sh -o",
    "eval",
    "xargs -n",
    "find",
    "find -exec",
    "find . -exec",
    "find . -exec +",
    "find . -exec {} +",
    "gosu",
    "setpriv --reuid",
    "su -c",
    "su",
    "chpst -u",
    "start-stop-daemon -c",
    "apt-get",
    "apt-get -o",
    "apk -X",
    "yum -c",
    "zypper -t",
    "pacman -S",
    "dpkg",
    "rpm -D",
    "sed -i",
    "sed -e",
    "setcap",
    "ip",
    "mount",
    "chown ''",
    "'' ''",
    "useradd '' ''",
    "chmod ''",
    "sh -c ''",
    "mkdir ''",
    "echo >''",
    "rm -",
    "rm --",
    "rm -- --",
    "useradd --=x",
    "chown : x",
    "su ''",
};

static void test_missing_arguments(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cut_short / sizeof *cut_short; i++)
        assert_true(run_read(&arena, str_of(cut_short[i])).complete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_useradd),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_adduser_of_debian),
        cmocka_unit_test(test_adduser_of_busybox),
        cmocka_unit_test(test_adduser_of_red_hat),
        cmocka_unit_test(test_users_changed),
        cmocka_unit_test(test_account_lines),
        cmocka_unit_test(test_chown),
        cmocka_unit_test(test_chmod),
        cmocka_unit_test(test_directories),
        cmocka_unit_test(test_braces),
        cmocka_unit_test(test_other_paths),
        cmocka_unit_test(test_writes),
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_managers),
        cmocka_unit_test(test_wrappers),
        cmocka_unit_test(test_sudo),
        cmocka_unit_test(test_inner_scripts),
        cmocka_unit_test(test_dropping),
        cmocka_unit_test(test_for_each_file),
        cmocka_unit_test(test_capabilities),
        cmocka_unit_test(test_certain),
        cmocka_unit_test(test_everything_is_mentioned),
        cmocka_unit_test(test_exec_form),
        cmocka_unit_test(test_pathological),
        cmocka_unit_test(test_nested_scripts_are_capped),
        cmocka_unit_test(test_missing_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
