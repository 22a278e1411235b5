/* Bake files, in HCL and in JSON: targets, what they inherit, matrices, groups. */
#include "tests/unit/builds_show.h"

static void check(const char *hcl, const char *want)
{
    EQ_STR(show("docker-bake.hcl", hcl), str_of(want), hcl);
}

/* A target `a` on one line. */
static void target(const char *body, const char *want)
{
    struct str hcl = str_fmt(&arena, "target \"a\" {\n%s\n}\n", body);
    EQ_STR(show("docker-bake.hcl", hcl.p), str_fmt(&arena, "a@1 %s\n", want), body);
}

static void targets(void **state)
{
    (void)state;
    target("", "in= file=Dockerfile");
    target("context = \"web\"", "in=web file=web/Dockerfile");
    target("context = \"web\"\ndockerfile = \"docker/D\"\ntarget = \"t\"",
           "in=web file=web/docker/D target=t");
    target("context = \"\"", "in= file=Dockerfile");
    target("context = null\ndockerfile = null\ntarget = null", "in= file=Dockerfile");
    target("dockerfile = \"\"", "in= file=?");
    target("target = \"\"", "in= file=Dockerfile target=");
    target("dockerfile-inline = \"FROM x\"", "in= file=? inline");
    target("dockerfile-inline = <<EOT\nFROM x\ntarget = \"}\"\nEOT\ntarget = \"t\"",
           "in= file=? target=t inline");
    target("dockerfile-inline = <<-EOT\n  FROM x\n  EOT\n", "in= file=? inline");
    target("dockerfile-inline = null", "in= file=Dockerfile");
    target("context = \"https://x.example/a.git\"", "in=? file=?");
    target("context = \"target:b\"", "in=? file=?");
    target("context = \"cwd://web\"", "in=web file=web/Dockerfile");
    target("tags = [\"x:1\", \"x:2\"]", "in= file=Dockerfile image=x:1");
    target("tags = []", "in= file=Dockerfile image=");
    target("tags = f()", "in= file=Dockerfile image=?");
    target("contexts = { alpine = \"docker-image://x\", src = \"../src\" }",
           "in= file=Dockerfile +alpine=docker-image://x +src=../src");
    check("target \"a\" { context = \"x\" }\ntarget b {\n}\ntarget \"a\" {\n target = \"t\" }\n",
          "a@1 in=x file=x/Dockerfile target=t\nb@2 in= file=Dockerfile\n");
    struct str cwd = STR("target \"a\" { context = \"cwd://web\" }");
    EQ(show_from("x/bake.hcl", NULL, cwd), "a@1 in=? file=?\n");
    EQ(show_from("x/bake.hcl", "", cwd), "a@1 in=web file=web/Dockerfile\n");
}

static void arguments(void **state)
{
    (void)state;
    target("args = { A = \"x\", B = 1, C = true\n D = null\n \"E\" : \"y\", F = \"\", G = 1.50 }",
           "in= file=Dockerfile A=x B=1 C=true E=y F= G=?");
    target("args = {\n  A = f(\"x\", [1])\n  B = x ? \"a\" : \"b\"\n  C = 1 + 1\n  D = \"d\"\n}",
           "in= file=Dockerfile A=? B=? C=? D=d");
    target("args = {\n  (x) = 1\n  B = 2\n}", "in= file=Dockerfile B=2 …");
    target("args = merge(x, { A = 1 })", "in= file=Dockerfile …");
    target("args = { A = -1, B = !x, C = [1], D = {} }", "in= file=Dockerfile A=? B=? C=? D=?");
    target("args = {\n  \"${x}\" = 1\n}", "in= file=Dockerfile …");
    target("args = {\n A = 1\n A = 2\n}", "in= file=Dockerfile A=2");
    target("args = null", "in= file=Dockerfile");
}

static void variables(void **state)
{
    (void)state;
    check(
        "variable \"V\" { default = \"1\" }\n"
        "variable \"W\" {\n  type = string\n  default = \"w${V}\"\n  validation {\n    condition = "
        "V != \"\"\n  }\n}\n"
        "variable \"EMPTY\" {}\n"
        "variable \"TYPED\" { type = string }\n"
        "variable \"F\" { default = f() }\n"
        "G = \"g\"\n"
        "H = \"${G}-${V}\"\n"
        "variable \"L\" { default = { args = { X = \"y\" }, list = [] } }\n"
        "target \"a\" {\n"
        "  target = W\n"
        "  args = {\n"
        "    V = V\n"
        "    X = \"x${V}${G}\"\n"
        "    EMPTY = EMPTY\n"
        "    TYPED = TYPED\n"
        "    F = \"a${F}\"\n"
        "    G = G\n"
        "    H = H\n"
        "    NONE = NONE\n"
        "    L = L.args.X\n"
        "    M = L.none\n"
        "    N = L.list\n"
        "    O = V.x\n"
        "    P = L[\"args\"]\n"
        "    Q = \"$${V}%%{x}\"\n"
        "    R = \"a%{ if true }b%{ endif }\"\n"
        "    S = \"${~ V ~}\"\n"
        "    T = \"${\"${V}\"}\"\n"
        "  }\n"
        "}\n"
        "target \"b\" { args = L.args }\n",
        "a@15 in= file=Dockerfile target=w1~ V=1~ X=x1g~ EMPTY=~ TYPED=?~ F=? G=g H=g-1~ NONE=? "
        "L=y~ M=? N=?~ O=? P=? Q=${V}%{x} R=? S=? T=1~\n"
        "b@37 in= file=Dockerfile X=y~\n");
    check("variable \"A\" { default = \"${B}\" }\nvariable \"B\" { default = A }\nC = C\n"
          "target \"a\" { args = { A = A, C = C } }\n",
          "a@4 in= file=Dockerfile A=?~ C=?\n");
}

static void variables_that_grow(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "variable \"v0\" { default = \"xxxxxxxxxxxxxxxx\" }\n");
    for (int i = 1; i < 15; i++)
        buf_addf(&b, "variable \"v%d\" { default = \"${v%d}${v%d}${v%d}\" }\n", i, i - 1, i - 1,
                 i - 1);
    buf_addz(&b,
             "target \"a\" { args = { A = v14, B = \"b\" } }\ntarget \"b\" { args = { A = v0 } }");
    /* Whatever comes after the budget is gone is not known either. */
    check(buf_str(&b).p, "a@16 in= file=Dockerfile A=?~ B=?\nb@17 in= file=Dockerfile …\n");
}

static void inheritance(void **state)
{
    (void)state;
    check(
        "target \"c\" {\n  inherits = [\"a\", \"b\"]\n  args = { Z = \"c\" }\n}\n"
        "target \"a\" {\n  context = \"a\"\n  target = \"a\"\n  args = { X = \"a\", Z = \"a\" }\n}\n"
        "target \"b\" {\n  target = \"b\"\n  args = { X = \"b\", Y = \"b\" }\n  contexts = { q = \"r\" }\n}\n"
        "target \"d\" {\n  inherits = [\"c\"]\n  context = \"d\"\n  args = { Z = null }\n}\n",
        "c@1 in=a file=a/Dockerfile target=b X=b Z=c Y=b +q=r inherited\n"
        "a@5 in=a file=a/Dockerfile target=a X=a Z=a inherited\n"
        "b@10 in= file=Dockerfile target=b X=b Y=b +q=r inherited\n"
        "d@15 in=d file=d/Dockerfile target=b X=b Z=c Y=b +q=r\n");
    /* From another file, or not to be told. */
    check("target \"a\" {\n inherits = [\"x\"]\n target = \"t\"\n}\n"
          "target \"b\" {\n inherits = V\n context = \"b\"\n dockerfile = \"D\"\n}\n"
          "target \"c\" {\n inherits = [\"d\", \"a\"]\n}\n"
          "target \"d\" { context = \"d\" }\n"
          "target \"e\" { inherits = [\"e\"] }\n"
          "target \"f\" { inherits = [] }\n",
          "a@1 in=? file=? target=t image=? … +… inherited partial\n"
          "b@5 in=b file=b/D target=? image=? … +… partial\n"
          "c@10 in=? file=? target=t image=? … +… partial\n"
          "d@13 in=d file=d/Dockerfile inherited\n"
          "e@14 in=? file=? target=? image=? … +… inherited partial\n"
          "f@15 in= file=Dockerfile\n");
    check("target \"a\" { inherits = [\"b\"] }\ntarget \"b\" { dockerfile-inline = \"FROM x\" }\n",
          "a@1 in= file=? inline\nb@2 in= file=? inline inherited\n");
}

static void groups(void **state)
{
    (void)state;
    static const char *const all =
        "target \"base\" {}\ntarget \"default\" { inherits = [\"base\"] }\n"
        "target \"x\" { inherits = [\"default\"] }\n";
    struct str with = str_cat(&arena, str_of(all), STR("group \"g\" { targets = [\"base\"] }\n"));
    check(all, "base@1 in= file=Dockerfile inherited\ndefault@2 in= file=Dockerfile\n"
               "x@3 in= file=Dockerfile\n");
    static const char *const plain = "base@1 in= file=Dockerfile\ndefault@2 in= file=Dockerfile\n"
                                     "x@3 in= file=Dockerfile\n";
    check(with.p, plain);
    with = str_cat(&arena, str_of(all), STR("group \"g\" { targets = f() }\n"));
    check(with.p, plain);
    with = str_cat(&arena, str_of(all), STR("group \"g\" { targets = [\"b*\"] }\n"));
    check(with.p, plain);
    with = str_cat(&arena, str_of(all), STR("group \"g\" { targets = [V] }\n"));
    check(with.p, plain);
}

static void what_is_no_image(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool no_image;
    } rows[] = {
        {"output = [\"type=local,dest=out\"]", true},
        {"output = [\"type=cacheonly\"]", true},
        {"output = [\"./bin\"]", true},
        {"output = [\"-\"]", true},
        {"output = [{ type = \"local\" }]", true},
        {"output = [\"dest=x,type=tar\"]", true},
        {"output = [\"type=docker\"]", false},
        {"output = [\"type=registry\"]", false},
        {"output = [\"type=local\", \"type=image\"]", false},
        {"output = []", false},
        {"output = null", false},
        {"output = [f()]", false},
        {"output = f()", false},
        {"output = [{ type = T }]", false},
        {"output = [\"\"]", false},
        {"call = \"check\"", true},
        {"call = \"build\"", false},
        {"call = \"\"", false},
        {"call = V", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        target(rows[i].body,
               rows[i].no_image ? "in= file=Dockerfile no-image" : "in= file=Dockerfile");
    check("target \"a\" { output = [\"out\"] }\n"
          "target \"b\" { inherits = [\"a\"] }\n"
          "target \"c\" {\n inherits = [\"a\"]\n output = [\"type=image\"]\n}\n"
          "target \"d\" {\n inherits = [\"b\", \"e\"]\n}\n"
          "target \"e\" { output = [\"type=docker\"] }\n",
          "a@1 in= file=Dockerfile no-image inherited\n"
          "b@2 in= file=Dockerfile no-image inherited\n"
          "c@3 in= file=Dockerfile\n"
          "d@7 in= file=Dockerfile\n"
          "e@10 in= file=Dockerfile inherited\n");
}

static void matrices(void **state)
{
    (void)state;
    check("target \"app\" {\n"
          "  name = \"app-${tgt}-${v}\"\n"
          "  matrix = {\n    tgt = [\"web\", \"job\"]\n    v = [\"1\", \"2\"]\n  }\n"
          "  target = tgt\n"
          "  args = { V = v }\n"
          "}\n",
          "app-web-1@1 in= file=Dockerfile target=web V=1\n"
          "app-job-1@1 in= file=Dockerfile target=job V=1\n"
          "app-web-2@1 in= file=Dockerfile target=web V=2\n"
          "app-job-2@1 in= file=Dockerfile target=job V=2\n");
    check("target \"app\" {\n"
          "  name = \"app-${item.n}\"\n"
          "  matrix = { item = [{ n = \"x\", d = \"dx\" }, { n = \"y\", d = D }] }\n"
          "  context = item.d\n"
          "}\n"
          "variable \"D\" { default = \"dy\" }\n"
          "target \"more\" { inherits = [\"app-y\"] }\n",
          "app-x@1 in=dx file=dx/Dockerfile\n"
          "app-y@1 in=dy~ file=dy/Dockerfile~ inherited\n"
          "more@7 in=dy~ file=dy/Dockerfile~\n");
    /* Names that can't be told are no names. */
    check("target \"a\" {\n  name = replace(x, \"a\", \"b\")\n  matrix = { x = [\"p\", \"q\"] }\n"
          "  target = x\n}\ntarget \"a\" {}\n",
          "a@1 in= file=Dockerfile target=p\na@1 in= file=Dockerfile target=q\n"
          "a@6 in= file=Dockerfile\n");
    check("target \"a\" {\n  matrix = f()\n  target = x\n  dockerfile = \"D\"\n}\n"
          "variable \"x\" { default = \"wrong\" }\n",
          "a@1 in=? file=? target=? image=? … +… partial\n");
    check("target \"a\" {\n  matrix = { x = L }\n  target = x\n}\n"
          "variable \"x\" { default = \"wrong\" }\n",
          "a@1 in=? file=? target=? image=? … +… partial\n");
    check("target \"a\" {\n  matrix = { x = [] }\n}\n", "");
    check("target \"a\" {\n  matrix = {}\n}\n", "a@1 in= file=Dockerfile\n");
    check("target \"a\" {\n  matrix = { x = L }\n  target = x\n}\n"
          "variable \"L\" { default = [\"p\", f()] }\n",
          "a@1 in= file=Dockerfile target=p~\na@1 in= file=Dockerfile target=?~\n");
    struct buf big = buf_in(&arena);
    buf_addz(&big, "target \"a\" {\n  matrix = {\n");
    for (int i = 0; i < 9; i++)
        buf_addf(&big, "    x%d = [\"1\", \"2\"]\n", i);
    buf_addz(&big, "  }\n}\n");
    check(buf_str(&big).p, "a@1 in=? file=? target=? image=? … +… partial\n");
}

static void json(void **state)
{
    (void)state;
    static const char *const file =
        "{\n"
        "  \"variable\": {\"TAG\": {\"default\": \"1\"}, \"N\": {}},\n"
        "  \"G\": \"g\",\n"
        "  \"group\": {\"default\": {\"targets\": [\"a\"]}},\n"
        "  \"target\": {\n"
        "    \"a\": {\n"
        "      \"context\": \"web\\/x\",\n"
        "      \"dockerfile\": \"D\",\n"
        "      \"tags\": [\"x:${TAG}\"]\n"
        "      ,\"args\": {\"A\": \"${G}\\u00e9\\ud83d\\udc33\", \"B\": 1, \"C\": null, \"D\": "
        "\"$${x}\", \"E\": -1, \"F\": \"${f(1)}\", \"G\": \"\\b\"}\n"
        "    },\n"
        "    \"b\": [{\"inherits\": [\"a\"]}, {\"target\": \"t\"}],\n"
        "    \"c\": {\"name\": \"c-${x}\", \"matrix\": {\"x\": [\"1\", \"2\"]}, \"target\": "
        "\"${x}\"},\n"
        "    \"d\": \"text\"\n"
        "  },\n"
        "  \"function\": {\"f\": {\"params\": [\"x\"], \"result\": \"${x}\"}}\n"
        "}\n";
    EQ(show("docker-bake.json", file),
       "a@6 in=web/x file=web/x/D image=x:1~ A=g\xC3\xA9\xF0\x9F\x90\xB3 B=1 D=${x} E=? F=? G=\b\n"
       "b@12 in=web/x file=web/x/D target=t image=x:1~ A=g\xC3\xA9\xF0\x9F\x90\xB3 B=1 D=${x} E=? "
       "F=? G=\b\n"
       "c-1@13 in= file=Dockerfile target=1\n"
       "c-2@13 in= file=Dockerfile target=2\n");
    EQ(show("docker-bake.json", "{\"target\": [{\"a\": {}}, {\"b\": {}}]}"),
       "a@1 in= file=Dockerfile\nb@1 in= file=Dockerfile\n");
    EQ(show("docker-bake.json", "\xEF\xBB\xBF{\"target\": {\"a\": {}}, \"target\": {\"b\": {}}}"),
       "a@1 in= file=Dockerfile\nb@1 in= file=Dockerfile\n");
    EQ(show("docker-bake.json", "{\"target\": {\"a\": {}},}"),
       "! 1:22: string or '}' expected near '}'");
    EQ(show("docker-bake.json", ""), "! 1:1: '[' or '{' expected near end of file");
    EQ(show("docker-bake.json", "{} x"), "! 1:4: end of file expected near 'x'");
    EQ(show("docker-bake.json", "{\"target\": 7, \"group\": [7, [8]]}"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(arguments),
        cmocka_unit_test(variables),
        cmocka_unit_test(variables_that_grow),
        cmocka_unit_test(inheritance),
        cmocka_unit_test(groups),
        cmocka_unit_test(what_is_no_image),
        cmocka_unit_test(matrices),
        cmocka_unit_test(json),
    };
    return cmocka_run_group_tests_name("builds_bake", tests, NULL, teardown);
}
