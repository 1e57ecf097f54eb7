// swift-format-ignore-file
// Made from recipes/ by scripts/embed-recipes.sh; edit the recipes, then run it again.

/// The recipes that ship with relsh: path in `recipes/` to text. An import reaches them as `"std/dev.rel"`.
package enum StandardRecipes {
    package static let files: [String: String] = [
        "candidates.rel": #"""
#!/usr/bin/env relsh
import "prod.rel" as prod_flow
import "lib/candidates.rel"
import "lib/images.rel"
import "lib/publishing.rel"

## Push a candidate for prod that was built here: its own tag alone.
recipe docker_push_prod_candidate_image(
    ## What follows `prod-` in its tag: HASH, or USER-HASH.
    candidate: Str,
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## Registries to push to.
    target_registries: [Registry] = [project.registries.home()],
) {
    publishing.login(target_registries)
    publishing.as_tag(
        images.named(candidates.tag(candidate), base_image: base_image),
        target_registries,
    )
}

## Build a candidate for prod from the commit that is checked out, push it, and tell its tag.
default recipe docker_create_candidate_image(
    ## Put this user's name into the tag: `prod-USER-HASH`.
    user_tag: Str? = null,
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
) -> Str {
    candidates.check_workspace(container_dir_name)
    let image = prod_flow.docker_build_prod_image(..., candidate: true)
    let home = project.registries.home()
    publishing.login([home])
    publishing.as_tag(image, [home])
    print(image.tag)
    "${image.tag}"
}

"""#,
        "checklists.rel": #"""
#!/usr/bin/env relsh
import "lib/checklists.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/versions.rel"

## Go through what must be done before a release.
##
## relsh looks up the changelog, the local image, and whether its ledger saw each suite pass on just this image.
recipe pre_release_checklist(
    ## Version to release; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## The stage of the image that is to be released.
    stage: "local" | "dev" | "prod" = "local",
) {
    let v = versions.chosen(version, just_do_it: true)
    let image = images.of_stage(stage, version: v)
    let is_built = docker.exists(image)
    var found = {}
    found["the changelog says what is new in ${v}"] = checklists.changes(v) != []
    found["the image ${image.tag} is built"] = is_built
    for suite in project.suites() {
        found["the ${suite} tests passed on ${image.tag}"] = is_built and tests.passed(suite, image)
    }
    checklists.settle("Before the release of ${v}", found, "pre_release")
}

## Go through what must be done after a release.
##
## relsh looks up whether every registry has the same image, and whether the git tag is on origin.
recipe post_release_checklist(
    ## The version that was released; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## The stage that was released.
    stage: "dev" | "prod" = "dev",
) {
    let v = versions.chosen(version, just_do_it: true)
    let tag = if stage == "dev" { "dev-${versions.of_dev(v)}" } else { "prod-${v}" }
    let released = registry.digest(project.image(tag))
    var found = {}
    for target in project.registries.for_stage(stage) {
        for name in [tag, stage] {
            let digest = registry.digest(project.image(name, registry: target))
            found["${name} of ${target.name} is the image that was released"] = digest != null and
                digest == released
        }
    }
    let git_tag = publishing.commit_tag(v)
    let origin = $(git ls-remote --tags origin ${"refs/tags/${git_tag}"})
    found["the git tag ${git_tag} is on origin"] = origin != ""
    checklists.settle("After the release of ${v}", found, "post_release")
}

## Tell the team that a new version is released, and what is new in it.
recipe announce(
    ## The version that was released; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## The channel in relsh.toml, [notifications]; the first where none is given.
    channel: Str? = null,
) {
    let v = versions.chosen(version, just_do_it: true)
    let changes = checklists.changes(v)
    if changes == [] {
        fail "the changelog says of nothing new in ${v}: there is nothing to announce; `relsh add_changelog_entry` adds an entry, and --version names another"
    }
    let lines = ["${project.name} ${v} is released:"] + changes.map(fn(change) => "- ${change}")
    let text = (lines + ["To get it: `relsh docker_pull`"]).join("\n")
    step "Tell the team" { notify.send(text, channel: channel) }
}

"""#,
        "containers.rel": #"""
#!/usr/bin/env relsh

## The containers of this machine, the newest first.
fn rows(containers: List) -> List {
    containers.map(
        fn(container) => {
            id: container["ID"][0..11],
            user: label(container, "user"),
            image: container["Image"],
            command: container["Command"].replace("\"", ""),
            created: container["RunningFor"],
            status: container["Status"],
            ports: container["Ports"],
            service: label(container, "com.docker.compose.service"),
        },
    )
}

## A label of a container; empty where it has none of that name.
fn label(container: Map, name: Str) -> Str {
    for pair in container["Labels"].split(",") {
        if pair.starts_with("${name}=") { return pair.replace("${name}=", "") }
    }
    ""
}

## List the containers that run.
default recipe docker_ps() {
    let running = docker.ps()
    if running == [] { print("no container runs") } else { ui.table(rows(running)) }
}

## Show what the container that was started last uses of the machine.
recipe docker_stats(
    ## Show all that run.
    all: Bool = false,
) {
    let running = docker.ps().map(fn(container) => container["ID"])
    let wanted = if all { running } else { running[0..<min(1, running.len())] }
    if wanted == [] {
        print("no container runs")
    } else {
        ui.table(
            docker.stats(containers: wanted).map(
                fn(row) => {
                    id: row["ID"],
                    name: row["Name"],
                    cpu: row["CPUPerc"],
                    memory: row["MemUsage"],
                    "memory %": row["MemPerc"],
                    network: row["NetIO"],
                    disk: row["BlockIO"],
                    processes: row["PIDs"],
                },
            ),
        )
    }
}

## Stop and remove the container that was started last.
recipe docker_kill(
    ## Stop and remove every container of this machine; asks first.
    all: Bool = false,
) {
    let containers = docker.ps(all: true)
    let doomed = if all { containers } else { containers[0..<min(1, containers.len())] }
    if doomed == [] {
        print("there is no container")
        return
    }
    ui.table(rows(doomed))
    if all and not confirm("Remove all ${doomed.len()} containers of this machine?") {
        fail "nothing was removed"
    }
    for container in doomed {
        step "Remove ${container["Names"]}" { docker.remove_container(container["ID"]) }
    }
}

"""#,
        "dev.rel": #"""
#!/usr/bin/env relsh
import "lib/building.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/suites.rel"
import "lib/versions.rel"

## Build the local image: a candidate for the dev image.
##
## It is tagged `local-USER-VERSION` and stays on this machine.
recipe docker_build_local_image(
    ## Version to build; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Reuse the build cache.
    cache: Bool = true,
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## Resolve the Python packages anew (update), or take them as they are locked (no_update).
    poetry_mode: "update" | "no_update" = "update",
    ## The same as a switch: --update-poetry or --no-update-poetry.
    update_poetry: Bool? = null,
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
    ## Build a version below the newest of the changelog all the same.
    just_do_it: Bool = false,
    ## Remove what only the installation needed.
    cleanup_installation: Bool = true,
    ## Build for several platforms: those of the project, or the ones that are listed here.
    multi_arch: Bool | [Str] = false,
    ## The platforms to build for, such as linux/amd64,linux/arm64.
    platform: [Str] = [],
) -> Image {
    building.check_dir(container_dir_name)
    let platforms = building.platforms(multi_arch, platform)
    if platforms != [] { publishing.login([project.registries.home()]) }
    let local = building.local(
        versions.chosen(version, just_do_it: just_do_it),
        base_image: base_image,
        cache: cache,
        poetry_mode: building.poetry_mode(poetry_mode, update_poetry),
        container_dir_name: container_dir_name,
        cleanup_installation: cleanup_installation,
        platforms: platforms,
    )
    if platforms == [] { local } else { building.pull_native(local) }
}

## Promote the local image to dev on this machine, and tag the commit in git.
recipe docker_tag_local_image_as_dev(
    ## Version to promote; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
) {
    let v = versions.chosen(version, just_do_it: true)
    building.check_dir(container_dir_name)
    let local = images.local(v, base_image: base_image)
    transaction "Promote ${local.tag} to dev" {
        building.tag_locally(local, images.dev(versions.of_dev(v), base_image: base_image))
        building.tag_locally(local, images.named("dev", base_image: base_image))
        publishing.tag_commit(v, push: false)
    }
}

## Push the dev image to the registries, and the git tag with it.
recipe docker_push_dev_image(
    ## Version to push; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## Registries to push to.
    target_registries: [Registry] = project.registries.for_stage("dev"),
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
) {
    let v = versions.chosen(version, just_do_it: true)
    building.check_dir(container_dir_name)
    let dev = versions.of_dev(v)
    publishing.check_commit(v)
    publishing.prepare(target_registries, ["dev"])
    transaction "Push dev ${dev}" {
        publishing.tag_commit(v)
        publishing.publish(images.dev(dev, base_image: base_image), "dev", dev, target_registries)
    }
}

## Mirror a released dev image from its registry to others: its version's tag and `dev`, every platform.
recipe docker_tag_push_dev_image(
    ...docker_push_dev_image,
    ## Registries to mirror to.
    target_registries: [Registry] = project.registries.for_stage("dev"),
) {
    building.check_dir(container_dir_name)
    let dev = versions.of_dev(versions.chosen(version, just_do_it: true))
    publishing.prepare(target_registries, ["dev"])
    let released = images.pinned(images.dev(dev, base_image: base_image))
    transaction "Mirror ${released.tag}" {
        publishing.publish(released, "dev", dev, target_registries)
    }
}

## Build, test and release the dev image.
##
## The image that passed the tests is, by digest, the image that ships.
default recipe docker_release_dev_image(
    ## Version to release; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Reuse the build cache.
    cache: Bool = true,
    ...suites.chosen,
    ## Publish the image and push the git tag.
    push_to_repo: Bool = true,
    ## Resolve the Python packages anew (update), or take them as they are locked (no_update).
    poetry_mode: "update" | "no_update" = "update",
    ## The same as a switch: --update-poetry or --no-update-poetry.
    update_poetry: Bool? = null,
    ## Registries to publish to.
    target_registries: [Registry] = project.registries.for_stage("dev"),
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
    ## Release a version below the newest of the changelog, or over another image of the same version.
    just_do_it: Bool = false,
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    building.check_dir(container_dir_name)
    publishing.check_commit(v, push: push_to_repo)
    if push_to_repo {
        publishing.prepare(target_registries, ["dev"])
        if not just_do_it { publishing.check_patch(v, target_registries) }
    }
    let mode = building.poetry_mode(poetry_mode, update_poetry)
    let [local, _] = parallel {
        building.local(
            v,
            cache: cache,
            poetry_mode: mode,
            container_dir_name: container_dir_name,
        )
        project.lock()
    }
    suites.run(suites.chosen(...), local, stage: "local", version: v)

    transaction "Release dev ${v}" {
        publishing.tag_commit(v, push: push_to_repo)
        publishing.release(
            local,
            "dev",
            versions.of_dev(v),
            target_registries,
            push_to_repo: push_to_repo,
            overwrite: just_do_it,
        )
    }
}

"""#,
        "git.rel": #"""
#!/usr/bin/env relsh
import "lib/images.rel"
import "lib/sync.rel"

## Make a branch for an issue, named from it, and push it.
default recipe git_create_branch(
    ## The number of the issue.
    issue: Int,
) {
    let title = "${github.issue(issue)["title"]}"
    let name = "${project.issue_prefix}${issue}_${title.find_all("[A-Za-z0-9]+").join("_")}"
    if git.branch() != project.main_branch {
        ui.note("the branch begins at this commit, which is not on ${project.main_branch}")
    }
    step "Create the branch ${name}" { git.create_branch(name) }
    step "Push the branch ${name}" { $ git push --set-upstream origin ${name} }
}

## Merge the main branch of origin into the branch that is checked out.
recipe git_merge_master() {
    let main = project.main_branch
    if $(git status --porcelain --untracked-files=no) != "" {
        fail "commit or stash your changes first: a merge that fails could not be told from them"
    }
    step "Fetch ${main}" { $ git fetch origin ${main} }
    step "Merge origin/${main}" {
        try {
            $ git merge --no-edit ${"origin/${main}"}
        } catch err {
            let conflicts = $(git diff --name-only --diff-filter=U).lines()
            if conflicts == [] { fail err }
            fail "origin/${main} cannot be merged by itself, as both sides have changed ${conflicts.join(", ")}: resolve them, then `git add` them and `git commit`; or `git merge --abort` to be where you were"
        }
    }
}

## Open a pull request of the branch that is checked out.
recipe git_create_pull_request(
    ## What it is about; the last commit's first line where none is given.
    title: Str? = null,
    ## The description.
    body: Str = "",
    ## Who is asked to look at it.
    reviewers: [Str] = [],
    ## Whose it is.
    assignee: Str? = null,
    ## Labels that the repository has.
    labels: [Str] = [],
) {
    let branch = git.branch()
    if branch == null {
        fail "a pull request needs a branch, and none is checked out: go to one with `git switch`"
    }
    if branch == project.main_branch {
        fail "a pull request goes to ${branch}, which is what is checked out: make a branch first, with `relsh git_create_branch` for one"
    }
    step "Push the branch ${branch}" { git.push(branch) }
    let url = step "Open the pull request" {
        github.create_pull_request(
            title ?? $(git log -1 --format=%s),
            branch,
            project.main_branch,
            body: body,
            reviewers: reviewers,
            assignees: if assignee == null { [] } else { [assignee] },
            labels: labels,
        )
    }
    print(url)
}

## Put a new entry at the top of the changelog.
recipe add_changelog_entry(
    ## What was changed; each line of it becomes one of the entry.
    change: Str,
    ## The part of the newest version to raise.
    bump: "major" | "minor" | "patch" = "minor",
) {
    let v = changelog.newest().bump(bump)
    step "Add ${v} to the changelog" { changelog.add(v, change.lines()) }
    print(v)
}

## Say whether the code and the container on this machine belong together; exit code 1 where they do not.
recipe check_sync(
    ## The stage of the container.
    stage: "local" | "dev" | "prod" = "dev",
    ## Its version; the newest where none is given.
    version: Version? = null,
) {
    let image = images.of_stage(stage, version: version)
    if not docker.exists(image) {
        fail "there is no ${image.familiar} on this machine: pull it with `relsh docker_pull`"
    }
    let text = sync.message(image, stage)
    if text != null {
        print(text)
        fail "the code is not in sync with ${image.familiar}"
    }
    print("the code and ${image.familiar} are in sync")
}

"""#,
        "images.rel": #"""
#!/usr/bin/env relsh
import "lib/images.rel" as names
import "lib/publishing.rel"
import "lib/sync.rel"

## Log in to the registries that ask for it, with the password in their environment variable.
recipe docker_login(
    ## Registries to log in to.
    target_registries: [Registry] = project.registries.all(),
) {
    publishing.login(target_registries)
}

## Pull the image of a stage.
recipe docker_pull(
    ## The stage whose image to pull.
    stage: "local" | "dev" | "prod" = "dev",
    ## Its version; the newest where none is given.
    version: Version? = null,
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## Use the image on this machine without looking for a newer one.
    skip_pull: Bool = false,
) {
    let image = names.of_stage(stage, version: version, base_image: base_image)
    if not skip_pull { step "Pull ${image.familiar}" { docker.pull(image) } }
}

## Open a shell in the image of a stage.
##
## It runs as you; for local and dev the source is mounted at /app.
recipe docker_bash(
    ...docker_pull,
    ## Run as the calling user.
    as_user: Bool = true,
) {
    docker_cmd(..., cmd: "bash")
}

## Run a command in the image of a stage.
##
## It runs as you; for local and dev the source is mounted at /app. It reads what relsh is given, and what it prints is shown as it comes.
## Where it fails, relsh names its exit code, and ends with 1.
recipe docker_cmd(
    ...docker_pull,
    ## The command, read by the shell of the image.
    cmd: Str,
    ## Run as the calling user.
    as_user: Bool = true,
) {
    let image = names.of_stage(stage, version: version, base_image: base_image)
    if stage != "local" and not skip_pull { step "Pull ${image.familiar}" { docker.pull(image) } }
    sync.tell(image, stage)
    docker.run(
        image,
        command: ["sh", "-c", cmd],
        mounts: if stage == "prod" { [] } else { ["${project.root}:/app"] },
        user: if as_user { "${$(id -u)}:${$(id -g)}" } else { null },
        workdir: "/app",
        labels: {user: project.user()},
        interactive: true,
    )
}

## List the project's images on this machine, of every registry.
recipe docker_images_ls_repo() {
    let repositories = project.registries.all().map(
        fn(home) => project.image("any", registry: home).with(tag: null).familiar,
    )
    let images = docker.images().filter(fn(image) => image["Repository"] in repositories)
    ui.table(
        images.map(
            fn(image) => {
                repository: image["Repository"],
                tag: image["Tag"],
                id: "${image["ID"]}".replace("sha256:", "")[0..11],
                created: image["CreatedSince"],
                size: image["Size"],
            },
        ),
    )
}

"""#,
        "lib/building.rel": #"""
## How the images of the stages are built.
import "directories.rel"
import "images.rel"
import "versions.rel"

## The directory of the project, or of the part of it that has a `devops` of its own.
fn root(container_dir_name: Path) -> Path {
    directories.inside(container_dir_name, "--container-dir-name")
}

## Refuses a directory that holds nothing to build a stage from, before anything else is done.
fn check_dir(container_dir_name: Path, stage: Str = "dev") {
    let file = dockerfile(stage, container_dir_name)
    if not files.exists(file) {
        fail "there is no ${file}: --container-dir-name names the directory that holds devops, and [stages.${stage}] in relsh.toml another Dockerfile"
    }
}

fn dockerfile(stage: Str, container_dir_name: Path) -> Path {
    let directory = root(container_dir_name)
    if directory == project.root { return project.dockerfile(stage) }
    directory.join("devops/docker_build/${stage}.Dockerfile")
}

## `--update-poetry` in place of `--poetry-mode`.
fn poetry_mode(mode: "update" | "no_update", update_poetry: Bool?) -> Str {
    if update_poetry == null { mode } else if update_poetry { "update" } else { "no_update" }
}

## The platforms that `--multi-arch` and `--platform` ask for; none of them means this machine's alone.
fn platforms(multi_arch: Bool | [Str], platform: [Str]) -> [Str] {
    match multi_arch {
        true => if platform == [] { project.platforms() } else { platform }
        false => platform
        else => multi_arch
    }
}

fn suffix(platforms: [Str]) -> Str {
    if platforms == [] { "" } else { " for ${platforms.join(", ")}" }
}

## The builder for several platforms; for this machine's, docker chooses.
fn builder(platforms: [Str]) -> Str? {
    if platforms == [] { null } else { project.builder }
}

## Builds the local image of a version and gives it with its digest.
##
## For several platforms, an engine need not hold the result: it is pushed to its registry in the same go.
fn local(
    version: Version,
    base_image: Str? = null,
    cache: Bool = true,
    poetry_mode: Str = "update",
    container_dir_name: Path = Path("."),
    cleanup_installation: Bool = true,
    platforms: [Str] = [],
) -> Image {
    let target = images.local(version, base_image: base_image)
    let built = step "Build ${target.tag}${suffix(platforms)}" {
        docker.build(
            context: root(container_dir_name),
            file: dockerfile("dev", container_dir_name),
            tags: [target],
            args: {
                AM_CONTAINER_VERSION: "${version}",
                INSTALL_DIND: "True",
                POETRY_MODE: poetry_mode,
                CLEAN_UP_INSTALLATION: if cleanup_installation { "True" } else { "False" },
            },
            cache: cache,
            platforms: platforms,
            builder: builder(platforms),
            push: platforms != [],
        )
    }
    if poetry_mode == "update" { keep_packages(built, container_dir_name) }
    built
}

fn devops(container_dir_name: Path) -> Path {
    root(container_dir_name).join("devops/docker_build")
}

## Brings out of the image which packages poetry has chosen, so that they can be committed, where the project uses poetry.
fn keep_packages(image: Image, container_dir_name: Path) {
    let target = devops(container_dir_name)
    if files.exists(target.join("pyproject.toml")) {
        step "Bring poetry.lock and pip_list.txt out of ${image.tag}" {
            docker.copy_out(image, "/install/poetry.lock.out", target.join("poetry.lock"))
            docker.copy_out(image, "/install/pip_list.txt", target.join("pip_list.txt"))
        }
    }
}

## Builds the prod image of a version from a dev image, and gives it with its digest.
fn prod(
    version: Version,
    dev: Image,
    tags: [Image],
    cache: Bool = true,
    poetry_mode: Str = "no_update",
    container_dir_name: Path = Path("."),
    platforms: [Str] = [],
) -> Image {
    # An image of several platforms comes from its registry by digest; an id of this machine says nothing to a Dockerfile.
    let base = if platforms == [] { dev.with(digest: null) } else { dev }
    step "Build ${tags[0].tag} from ${dev.tag}${suffix(platforms)}" {
        docker.build(
            context: root(container_dir_name),
            file: dockerfile("prod", container_dir_name),
            tags: tags,
            args: {
                VERSION: "${versions.of_dev(version)}",
                PROD_VERSION: "${version}",
                ECR_BASE_PATH: project.registries.home().base,
                IMAGE_NAME: project.name,
                BASE_IMAGE: base.familiar,
                POETRY_MODE: poetry_mode,
            },
            cache: cache,
            platforms: platforms,
            builder: builder(platforms),
            push: platforms != [],
        )
    }
}

## Pulls what this machine can run of an image of several platforms, unless its build has left that here: the engine's own
## builder does.
fn pull(image: Image) {
    if docker.exists(image) { return }
    step "Pull ${image.tag} for this machine" { docker.pull(image) }
}

## The same, and gives it its name here.
fn pull_native(image: Image) -> Image {
    pull(image)
    docker.tag(image, image.with(digest: null))
    image
}

## Gives an image a further name on this machine; a transaction around it takes that back when it fails.
fn tag_locally(image: Image, target: Image) -> Image {
    step "Tag ${image.tag} as ${target.tag} on this machine" { docker.tag(image, target) }
    target
}

## Refuses a prod version whose dev is neither here nor released: they share major and minor.
fn check_dev(version: Version, base_image: Str? = null) {
    let dev = images.dev(versions.of_dev(version), base_image: base_image)
    if not docker.exists(dev) and registry.digest(dev) == null { refuse(version, dev) }
}

fn refuse(version: Version, dev: Image) {
    let release = "relsh docker_release_dev_image --version ${versions.of_dev(version)}"
    fail "${dev.familiar} must be released before prod ${version}, with `${release}`: dev and prod share major and minor"
}

## The dev image that was released with a version's major and minor; prod is built from it.
##
## What has that name on this machine will do where it is the one that was released, or where none was.
fn released_dev(version: Version, base_image: Str? = null) -> Image {
    let dev = images.dev(versions.of_dev(version), base_image: base_image)
    let released = try {
        registry.digest(dev)
    } catch err {
        if not docker.exists(dev) { fail err }
        ui.note(
            "${dev.familiar} is taken as it is on this machine, as its registry cannot be asked",
        )
        return dev
    }
    if released == null {
        if not docker.exists(dev) { refuse(version, dev) }
    } else if not images.is_here(dev.with(digest: released)) {
        step "Pull ${dev.tag}" { docker.pull(dev) }
    }
    dev
}

"""#,
        "lib/candidates.rel": #"""
## Candidates for prod: images of a commit, which become a release only when they are promoted.
import "building.rel"

## `prod-HASH`, or `prod-USER-HASH` where a person has built it for a test.
fn tag(hash: Str, user_tag: Str? = null) -> Str {
    if user_tag == null { "prod-${hash}" } else { "prod-${user_tag}-${hash}" }
}

## What a build of prod is to be called: a candidate where it is one, else a release.
fn names(candidate: Bool, hash: Str?, user_tag: Str?, release: [Str]) -> [Str] {
    if candidate { return [tag(hash ?? git.short_head(), user_tag: user_tag)] }
    if hash != null or user_tag != null {
        fail "--tag and --user-tag are parts of a candidate's tag: add --candidate, or leave them out"
    }
    release
}

## Refuses a workspace with large items that would go into every image: they slow down each build and pull, and cost storage.
fn check_workspace(container_dir_name: Path) {
    let root = building.root(container_dir_name)
    let items = docker.context_items(root, building.dockerfile("prod", container_dir_name))
    let large = items.filter(fn(item) => item.size > 200MB)
    if large != [] {
        let shown = large.map(fn(item) => "${item.name} (${item.size.bytes / 1000000} MB)").join(
            ", ",
        )
        fail "${root} has items over 200 MB: ${shown}; move them, or name them in the ignore file of the prod Dockerfile"
    }
}

## Demands the main branch without changes: what goes to preprod and prod is what everybody can see.
fn check_client() {
    let branch = git.branch()
    if branch != project.main_branch {
        fail "this must be released from ${project.main_branch}, and ${branch ?? "no branch"} is checked out: `git switch ${project.main_branch}`"
    }
    if not git.is_clean() {
        fail "this must be released from a clean ${project.main_branch}: commit or stash what `git status` shows"
    }
}

"""#,
        "lib/checklists.rel": #"""
## Check-lists: what relsh can look up is ticked or not, and for the rest a person is asked.

## Shows what was looked up, asks for what the project adds, and fails where something is not done.
fn settle(title: Str, found: Map, name: Str) {
    let asked = project.checklist(name)
    print(title)
    for item, is_done in found { print(if is_done { "- [x] ${item}" } else { "- [ ] ${item}" }) }
    for item in asked { print("- [ ] ${item}") }
    let missing = found.keys().filter(fn(item) => not found[item])
    if missing != [] { fail "not done yet: ${missing.join("; ")}" }
    if asked != [] {
        let open = ui.checklist(title, asked)
        if open != [] { fail "not done yet: ${open.join("; ")}" }
    }
    print("all is done")
}

## What the changelog says is new in a version, a line each; empty where it says nothing.
fn changes(version: Version) -> [Str] {
    let entry = changelog.entries().filter(fn(entry) => entry.version == version).first()
    if entry == null { [] } else { entry.changes }
}

"""#,
        "lib/dags.rel": #"""
## The DAGs of Airflow, which loads them from S3.

## Those of preprod, which become those of prod: `preprod.NAME.py`.
fn preprod() -> [Path] {
    let found = paths.glob("${project.dags}/preprod.*.py").map(fn(path) => Path("${path}"))
    if found == [] {
        fail "${project.dags} has no preprod.*.py: `dags` in relsh.toml, [airflow], names their directory"
    }
    found
}

fn url(s3_path: Str, name: Str) -> Str {
    if s3_path.ends_with("/") { s3_path + name } else { "${s3_path}/${name}" }
}

## Refuses DAGs that are not those which preprod runs.
fn check(dags: [Path], s3_path: Str) {
    let differing = dags.filter(fn(dag) => not aws.s3.same(dag, url(s3_path, dag.name)))
    if differing != [] {
        let names = differing.map(fn(dag) => dag.name).join(", ")
        fail "these preprod files are out of sync with ${s3_path}: ${names}; what goes to prod must have run on preprod, so upload them there and let it"
    }
}

## Uploads each as that of prod: `prod.NAME.py`.
fn upload(dags: [Path], s3_path: Str) {
    for dag in dags { aws.s3.upload(dag, url(s3_path, dag.name.replace("preprod.", "prod."))) }
}

"""#,
        "lib/directories.rel": #"""
## Directories that options name.

## A directory of the project; one that leads out of it is refused.
##
## - option: the option that names it, such as `--dir`.
fn inside(directory: Path, option: Str) -> Path {
    if directory == Path(".") { return project.root }
    let found = paths.absolute(project.root.join(directory))
    if found != project.root and not "${found}".starts_with("${project.root}/") {
        fail "${option} ${directory} is ${found}, which is not in the project ${project.root}: name a directory of it; one with a relsh.toml of its own is a project, where relsh is run"
    }
    found
}

"""#,
        "lib/images.rel": #"""
## Names of images.

## `base_image` in place of the home registry and the project's name, where it is given.
fn named(tag: Str, base_image: Str? = null) -> Image {
    if base_image == null { project.image(tag) } else { Image("${base_image}:${tag}") }
}

## A candidate for the dev image, private to its builder.
fn local(version: Version, base_image: Str? = null) -> Image {
    named("local-${project.user()}-${version}", base_image: base_image)
}

fn dev(version: Version, base_image: Str? = null) -> Image {
    named("dev-${version}", base_image: base_image)
}

fn prod(version: Version, base_image: Str? = null) -> Image {
    named("prod-${version}", base_image: base_image)
}

## A candidate for the prod image: it gets the name of a release only when it is one.
fn local_prod(version: Version, base_image: Str? = null) -> Image {
    named("local-${project.user()}-prod-${version}", base_image: base_image)
}

## An image of a registry together with its digest: whatever its tag stands for later, this is what is meant.
fn pinned(image: Image) -> Image {
    let digest = registry.digest(image)
    if digest == null {
        let there = versions_like(image)
        let remedy = if there == [] {
            "build or release it first"
        } else {
            "what is there is ${there.join(", ")}"
        }
        fail "${image.familiar} is not in its registry, and only what is can be taken further: ${remedy}"
    }
    image.with(digest: digest)
}

## Whether the name of an image of a registry stands for just that image on this machine, too.
fn is_here(pinned: Image) -> Bool {
    let name = pinned.with(digest: null)
    docker.exists(name) and docker.exists(pinned) and docker.id(name) == docker.id(pinned)
}

## The tags of an image's registry that differ from its own in the version alone.
fn versions_like(image: Image) -> [Str] {
    let own = "${image.tag}"
    let version = own.find_all('\d+\.\d+\.\d+.*$').first()
    if version == null { return [] }
    let start = own.replace(version, "")
    registry.tags(image).filter(
        fn(tag) => tag.starts_with(start) and tag.replace(start, "").matches('^\d+\.\d+\.\d+'),
    )
}

## The image a person means by a stage and perhaps a version; dev shares major and minor with prod, and has no patches.
fn of_stage(
    stage: "local" | "dev" | "prod",
    version: Version? = null,
    base_image: Str? = null,
) -> Image {
    if version == null and stage != "local" { return named(stage, base_image: base_image) }
    let wanted = version ?? changelog.newest()
    match stage {
        "local" => local(wanted, base_image: base_image)
        "dev" => dev(wanted.with(patch: 0), base_image: base_image)
        "prod" => prod(wanted, base_image: base_image)
    }
}

"""#,
        "lib/packages.rel": #"""
## Python packages in images.

## Every package that is installed in an image, with its version. Asked of Python itself: an image need not have pip.
fn installed(image: Image) -> Map {
    let script = """
        import importlib.metadata, json
        print(json.dumps({d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}))
        """
    json.parse(docker.run(image, command: ["python3", "-c", script]).stdout)
}

## What the Python files of a directory import, of what is installed in an image, and what of it nobody needs.
##
## A package counts as used where it is imported, or where one that is used requires it.
fn usage(image: Image, dir: Path) -> Map {
    let script = """
        import ast, importlib.metadata, json, os, re, sys
        names = set()
        for folder, folders, files in os.walk(sys.argv[1]):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for file in sorted(name for name in files if name.endswith(".py")):
                try:
                    tree = ast.parse(open(os.path.join(folder, file), "rb").read())
                except SyntaxError as error:
                    print(f"{folder}/{file} cannot be read: {error}", file=sys.stderr)
                    continue
                for node in ast.walk(tree):
                    if isinstance(node, ast.Import):
                        names.update(alias.name.split(".")[0] for alias in node.names)
                    elif isinstance(node, ast.ImportFrom) and not node.level:
                        names.add(node.module.split(".")[0])
        def plain(name):
            return re.sub("[-_.]+", "-", name).lower()
        found = {plain(d.metadata["Name"]): d for d in importlib.metadata.distributions()}
        def modules(d):
            listed = (d.read_text("top_level.txt") or "").split()
            return listed or [file.parts[0].removesuffix(".py") for file in d.files or []]
        imported = [name for name, d in found.items() if names.intersection(modules(d))]
        needed, rest = set(), list(imported)
        while rest:
            name = rest.pop()
            if name in found and name not in needed:
                needed.add(name)
                rest += [plain(re.match("[A-Za-z0-9._-]+", line)[0]) for line in found[name].requires or []]
        def lines(wanted):
            return sorted(f"{found[name].metadata['Name']}=={found[name].version}" for name in wanted)
        print(json.dumps({"imported": lines(imported), "unused": lines(set(found) - needed)}))
        """
    let result = docker.run(
        image,
        command: ["python3", "-c", script, "${dir}"],
        mounts: ["${project.root}:/app:ro"],
        workdir: "/app",
    )
    if result.stderr != "" { ui.note(result.stderr.trim().lines().join("; ")) }
    json.parse(result.stdout)
}

"""#,
        "lib/publishing.rel": #"""
## Publishing: everywhere or nowhere.
import "building.rel"
import "images.rel"
import "versions.rel"

## Publishes an image to the registries of its stage, under its version's tag and the stage's moving tag.
##
## Every registry first gets the content and the version's tag and is read back; only then do the moving tags flip.
## A transaction around it that fails later takes all of it back.
fn publish(
    image: Image,
    stage: Str,
    version: Version,
    registries: [Registry],
    overwrite: Bool = false,
) {
    let targets = registries.filter(fn(target) => stage in target.stages)
    step "Publish ${stage} ${version} to ${names(targets)}" {
        registry.publish(
            image,
            to: targets,
            tags: ["${stage}-${version}", stage],
            overwrite: overwrite,
        )
    }
}

## Brings the layers to the other registries of the stage, so that publishing has little left to do: while the tests run.
##
## Nothing names them there. A registry that cannot be written to ends the release here.
fn send_ahead(image: Image, stage: Str, registries: [Registry]) {
    let targets = elsewhere(registries).filter(fn(target) => stage in target.stages)
    if targets == [] { return }
    step "Send the layers of ${image.tag} ahead to ${names(targets)}" {
        registry.preload(image, to: targets)
    }
}

## Makes an image the release of a stage: in the registries, or on this machine alone.
fn release(
    image: Image,
    stage: Str,
    version: Version,
    registries: [Registry],
    push_to_repo: Bool,
    overwrite: Bool,
) {
    if push_to_repo {
        publish(image, stage, version, registries, overwrite: overwrite)
    } else {
        for name in ["${stage}-${version}", stage] {
            building.tag_locally(image, images.named(name))
        }
    }
}

## Publishes an image under its own tag alone, over what that tag stood for: one that is no release.
fn as_tag(image: Image, registries: [Registry]) {
    step "Push ${image.tag} to ${names(registries)}" {
        registry.publish(image, to: registries, tags: ["${image.tag}"], overwrite: true)
    }
}

## Logs in to the registries that images of these stages are to go to, once they are found to be fit for it.
##
## The first thing that a release does: what could not be published need not be built and tested.
fn prepare(registries: [Registry], stages: [Str]) {
    check_targets(registries, stages)
    login(registries)
}

## Refuses a registry that gets no image of these stages, and a stage that no registry gets.
fn check_targets(registries: [Registry], stages: [Str]) {
    for target in registries {
        if target.stages.filter(fn(stage) => stage in stages) == [] {
            fail "the registry ${target.name} gets no images of ${stages.join(" or ")}: leave it out, or add them to its `stages` in relsh.toml, which are ${target.stages}"
        }
    }
    for stage in stages {
        if registries.filter(fn(target) => stage in target.stages) == [] {
            let fit = project.registries.for_stage(stage)
            let remedy = if project.registries.all() == [] {
                "relsh.toml has none; `[registries.NAME]` with `base = \"host/path\"` is one"
            } else if fit == [] {
                "add \"${stage}\" to the `stages` of a registry in relsh.toml"
            } else {
                "name one of ${names(fit)}"
            }
            fail "there is no registry to publish ${stage} to: ${remedy}"
        }
    }
}

## Refuses a dev release of a version with a patch, where dev is out: patches are prod's, and what is out stays as it is.
fn check_patch(version: Version, registries: [Registry]) {
    let tag = "dev-${versions.of_dev(version)}"
    if tag == "dev-${version}" { return }
    let out = registries.filter(
        fn(target) => registry.digest(project.image(tag, registry: target)) != null,
    )
    if out != [] {
        fail "${version} has a patch, which is prod's alone, and ${tag} is out in ${names(out)}: release it with `relsh docker_release_prod_image --version ${version}`"
    }
}

fn names(registries: [Registry]) -> Str {
    registries.map(fn(target) => target.name).join(", ")
}

## The registry of GitHub, which CI pulls from.
fn is_ghcr(target: Registry) -> Bool {
    target.host == "ghcr.io" or target.name.starts_with("ghcr")
}

## Logs in to the registries that ask for it.
fn login(registries: [Registry]) {
    parallel for target in registries.filter(fn(target) => target.login != "none") {
        step "Log in to ${target.name}" { docker.login(target) }
    }
}

## What a release for several platforms needs beside its build, one after the other: the build has the machine to itself but for
## one of them.
fn get_ready(version: Version, registries: [Registry], push: Bool) {
    project.lock()
    if push {
        check_origin(version)
        login(elsewhere(registries))
    }
}

## All but the home registry.
fn elsewhere(registries: [Registry]) -> [Registry] {
    registries.filter(fn(target) => target.name != project.registries.home().name)
}

fn commit_tag(version: Version) -> Str {
    "${project.name}-${version}"
}

## Refuses a version whose git tag is at another commit, before anything is built; where it is to be pushed, at origin as well.
fn check_commit(version: Version, push: Bool = false) {
    let tag = commit_tag(version)
    let [head, tagged, is_clean, _] = parallel {
        git.head()
        git.tagged(tag)
        git.is_clean()
        if push { check_origin(version) }
    }
    if not is_clean {
        ui.note(
            "what is not committed goes into the image, and not into the commit that ${tag} names",
        )
    }
    refuse_other(tag, tagged, head)
}

## The same of the tag at origin, which must answer: pushing the tag would fail, but only after the build and its tests.
fn check_origin(version: Version) {
    let tag = commit_tag(version)
    let tagged = git.tagged(tag, at_origin: true)
    refuse_other("${tag} of origin", tagged, git.head())
}

fn refuse_other(tag: Str, tagged: Str?, head: Str) {
    if tagged != null and tagged != head {
        fail "the git tag ${tag} is at ${tagged[0..11]}, and this is ${head[0..11]}: a released version stays as it is, so release a new one, or check out the commit that has it"
    }
}

## Tags the commit `NAME-VERSION`, so that code and images can be matched, and pushes the tag.
##
## Done before images are published: what can go wrong with git does so while every registry is as it was. A transaction
## around it takes a tag that it made back when it fails, here and from origin.
fn tag_commit(version: Version, push: Bool = true) {
    let tag = commit_tag(version)
    step "Tag the commit ${tag}" { git.tag(tag, push: push) }
}

"""#,
        "lib/suites.rel": #"""
## Test suites, run inside an image or against it.
import "building.rel"

## Runs suites at once; the first that fails stops the others.
##
## The image is addressed by its digest: what is tested is what will be published.
fn run(suites: [Str], image: Image, stage: Str, version: Version?) {
    parallel for suite in suites {
        step "Run the ${suite} tests on ${image.tag}" {
            tests.run(suite, image: image, stage: stage, version: version)
        }
    }
}

## Runs suites on an image of several platforms: on this machine's, and then on the others that are asked for.
##
## One that was built for this machine alone is here, and not in its registry.
fn run_on_platforms(
    suites: [Str],
    image: Image,
    stage: Str,
    version: Version,
    platforms: [Str],
    is_pushed: Bool = true,
) {
    if suites == [] { return }
    if is_pushed { building.pull(image) }
    run(suites, image, stage: stage, version: version)
    for platform in platforms {
        docker.pull(image, platform: platform)
        for suite in suites {
            step "Run the ${suite} tests on ${image.tag} for ${platform}" {
                tests.run(suite, image: image, stage: stage, version: version, platform: platform)
            }
        }
    }
}

## The suites a release runs; those the project does not have are left out. A recipe, so that releases take over its options.
recipe chosen(
    ## Run no tests at all.
    skip_tests: Bool = false,
    ## Run the fast tests.
    fast_tests: Bool = true,
    ## Run the slow tests.
    slow_tests: Bool = true,
    ## Run the superslow tests.
    superslow_tests: Bool = false,
    ## Run the QA tests, which use the image from outside as a user would.
    qa_tests: Bool = true,
    ## Run the project's end-to-end tests, where it has a suite `end_to_end`.
    run_end_to_end_tests: Bool = true,
) -> [Str] {
    if skip_tests { return [] }
    let wanted = {
        fast: fast_tests,
        slow: slow_tests,
        superslow: superslow_tests,
        end_to_end: run_end_to_end_tests,
    }
    project.suites().filter(
        fn(suite) => if is_qa(suite) { qa_tests } else { wanted.get(suite, false) },
    )
}

## The suite `qa`, and those whose names begin with `qa_`: a project may want several, such as the lint of one file.
fn is_qa(suite: Str) -> Bool {
    suite == "qa" or suite.starts_with("qa_")
}

"""#,
        "lib/sync.rel": #"""
## Whether the code and a container belong together.
import "versions.rel"

## What a container says its version is, as it stands there: `1.2.0`, or `amp-1.2.0`; null where it says none.
fn container_version(image: Image) -> Str? {
    let name = "AM_CONTAINER_VERSION="
    let config = docker.inspect(image.with(digest: null).familiar)["Config"]
    for entry in config["Env"] ?? [] {
        if entry.starts_with(name) { return entry.replace(name, "") }
    }
    null
}

## What to tell a person whose code and container do not belong together; null where they do.
##
## Patches are prod's own: code of 1.2.3 goes with the dev container 1.2.0.
fn message(image: Image, stage: Str) -> Str? {
    let container = container_version(image)
    if container == null {
        return "${image.familiar} does not say its version: AM_CONTAINER_VERSION is not set in it"
    }
    let code = changelog.newest()
    let found = container.find_all('\d+\.\d+\.\d+\S*').first()
    if found != null {
        let version = Version(found)
        if version == code { return null }
        if stage != "prod" and versions.of_dev(version) == versions.of_dev(code) { return null }
    }
    let rule = "-".repeat(77)
    """
    ${rule}
    This code is not in sync with the container:
    code_version='${code}' != container_version='${container}'
    ${rule}
    You need to:
    - merge origin/${project.main_branch} into your branch with `relsh git_merge_master`
    - pull the latest container with `relsh docker_pull`
    """
}

## Shows the message where there is one, and goes on.
fn tell(image: Image, stage: Str) {
    if files.exists(project.changelog) and docker.exists(image) {
        let text = message(image, stage)
        if text != null {
            for line in text.lines() { ui.note(line) }
        }
    }
}

"""#,
        "lib/versions.rel": #"""
## Which version is released, and the rules that versions follow.

## The version that was asked for, checked against the changelog.
##
## A version below the newest entry of the changelog is refused, by the precedence of semantic versions.
fn chosen(version: Version | "FROM_CHANGELOG", just_do_it: Bool = false) -> Version {
    match version {
        "FROM_CHANGELOG" => changelog.newest()
        else => {
            changelog.check(version, just_do_it: just_do_it)
            version
        }
    }
}

## Dev and prod share major and minor; prod alone gets patches.
fn of_dev(version: Version) -> Version {
    version.with(patch: 0)
}

"""#,
        "multi_arch.rel": #"""
#!/usr/bin/env relsh
import "dev.rel" as dev_flow
import "prod.rel" as prod_flow
import "lib/building.rel"
import "lib/candidates.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/suites.rel"
import "lib/versions.rel"

## Promote a local image of several platforms to dev, from registry to registries.
##
## Nothing is pulled: every platform goes along, whatever this machine can run.
recipe docker_tag_push_multi_build_local_image_as_dev(
    ## Version to promote; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Registries to push to.
    target: [Registry] = project.registries.for_stage("dev"),
    ## Another name for the same option.
    target_registry: [Registry] = [],
    ## REGISTRY/NAME of the local image, where it is not the home registry and the project's name.
    local_base_image: Str? = null,
) {
    let v = versions.chosen(version, just_do_it: true)
    let targets = if target_registry == [] { target } else { target_registry }
    publishing.check_commit(v)
    publishing.prepare(targets, ["dev"])
    let local = images.pinned(images.local(v, base_image: local_base_image))
    transaction "Promote ${local.tag} to dev" {
        publishing.tag_commit(v)
        publishing.publish(local, "dev", versions.of_dev(v), targets)
    }
}

## Build, test and release the dev image for several platforms.
##
## It is built once, in the home registry; the platform of this machine is tested, and every platform is released.
default recipe docker_release_multi_build_dev_image(
    ...dev_flow.docker_release_dev_image,
    ## The platforms to build for.
    platform: [Str] = project.platforms(),
    ## Further platforms to test; this machine must be able to run them, with qemu for example.
    test_platforms: [Str] = [],
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    building.check_dir(container_dir_name)
    publishing.check_commit(v)
    publishing.login([project.registries.home()])
    if push_to_repo {
        publishing.check_targets(target_registries, ["dev"])
        if not just_do_it { publishing.check_patch(v, target_registries) }
    }
    let [local, _] = parallel {
        building.local(
            v,
            cache: cache,
            poetry_mode: building.poetry_mode(poetry_mode, update_poetry),
            container_dir_name: container_dir_name,
            platforms: platform,
        )
        publishing.get_ready(v, target_registries, push: push_to_repo)
    }
    let wanted = suites.chosen(...)
    parallel {
        suites.run_on_platforms(
            wanted,
            local,
            stage: "local",
            version: v,
            platforms: test_platforms,
        )
        if push_to_repo and platform != [] and wanted != [] {
            publishing.send_ahead(local, "dev", target_registries)
        }
    }
    if not push_to_repo { building.pull(local) }
    transaction "Release dev ${v}${building.suffix(platform)}" {
        publishing.tag_commit(v, push: push_to_repo)
        publishing.release(
            local,
            "dev",
            versions.of_dev(v),
            target_registries,
            push_to_repo: push_to_repo,
            overwrite: just_do_it,
        )
    }
}

## Build the prod image for several platforms, from the dev image of the same platforms.
##
## It is pushed to the home registry under a name of its own: it becomes prod when it is promoted.
recipe docker_build_multi_arch_prod_image(
    ...prod_flow.docker_build_prod_image,
    ## The platforms to build for, where they are not the project's.
    multi_arch: Bool | [Str] = true,
) -> Image {
    let v = versions.chosen(version, just_do_it: just_do_it)
    building.check_dir(container_dir_name, stage: "prod")
    let release = "${images.local_prod(v).tag}"
    let names = candidates.names(candidate, tag, user_tag, release: [release])
    publishing.login([project.registries.home()])
    building.prod(
        v,
        dev: images.pinned(images.dev(versions.of_dev(v), base_image: base_image)),
        tags: names.map(fn(name) => images.named(name, base_image: base_image)),
        cache: cache,
        poetry_mode: building.poetry_mode(poetry_mode, update_poetry),
        container_dir_name: container_dir_name,
        platforms: building.platforms(multi_arch, []),
    )
}

## Promote a prod image of several platforms, from registry to registries.
recipe docker_tag_push_multi_arch_prod_image(
    ## Version to promote; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Registries to push to.
    docker_registry: [Registry] = project.registries.for_stage("prod"),
    ## REGISTRY/NAME of the image that was built, where it is not the home registry and the project's name.
    base_image: Str? = null,
) {
    let v = versions.chosen(version, just_do_it: true)
    publishing.check_commit(v)
    publishing.prepare(docker_registry, ["prod"])
    let prod = images.pinned(images.local_prod(v, base_image: base_image))
    transaction "Promote ${prod.tag} to prod" {
        publishing.tag_commit(v)
        publishing.publish(prod, "prod", v, docker_registry)
    }
}

## Build, test and release the prod image for several platforms.
recipe docker_release_multi_arch_prod_image(
    ...prod_flow.docker_release_prod_image,
    ## The platforms to build for, where they are not the project's.
    multi_arch: Bool | [Str] = true,
    ## Registries to release to, in place of target_registries.
    docker_registry: [Registry] = [],
    ## Further platforms to test; this machine must be able to run them, with qemu for example.
    test_platforms: [Str] = [],
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    let targets = if docker_registry == [] { target_registries } else { docker_registry }
    building.check_dir(container_dir_name, stage: "prod")
    publishing.check_commit(v)
    if push_to_repo { publishing.check_targets(targets, ["prod"]) }
    let is_pushed = building.platforms(multi_arch, []) != []
    let [prod, _] = parallel {
        docker_build_multi_arch_prod_image(..., version: v)
        publishing.get_ready(v, targets, push: push_to_repo)
    }
    let wanted = suites.chosen(...)
    parallel {
        suites.run_on_platforms(
            wanted,
            prod,
            stage: "prod",
            version: v,
            platforms: test_platforms,
            is_pushed: is_pushed,
        )
        if push_to_repo and is_pushed and wanted != [] {
            publishing.send_ahead(prod, "prod", targets)
        }
    }
    if not push_to_repo and is_pushed { building.pull(prod) }
    transaction "Release prod ${v}" {
        publishing.tag_commit(v, push: push_to_repo)
        publishing.release(
            prod,
            "prod",
            v,
            targets,
            push_to_repo: push_to_repo,
            overwrite: just_do_it,
        )
    }
}

"""#,
        "packages.rel": #"""
#!/usr/bin/env relsh
import "lib/directories.rel"
import "lib/images.rel"
import "lib/packages.rel"

## Compare the Python packages of two images, side by side.
default recipe compare_packages(
    ## The stage of the one image.
    stage: "local" | "dev" | "prod" = "dev",
    ## Its version; the newest where none is given.
    version: Version? = null,
    ## The stage of the other.
    other_stage: "local" | "dev" | "prod" = "local",
    ## Its version; the newest where none is given.
    other_version: Version? = null,
    ## Show packages that are the same in both, too.
    all: Bool = false,
) {
    let one = images.of_stage(stage, version: version)
    let other = images.of_stage(other_stage, version: other_version)
    let [here, there] = parallel {
        step "List the packages of ${one.tag}" { packages.installed(one) }
        step "List the packages of ${other.tag}" { packages.installed(other) }
    }
    var rows = []
    for name in (here.keys() + there.keys()).unique().sort(by: fn(name) => name.lower()) {
        if all or here[name] != there[name] {
            var row = {package: name}
            row["${one.tag}"] = here[name] ?? "-"
            row["${other.tag}"] = there[name] ?? "-"
            rows.append(row)
        }
    }
    if rows == [] {
        print("both have the same ${here.len()} packages")
    } else {
        ui.table(rows)
    }
}

## Find packages of an image that no Python file imports.
##
## Not everything that is needed is imported: think of commands and plugins, such as awscli or pytest-cov, before you remove one.
recipe find_unused_packages(
    ## The directory to look for imports in, seen from the project.
    dir: Path = Path("."),
    ## The stage of the image.
    stage: "local" | "dev" | "prod" = "dev",
    ## Its version; the newest where none is given.
    version: Version? = null,
) {
    let directory = directories.inside(dir, "--dir")
    if not files.is_directory(directory) {
        fail "there is no directory ${directory}: --dir is seen from the root of the project"
    }
    let image = images.of_stage(stage, version: version)
    let usage = step "Look for imports in ${dir}" { packages.usage(image, dir) }
    print("Imported:")
    for package in usage["imported"] { print("  ${package}") }
    print("Installed, and neither imported nor required by what is:")
    for package in usage["unused"] { print("  ${package}") }
}

"""#,
        "periodic.rel": #"""
#!/usr/bin/env relsh
import "lib/building.rel"
import "lib/publishing.rel"
import "lib/suites.rel"

## The periodic release: the newest packages, tested, as a pull request.
##
## It raises the minor version, builds and tests on a branch of its own, pushes the branch, opens a pull request, and pushes the image
## to GHCR under its version. When that is merged, docker_tag_push_dev_image takes the image from there to every registry.
default recipe docker_build_test_dev_image(
    ## Whose pull request it is.
    assignee: Str? = null,
    ## Who is asked to look at it: people, or a team as ORGANISATION/TEAM.
    reviewers: [Str] = [],
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
) {
    building.check_dir(container_dir_name)
    let v = changelog.newest().bump("minor")
    let branch = "${project.issue_prefix}_Periodic_image_release_${time.today().replace("-", "")}"
    let ghcr = project.registries.for_stage("dev").filter(fn(target) => publishing.is_ghcr(target))
    let all = suites.chosen(superslow_tests: true, qa_tests: false, run_end_to_end_tests: false)
    if ghcr == [] {
        fail "no registry of relsh.toml with the stage dev is GHCR, where the image goes: add one with a base of ghcr.io"
    }
    if $(git status --porcelain --untracked-files=no) != "" {
        fail "commit or stash your changes first: the release is made of what is committed, and is a commit itself"
    }
    publishing.login(ghcr)

    step "Create the branch ${branch}" { git.create_branch(branch) }
    let local = building.local(v, container_dir_name: container_dir_name)
    suites.run(all, local, stage: "local", version: v)

    step "Commit ${v}" {
        changelog.add(v, ["Periodic release"])
        $ git add -- ${project.changelog} ${building.devops(container_dir_name)}
        $ git commit --message "Periodic release ${v}"
    }
    step "Push the branch ${branch}" { git.push(branch) }
    let url = step "Open the pull request" {
        github.create_pull_request(
            "Periodic image release ${v}",
            branch,
            project.main_branch,
            body: "Built with the newest packages; tests that pass on it: ${all.join(", ")}.",
            reviewers: reviewers,
            assignees: if assignee == null { [] } else { [assignee] },
            labels: ["Automated release"],
        )
    }
    step "Push dev-${v} to ${publishing.names(ghcr)}" {
        registry.publish(local, to: ghcr, tags: ["dev-${v}"])
    }
    print(url)
}

"""#,
        "prod.rel": #"""
#!/usr/bin/env relsh
import "dev.rel" as dev_flow
import "lib/building.rel"
import "lib/candidates.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/suites.rel"
import "lib/versions.rel"

## Build the prod image from the dev image, with the code copied in.
recipe docker_build_prod_image(
    ## Version to build; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Reuse the build cache.
    cache: Bool = true,
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## Build a candidate: it is tagged `prod-HASH` alone.
    candidate: Bool = false,
    ## Put this user's name into the candidate's tag: `prod-USER-HASH`.
    user_tag: Str? = null,
    ## HASH in the candidate's tag; the commit's where none is given.
    tag: Str? = null,
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
    ## Build a version below the newest of the changelog all the same.
    just_do_it: Bool = false,
    ## What a prod Dockerfile that installs packages of its own is to do: resolve them anew (update), or take them as they are locked.
    poetry_mode: "update" | "no_update" = "no_update",
    ## The same as a switch: --update-poetry or --no-update-poetry.
    update_poetry: Bool? = null,
) -> Image {
    let v = versions.chosen(version, just_do_it: just_do_it)
    building.check_dir(container_dir_name, stage: "prod")
    let names = candidates.names(candidate, tag, user_tag, release: ["prod-${v}", "prod"])
    building.prod(
        v,
        dev: building.released_dev(v, base_image: base_image),
        tags: names.map(fn(name) => images.named(name, base_image: base_image)),
        cache: cache,
        poetry_mode: building.poetry_mode(poetry_mode, update_poetry),
        container_dir_name: container_dir_name,
    )
}

## Push the prod image to the registries, and the git tag with it.
recipe docker_push_prod_image(
    ...dev_flow.docker_push_dev_image,
    ## Registries to push to.
    target_registries: [Registry] = project.registries.for_stage("prod"),
) {
    let v = versions.chosen(version, just_do_it: true)
    building.check_dir(container_dir_name, stage: "prod")
    publishing.check_commit(v)
    publishing.prepare(target_registries, ["prod"])
    building.check_dev(v, base_image: base_image)
    transaction "Push prod ${v}" {
        publishing.tag_commit(v)
        publishing.publish(images.prod(v, base_image: base_image), "prod", v, target_registries)
    }
}

## Build, test and release the prod image.
##
## It is built from the dev image that was released with the same major and minor version.
recipe docker_release_prod_image(
    ...dev_flow.docker_release_dev_image,
    ## Run the superslow tests.
    superslow_tests: Bool = true,
    ## What a prod Dockerfile that installs packages of its own is to do: resolve them anew (update), or take them as they are locked.
    poetry_mode: "update" | "no_update" = "no_update",
    ## Registries to publish to.
    target_registries: [Registry] = project.registries.for_stage("prod"),
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    building.check_dir(container_dir_name, stage: "prod")
    publishing.check_commit(v, push: push_to_repo)
    if push_to_repo { publishing.prepare(target_registries, ["prod"]) }
    transaction "Release prod ${v}" {
        let prod = building.prod(
            v,
            dev: building.released_dev(v),
            tags: [images.local_prod(v)],
            cache: cache,
            poetry_mode: building.poetry_mode(poetry_mode, update_poetry),
            container_dir_name: container_dir_name,
        )
        suites.run(suites.chosen(...), prod, stage: "prod", version: v)
        publishing.tag_commit(v, push: push_to_repo)
        publishing.release(
            prod,
            "prod",
            v,
            target_registries,
            push_to_repo: push_to_repo,
            overwrite: just_do_it,
        )
    }
}

"""#,
        "qa.rel": #"""
#!/usr/bin/env relsh
import "lib/images.rel"
import "lib/suites.rel"
import "lib/sync.rel"

## Run the fast tests in an image.
recipe run_fast_tests(
    ## Whose image to test.
    stage: "local" | "dev" | "prod" = "dev",
    ## Its version; the newest where none is given.
    version: Version? = null,
) {
    run(["fast"], stage, version)
}

## Run the slow tests in an image.
recipe run_slow_tests(...run_fast_tests) {
    run(["slow"], stage, version)
}

## Run the superslow tests in an image.
recipe run_superslow_tests(...run_fast_tests) {
    run(["superslow"], stage, version)
}

## Run the fast and the slow tests in an image.
recipe run_fast_slow_tests(...run_fast_tests) {
    run(["fast", "slow"], stage, version)
}

## Run the fast, the slow and the superslow tests in an image.
recipe run_fast_slow_superslow_tests(...run_fast_tests) {
    run(["fast", "slow", "superslow"], stage, version)
}

## Run the QA tests against an image, from outside, as a user would: the suite `qa`, and those whose names begin with `qa_`.
recipe run_qa_tests(...run_fast_tests) {
    run(project.suites().filter(suites.is_qa), stage, version)
}

## Run the project's end-to-end tests: its suite `end_to_end`.
recipe run_end_to_end_tests(...run_fast_tests) {
    run(["end_to_end"], stage, version)
}

fn run(names: [Str], stage: "local" | "dev" | "prod", version: Version?) {
    let image = images.of_stage(stage, version: version)
    sync.tell(image, stage)
    suites.run(names, image, stage, version: version)
}

"""#,
        "release_all.rel": #"""
#!/usr/bin/env relsh
import "dev.rel" as dev_flow
import "prod.rel" as prod_flow
import "lib/building.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/suites.rel"
import "lib/versions.rel"

## Release the dev and the prod image, as one run.
##
## Both are built and tested before any registry is touched: a suite that fails leaves every tag where it was.
## A version with a patch above 0 concerns prod alone, which is then built from the dev image released before.
default recipe docker_release_all(
    ...dev_flow.docker_release_dev_image,
    ...prod_flow.docker_release_prod_image,
    ## Run the superslow tests; where this is not given, prod runs them and dev does not.
    superslow_tests: Bool? = null,
    ## Resolve the Python packages of dev anew (update), or take them as they are locked (no_update); prod has those of dev.
    poetry_mode: "update" | "no_update" = "update",
    ## Registries to publish to.
    target_registries: [Registry] = project.registries.all(),
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    let stages = if v.patch == 0 { ["dev", "prod"] } else { ["prod"] }
    for stage in stages { building.check_dir(container_dir_name, stage: stage) }
    publishing.check_commit(v, push: push_to_repo)
    let targets = target_registries.filter(
        fn(target) => "prod" in target.stages or v.patch == 0 and "dev" in target.stages,
    )
    if push_to_repo { publishing.prepare(targets, stages) }
    let mode = building.poetry_mode(poetry_mode, update_poetry)
    let dev_suites = suites.chosen(..., superslow_tests: superslow_tests ?? false)
    let prod_suites = suites.chosen(..., superslow_tests: superslow_tests ?? true)

    transaction "Release ${project.name} ${v}" {
        var local = null
        let dev = if v.patch == 0 {
            local = building.local(
                v,
                cache: cache,
                poetry_mode: mode,
                container_dir_name: container_dir_name,
            )
            building.tag_locally(local, images.dev(v))
        } else {
            ui.note(
                "${v} has a patch: dev stays at ${versions.of_dev(v)}, and only prod is released",
            )
            building.released_dev(v)
        }
        let candidate = local

        let [_, prod] = parallel {
            if candidate != null { suites.run(dev_suites, candidate, stage: "local", version: v) }
            step "Prepare prod ${v}" {
                let image = building.prod(
                    v,
                    dev: dev,
                    tags: [images.local_prod(v)],
                    cache: cache,
                    container_dir_name: container_dir_name,
                )
                suites.run(prod_suites, image, stage: "prod", version: v)
                image
            }
        }

        publishing.tag_commit(v, push: push_to_repo)
        if candidate != null {
            publishing.release(
                candidate,
                "dev",
                v,
                targets,
                push_to_repo: push_to_repo,
                overwrite: just_do_it,
            )
        }
        publishing.release(
            prod,
            "prod",
            v,
            targets,
            push_to_repo: push_to_repo,
            overwrite: just_do_it,
        )
    }
}

"""#,
        "rollback.rel": #"""
#!/usr/bin/env relsh
import "lib/building.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/versions.rel"

## Take the dev image back to a version that was released: `dev` stands for it again, in every registry.
##
## Every platform is kept, and nothing is pulled.
default recipe docker_rollback_dev_image(
    ## The version to go back to.
    version: Version,
    ## Move the tag in the registries; otherwise on this machine alone.
    push_to_repo: Bool = true,
    ## Registries to roll back.
    target_registries: [Registry] = project.registries.for_stage("dev"),
) {
    roll_back("dev", versions.of_dev(version), target_registries, push_to_repo: push_to_repo)
}

## Take the prod image back to a version that was released: `prod` stands for it again, in every registry.
##
## Every platform is kept, and nothing is pulled.
recipe docker_rollback_prod_image(
    ...docker_rollback_dev_image,
    ## Registries to roll back.
    target_registries: [Registry] = project.registries.for_stage("prod"),
) {
    roll_back("prod", version, target_registries, push_to_repo: push_to_repo)
}

fn roll_back(stage: Str, version: Version, registries: [Registry], push_to_repo: Bool) {
    let released = images.named("${stage}-${version}")
    if not push_to_repo {
        if not docker.exists(released) {
            fail "there is no ${released.familiar} on this machine to go back to: `relsh docker_pull --stage ${stage} --version ${version}` gets it"
        }
        building.tag_locally(released, images.named(stage))
        return
    }
    publishing.prepare(registries, [stage])
    let pinned = images.pinned(released)
    transaction "Roll ${stage} back to ${version}" {
        if images.is_here(pinned) {
            building.tag_locally(released, images.named(stage))
        }
        step "Point ${stage} at ${released.tag} in ${publishing.names(registries)}" {
            registry.publish(pinned, to: registries, tags: [stage])
        }
    }
}

"""#,
        "sharing.rel": #"""
#!/usr/bin/env relsh
import "lib/building.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/versions.rel"

## Push your local image to the home registry, so that others can test it.
recipe share_local_image(
    ## Version to share; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
) {
    let v = versions.chosen(version, just_do_it: true)
    let local = images.local(v)
    let home = project.registries.home()
    publishing.login([home])
    publishing.as_tag(local, [home])
    print(
        "to test it elsewhere: relsh adopt_local_image --version ${v} --from-user ${project.user()}",
    )
}

## Take over another person's local image as your own, to test it.
##
## It takes the place of your own of that version on this machine. For several platforms, promotion needs the builder's.
recipe adopt_local_image(
    ## Version to take over; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Who has built and shared it.
    from_user: Str,
) {
    let v = versions.chosen(version, just_do_it: true)
    let theirs = images.named("local-${from_user}-${v}")
    publishing.login([project.registries.home()])
    let pulled = step "Pull ${theirs.tag}" { docker.pull(theirs) }
    building.tag_locally(pulled, images.local(v))
    print("to test it: relsh run_fast_tests --stage local --version ${v}")
}

## Patch a container by hand, and keep it as an image: a stopgap until the next release.
##
## Say either which container to keep or, on another machine, which image to give the name that the recipes expect.
recipe docker_patch(
    ## The container that was changed, by its name or id.
    container: Str? = null,
    ## An image to retag in place of a container.
    image: Image? = null,
    ## The tag to give, such as dev_ccxtpro.
    tag: Str,
    ## Push it to the home registry.
    push: Bool = false,
) {
    let target = images.named(tag)
    if push and (tag in project.stages() or tag.matches('(dev|prod)-\d.*')) {
        fail "${tag} is the name of a release: push a patch under a name of its own, such as ${tag}_patched"
    }
    if container == null and image == null or container != null and image != null {
        fail "say either --container or --image"
    }
    transaction "Patch ${tag}" {
        if container != null {
            step "Commit ${container} as ${tag}" { docker.commit(container, target) }
        }
        if image != null { building.tag_locally(image, target) }
        if push {
            let home = project.registries.home()
            publishing.login([home])
            publishing.as_tag(target, [home])
            print("on other machines: docker pull ${target.familiar}")
        }
    }
}

"""#,
        "task_definitions.rel": #"""
#!/usr/bin/env relsh
import "candidates.rel" as candidate_flow
import "lib/building.rel"
import "lib/candidates.rel"
import "lib/dags.rel"
import "lib/images.rel"
import "lib/publishing.rel"
import "lib/versions.rel"

## Build and push a candidate, and let an ECS task definition for tests run it.
recipe docker_release_test_task_definition(
    ## The task definition's family, such as cmamp-test.
    task_definition: Str,
    ## Put this user's name into the candidate's tag.
    user_tag: Str? = null,
    ## The AWS region, such as eu-north-1; that of your AWS settings where none is given.
    region: Str? = null,
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
) {
    transaction "Release a candidate to ${task_definition}" {
        let tag = candidate_flow.docker_create_candidate_image(...)
        point(task_definition, images.named(tag), region)
    }
}

## Build and push a candidate from a clean main branch, and let the preprod task definition run it.
recipe docker_release_preprod_task_definition(
    ...docker_release_test_task_definition,
    ## The task definition's family.
    task_definition: Str = "${project.name}-preprod",
) {
    candidates.check_client()
    docker_release_test_task_definition(...)
}

## Build and push a candidate from a clean main branch, and let the prod task definition run it.
recipe docker_release_prod_task_definition(
    ...docker_release_test_task_definition,
    ## The task definition's family.
    task_definition: Str = "${project.name}-prod",
) {
    candidates.check_client()
    docker_release_test_task_definition(...)
}

## Let one ECS task definition run the image that another runs, in its own region.
##
## A registry of ECR is replaced by the one of that region, which mirrors it.
recipe copy_ecs_task_definition_image_url(
    ## The task definition to copy from.
    src_task_def: Str,
    ## The task definition to change.
    dst_task_def: Str,
    ## The region of the first; that of your AWS settings where none is given.
    src_region: Str? = null,
    ## The region of the second; that of your AWS settings where none is given.
    region: Str? = null,
) {
    let image = aws.task_image(src_task_def, region: src_region)
    let host = "${image.registry}"
    let copied = if region == null {
        image
    } else {
        image.with(
            registry: host.replace(
                host.find_all('\.ecr\.[a-z0-9-]+').first() ?? host,
                ".ecr.${region}",
            ),
        )
    }
    point(dst_task_def, copied, region)
}

## Let prod run the image that preprod runs: under the name of a release, with the DAGs of preprod.
##
## Any failure puts the tags, the task definition and the DAGs back.
default recipe docker_update_prod_task_definition(
    ## The version to release it as; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## The tag that preprod must run, such as prod-3f2a9c1.
    preprod_tag: Str,
    ## The family of the prod task definition; that of preprod has `-preprod` behind it.
    task_definition: Str = project.name,
    ## Where Airflow loads its DAGs from, such as s3://team-airflow/dags/.
    airflow_dags_s3_path: Str,
    ## The AWS region, such as eu-north-1; that of your AWS settings where none is given.
    region: Str? = null,
    ## Registries to release to.
    target_registries: [Registry] = project.registries.for_stage("prod"),
) {
    let v = versions.chosen(version, just_do_it: true)
    let home = project.registries.home().name
    if not (home in target_registries.map(fn(target) => target.name)) {
        fail "the prod task definition will run the image of ${home}: have it among the target registries"
    }
    let preprod = "${task_definition}-preprod"
    let preprod_dags = dags.preprod()
    step "Compare the DAGs of preprod with ${airflow_dags_s3_path}" {
        dags.check(preprod_dags, airflow_dags_s3_path)
    }
    let image = aws.task_image(preprod, region: region)
    if image.tag != preprod_tag {
        fail "${preprod} runs ${image.familiar}, and not ${preprod_tag}: nothing else may become prod; name what it runs, or let it run ${preprod_tag} first"
    }
    publishing.prepare(target_registries, ["prod"])
    building.check_dev(v)
    let tested = images.pinned(image)
    transaction "Take ${preprod_tag} to prod as ${v}" {
        publishing.publish(tested, "prod", v, target_registries)
        point(task_definition, images.prod(v), region)
        step "Upload the DAGs of prod to ${airflow_dags_s3_path}" {
            dags.upload(preprod_dags, airflow_dags_s3_path)
        }
    }
}

fn point(task_definition: Str, image: Image, region: Str?) {
    step "Let ${task_definition} run ${image.tag}" {
        aws.set_task_image(task_definition, image, region: region)
    }
}

"""#,
    ]
}
