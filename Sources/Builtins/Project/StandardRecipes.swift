// swift-format-ignore-file
// Made from recipes/ by scripts/embed-recipes.sh; edit the recipes, then run it again.

/// The recipes that ship with relsh: path in `recipes/` to text. An import reaches them as `"std/dev.rel"`.
package enum StandardRecipes {
    package static let files: [String: String] = [
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
) {
    let v = versions.chosen(version, just_do_it: true)
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
    target_registries: [Registry] = project.registries.all(),
) {
    let v = versions.chosen(version, just_do_it: true)
    let dev = versions.of_dev(v)
    publishing.check_commit(v)
    publishing.login(target_registries)
    transaction "Push dev ${dev}" {
        publishing.tag_commit(v)
        publishing.publish(images.dev(dev, base_image: base_image), "dev", dev, target_registries)
    }
}

## Mirror a released dev image from its registry to others: its version's tag and `dev`, every platform.
recipe docker_tag_push_dev_image(
    ...docker_push_dev_image,
    ## Registries to mirror to.
    target_registries: [Registry] = project.registries.all(),
) {
    let dev = versions.of_dev(versions.chosen(version, just_do_it: true))
    publishing.login(target_registries)
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
    ## Run no tests at all.
    skip_tests: Bool = false,
    ## Run the fast tests.
    fast_tests: Bool = true,
    ## Run the slow tests.
    slow_tests: Bool = true,
    ## Run the superslow tests; where this is not given, prod runs them and dev does not.
    superslow_tests: Bool? = null,
    ## Run the QA tests, which use the image from outside as a user would.
    qa_tests: Bool = true,
    ## Run the project's end-to-end tests, where it has a suite `end_to_end`.
    run_end_to_end_tests: Bool = true,
    ## Publish the image and push the git tag.
    push_to_repo: Bool = true,
    ## Resolve the Python packages anew (update), or take them as they are locked (no_update).
    poetry_mode: "update" | "no_update" = "update",
    ## The same as a switch: --update-poetry or --no-update-poetry.
    update_poetry: Bool? = null,
    ## Registries to publish to.
    target_registries: [Registry] = project.registries.all(),
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
    ## Release a version below the newest of the changelog, or over another image of the same version.
    just_do_it: Bool = false,
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    publishing.check_commit(v)
    if push_to_repo { publishing.login(target_registries) }
    let mode = building.poetry_mode(poetry_mode, update_poetry)
    let local = building.local(
        v,
        cache: cache,
        poetry_mode: mode,
        container_dir_name: container_dir_name,
    )

    let wanted = suites.chosen(
        skip_tests,
        fast: fast_tests,
        slow: slow_tests,
        superslow: superslow_tests ?? false,
        qa: qa_tests,
        end_to_end: run_end_to_end_tests,
    )
    suites.run(wanted, local, stage: "local", version: v)

    transaction "Release dev ${v}" {
        publishing.tag_commit(v, push: push_to_repo)
        if push_to_repo {
            publishing.publish(
                local,
                "dev",
                versions.of_dev(v),
                target_registries,
                overwrite: just_do_it,
            )
        } else {
            building.tag_locally(local, images.dev(versions.of_dev(v)))
            building.tag_locally(local, images.named("dev"))
        }
    }
}

"""#,
        "images.rel": #"""
#!/usr/bin/env relsh
import "lib/images.rel" as names
import "lib/publishing.rel"

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
) {
    let image = names.of_stage(stage, version: version, base_image: base_image)
    step "Pull ${image.familiar}" { docker.pull(image) }
}

## Open a shell in the image of a stage.
##
## It runs as you; for local and dev the source is mounted at /app.
recipe docker_bash(
    ...docker_pull,
    ## Use the image on this machine without looking for a newer one.
    skip_pull: Bool = false,
    ## Run as the calling user.
    as_user: Bool = true,
) {
    docker_cmd(..., cmd: "bash", interactive: true)
}

## Run a command in the image of a stage.
recipe docker_cmd(
    ...docker_pull,
    ## The command, split at blanks.
    cmd: Str,
    ## Use the image on this machine without looking for a newer one.
    skip_pull: Bool = false,
    ## Run as the calling user.
    as_user: Bool = true,
    ## Give it the terminal.
    interactive: Bool = false,
) {
    let image = names.of_stage(stage, version: version, base_image: base_image)
    if stage != "local" and not skip_pull { step "Pull ${image.familiar}" { docker.pull(image) } }
    let result = docker.run(
        image,
        command: ["sh", "-c", cmd],
        mounts: if stage == "prod" { [] } else { ["${project.root}:/app"] },
        user: if as_user { "${$(id -u)}:${$(id -g)}" } else { null },
        workdir: "/app",
        interactive: interactive,
    )
    if not interactive { print(result.stdout.trim()) }
}

"""#,
        "lib/building.rel": #"""
## How the images of the stages are built.
import "images.rel"
import "versions.rel"

## The directory of the project, or of the part of it that has a `devops` of its own.
fn root(container_dir_name: Path) -> Path {
    project.root.join("${container_dir_name}")
}

fn dockerfile(stage: Str, container_dir_name: Path) -> Path {
    if container_dir_name == Path(".") { return project.dockerfile(stage) }
    root(container_dir_name).join("devops/docker_build/${stage}.Dockerfile")
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
    step "Build ${target.tag}${suffix(platforms)}" {
        docker.build(
            context: root(container_dir_name),
            file: dockerfile("dev", container_dir_name),
            tags: [target],
            args: {
                AM_CONTAINER_VERSION: "${version}",
                INSTALL_DIND: "true",
                POETRY_MODE: poetry_mode,
                CLEAN_UP_INSTALLATION: "${cleanup_installation}",
            },
            cache: cache,
            platforms: platforms,
            builder: builder(platforms),
            push: platforms != [],
        )
    }
}

## Builds the prod image of a version from a dev image, and gives it with its digest.
fn prod(
    version: Version,
    dev: Image,
    tags: [Image],
    cache: Bool = true,
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
            },
            cache: cache,
            platforms: platforms,
            builder: builder(platforms),
            push: platforms != [],
        )
    }
}

## Pulls what this machine can run of an image of several platforms.
fn pull(image: Image) {
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

## The dev image that was released with a version's major and minor; prod is built from it.
fn released_dev(version: Version, base_image: Str? = null) -> Image {
    let dev = images.dev(versions.of_dev(version), base_image: base_image)
    if docker.exists(dev) { return dev }
    if registry.digest(dev) == null {
        fail "${dev.familiar} must be released before prod ${version}: dev and prod share major and minor"
    }
    step "Pull ${dev.tag}" { docker.pull(dev) }
    dev
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
        fail "${image.familiar} is not in its registry: only what was built or released there can be taken further"
    }
    image.with(digest: digest)
}

## The image a person means by a stage and perhaps a version.
fn of_stage(
    stage: "local" | "dev" | "prod",
    version: Version? = null,
    base_image: Str? = null,
) -> Image {
    match stage {
        "local" => local(version ?? changelog.newest(), base_image: base_image)
        else => named(
            if version == null { stage } else { "${stage}-${version}" },
            base_image: base_image,
        )
    }
}

"""#,
        "lib/publishing.rel": #"""
## Publishing: everywhere or nowhere.

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

fn names(registries: [Registry]) -> Str {
    registries.map(fn(target) => target.name).join(", ")
}

## Logs in to the registries that ask for it.
fn login(registries: [Registry]) {
    parallel for target in registries.filter(fn(target) => target.login != "none") {
        step "Log in to ${target.name}" { docker.login(target) }
    }
}

## All but the home registry.
fn elsewhere(registries: [Registry]) -> [Registry] {
    registries.filter(fn(target) => target.name != project.registries.home().name)
}

fn commit_tag(version: Version) -> Str {
    "${project.name}-${version}"
}

## Refuses a version whose git tag is at another commit, before anything is built.
fn check_commit(version: Version) {
    let tag = commit_tag(version)
    let head = git.head()
    if git.tag_exists(tag) {
        let tagged = $(git rev-list -n 1 ${tag})
        if tagged != head {
            fail "the git tag ${tag} is at ${tagged[0..11]}, and this is ${head[0..11]}: a released version stays as it is"
        }
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
fn run_on_platforms(suites: [Str], image: Image, stage: Str, version: Version, platforms: [Str]) {
    if suites == [] { return }
    building.pull(image)
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

## The suites a release runs, by its options; those the project does not have are left out.
fn chosen(
    skip_tests: Bool,
    fast: Bool,
    slow: Bool,
    superslow: Bool,
    qa: Bool,
    end_to_end: Bool,
) -> [Str] {
    if skip_tests { return [] }
    let wanted = {fast: fast, slow: slow, superslow: superslow, qa: qa, end_to_end: end_to_end}
    project.suites().filter(fn(suite) => wanted.get(suite, false))
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
    target: [Registry] = project.registries.all(),
    ## Another name for the same option.
    target_registry: [Registry] = [],
    ## REGISTRY/NAME of the local image, where it is not the home registry and the project's name.
    local_base_image: Str? = null,
) {
    let v = versions.chosen(version, just_do_it: true)
    let targets = if target_registry == [] { target } else { target_registry }
    publishing.check_commit(v)
    publishing.login(targets)
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
    publishing.check_commit(v)
    publishing.login([project.registries.home()])
    let [_, local] = parallel {
        publishing.login(publishing.elsewhere(target_registries))
        building.local(
            v,
            cache: cache,
            poetry_mode: building.poetry_mode(poetry_mode, update_poetry),
            container_dir_name: container_dir_name,
            platforms: platform,
        )
    }
    let wanted = suites.chosen(
        skip_tests,
        fast: fast_tests,
        slow: slow_tests,
        superslow: superslow_tests ?? false,
        qa: qa_tests,
        end_to_end: run_end_to_end_tests,
    )
    suites.run_on_platforms(wanted, local, stage: "local", version: v, platforms: test_platforms)
    if push_to_repo {
        transaction "Release dev ${v}${building.suffix(platform)}" {
            publishing.tag_commit(v)
            let dev = versions.of_dev(v)
            publishing.publish(local, "dev", dev, target_registries, overwrite: just_do_it)
        }
    }
}

## Build the prod image for several platforms, from the dev image of the same platforms.
##
## It is pushed to the home registry under a name of its own: it becomes prod when it is promoted.
recipe docker_build_multi_arch_prod_image(
    ## Version to build; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Reuse the build cache.
    cache: Bool = true,
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## The platforms to build for, where they are not the project's.
    multi_arch: Bool | [Str] = true,
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
    ## Build a version below the newest of the changelog all the same.
    just_do_it: Bool = false,
) -> Image {
    let v = versions.chosen(version, just_do_it: just_do_it)
    publishing.login([project.registries.home()])
    building.prod(
        v,
        dev: images.pinned(images.dev(versions.of_dev(v), base_image: base_image)),
        tags: [images.local_prod(v, base_image: base_image)],
        cache: cache,
        container_dir_name: container_dir_name,
        platforms: building.platforms(multi_arch, []),
    )
}

## Promote a prod image of several platforms, from registry to registries.
recipe docker_tag_push_multi_arch_prod_image(
    ## Version to promote; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Registries to push to.
    docker_registry: [Registry] = project.registries.all(),
    ## REGISTRY/NAME of the image that was built, where it is not the home registry and the project's name.
    base_image: Str? = null,
) {
    let v = versions.chosen(version, just_do_it: true)
    publishing.check_commit(v)
    publishing.login(docker_registry)
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
    publishing.check_commit(v)
    let [_, prod] = parallel {
        publishing.login(publishing.elsewhere(targets))
        docker_build_multi_arch_prod_image(..., version: v)
    }
    let wanted = suites.chosen(
        skip_tests,
        fast: fast_tests,
        slow: slow_tests,
        superslow: superslow_tests ?? true,
        qa: qa_tests,
        end_to_end: run_end_to_end_tests,
    )
    suites.run_on_platforms(wanted, prod, stage: "prod", version: v, platforms: test_platforms)
    if push_to_repo {
        transaction "Release prod ${v}" {
            publishing.tag_commit(v)
            publishing.publish(prod, "prod", v, targets, overwrite: just_do_it)
        }
    }
}

"""#,
        "prod.rel": #"""
#!/usr/bin/env relsh
import "lib/building.rel"
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
) -> Image {
    let v = versions.chosen(version, just_do_it: just_do_it)
    let names = if candidate {
        let hash = tag ?? git.short_head()
        [if user_tag == null { "prod-${hash}" } else { "prod-${user_tag}-${hash}" }]
    } else {
        ["prod-${v}", "prod"]
    }
    building.prod(
        v,
        dev: building.released_dev(v, base_image: base_image),
        tags: names.map(fn(name) => images.named(name, base_image: base_image)),
        cache: cache,
        container_dir_name: container_dir_name,
    )
}

## Push the prod image to the registries.
recipe docker_push_prod_image(
    ## Version to push; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## REGISTRY/NAME to use in place of the home registry and the project's name.
    base_image: Str? = null,
    ## Registries to push to.
    target_registries: [Registry] = project.registries.all(),
) {
    let v = versions.chosen(version, just_do_it: true)
    publishing.check_commit(v)
    publishing.login(target_registries)
    transaction "Push prod ${v}" {
        publishing.tag_commit(v)
        publishing.publish(images.prod(v, base_image: base_image), "prod", v, target_registries)
    }
}

## Build, test and release the prod image.
##
## It is built from the dev image that was released with the same major and minor version.
default recipe docker_release_prod_image(
    ## Version to release; FROM_CHANGELOG takes the newest entry of the changelog.
    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
    ## Reuse the build cache.
    cache: Bool = true,
    ## Run no tests at all.
    skip_tests: Bool = false,
    ## Run the fast tests.
    fast_tests: Bool = true,
    ## Run the slow tests.
    slow_tests: Bool = true,
    ## Run the superslow tests; where this is not given, prod runs them and dev does not.
    superslow_tests: Bool? = null,
    ## Run the QA tests, which use the image from outside as a user would.
    qa_tests: Bool = true,
    ## Run the project's end-to-end tests, where it has a suite `end_to_end`.
    run_end_to_end_tests: Bool = true,
    ## Publish the image and push the git tag.
    push_to_repo: Bool = true,
    ## Registries to publish to.
    target_registries: [Registry] = project.registries.all(),
    ## The directory that holds `devops`, seen from the project.
    container_dir_name: Path = Path("."),
    ## Release a version below the newest of the changelog, or over another image of the same version.
    just_do_it: Bool = false,
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    publishing.check_commit(v)
    if push_to_repo { publishing.login(target_registries) }
    transaction "Release prod ${v}" {
        let prod = building.prod(
            v,
            dev: building.released_dev(v),
            tags: [images.local_prod(v)],
            cache: cache,
            container_dir_name: container_dir_name,
        )
        let wanted = suites.chosen(
            skip_tests,
            fast: fast_tests,
            slow: slow_tests,
            superslow: superslow_tests ?? true,
            qa: qa_tests,
            end_to_end: run_end_to_end_tests,
        )
        suites.run(wanted, prod, stage: "prod", version: v)
        publishing.tag_commit(v, push: push_to_repo)
        if push_to_repo {
            publishing.publish(prod, "prod", v, target_registries, overwrite: just_do_it)
        } else {
            building.tag_locally(prod, images.prod(v))
            building.tag_locally(prod, images.named("prod"))
        }
    }
}

"""#,
        "qa.rel": #"""
#!/usr/bin/env relsh
import "lib/images.rel"
import "lib/suites.rel"

## Run the fast tests in an image.
recipe run_fast_tests(
    ## Whose image to test.
    stage: "local" | "dev" | "prod" = "dev",
    ## Its version; the newest where none is given.
    version: Version? = null,
) {
    suites.run(["fast"], images.of_stage(stage, version: version), stage, version: version)
}

## Run the slow tests in an image.
recipe run_slow_tests(...run_fast_tests) {
    suites.run(["slow"], images.of_stage(stage, version: version), stage, version: version)
}

## Run the superslow tests in an image.
recipe run_superslow_tests(...run_fast_tests) {
    suites.run(["superslow"], images.of_stage(stage, version: version), stage, version: version)
}

## Run the fast and the slow tests in an image.
recipe run_fast_slow_tests(...run_fast_tests) {
    suites.run(["fast", "slow"], images.of_stage(stage, version: version), stage, version: version)
}

## Run the fast, the slow and the superslow tests in an image.
recipe run_fast_slow_superslow_tests(...run_fast_tests) {
    suites.run(
        ["fast", "slow", "superslow"],
        images.of_stage(stage, version: version),
        stage,
        version: version,
    )
}

## Run the QA tests against an image, from outside, as a user would.
recipe run_qa_tests(...run_fast_tests) {
    suites.run(["qa"], images.of_stage(stage, version: version), stage, version: version)
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
) {
    let v = versions.chosen(version, just_do_it: just_do_it)
    publishing.check_commit(v)
    if push_to_repo { publishing.login(target_registries) }
    let mode = building.poetry_mode(poetry_mode, update_poetry)
    let dev_suites = suites.chosen(
        skip_tests,
        fast: fast_tests,
        slow: slow_tests,
        superslow: superslow_tests ?? false,
        qa: qa_tests,
        end_to_end: run_end_to_end_tests,
    )
    let prod_suites = suites.chosen(
        skip_tests,
        fast: fast_tests,
        slow: slow_tests,
        superslow: superslow_tests ?? true,
        qa: qa_tests,
        end_to_end: run_end_to_end_tests,
    )

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
        if push_to_repo {
            if candidate != null {
                publishing.publish(candidate, "dev", v, target_registries, overwrite: just_do_it)
            }
            publishing.publish(prod, "prod", v, target_registries, overwrite: just_do_it)
        } else {
            if candidate != null { building.tag_locally(candidate, images.named("dev")) }
            building.tag_locally(prod, images.prod(v))
            building.tag_locally(prod, images.named("prod"))
        }
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
    target_registries: [Registry] = project.registries.all(),
) {
    roll_back("dev", versions.of_dev(version), target_registries, push: push_to_repo)
}

## Take the prod image back to a version that was released: `prod` stands for it again, in every registry.
##
## Every platform is kept, and nothing is pulled.
recipe docker_rollback_prod_image(
    ## The version to go back to.
    version: Version,
    ## Move the tag in the registries; otherwise on this machine alone.
    push_to_repo: Bool = true,
    ## Registries to roll back.
    target_registries: [Registry] = project.registries.all(),
) {
    roll_back("prod", version, target_registries, push: push_to_repo)
}

fn roll_back(stage: Str, version: Version, registries: [Registry], push: Bool) {
    let released = images.named("${stage}-${version}")
    let targets = registries.filter(fn(target) => stage in target.stages)
    if push { publishing.login(targets) }
    transaction "Roll ${stage} back to ${version}" {
        if docker.exists(released) or not push {
            building.tag_locally(released, images.named(stage))
        }
        if push {
            step "Point ${stage} at ${released.tag} in ${publishing.names(targets)}" {
                registry.publish(images.pinned(released), to: targets, tags: [stage])
            }
        }
    }
}

"""#,
    ]
}
