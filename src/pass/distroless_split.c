/*
 * Ships what runs and nothing else: a distroless image, without a shell and a package manager.
 * Asked for with --split; where it can't be proven that nothing else is needed, that is said, and
 * the other passes go on as if it had not been asked for.
 */
#include "pass/pass.h"
#include "split/split.h"
#include "unit/ship.h"

static void run(struct unit *u)
{
    if (!u->settings->split)
        return;
    ship_choose(u);
    for (size_t i = u->graph->stages.n; i-- > 0;)
        if (u->plans[i].shipped)
            split_stage(u, u->graph->stages.v[i]);
    write_numbers(u);
}

const struct pass pass_distroless_split = {
    .id = "distroless-split",
    .summary = "ship a distroless image, without a shell (with --split)",
    .why =
        "Who gets into a container with a shell and a package manager finds his tools there. The "
        "author's stage becomes a build stage, and a new last stage copies what runs: the "
        "program, the files that it reads, the directories that it writes to. ENV, EXPOSE, "
        "LABEL, WORKDIR, VOLUME, STOPSIGNAL and HEALTHCHECK come along. Where nothing is built in "
        "the last stage, its base image is replaced. It is done where the file, the build "
        "context and what is known of images prove that nothing else is needed.",
    .refs = "",
    .phase = PASS_SPLIT,
    .run = run,
};
