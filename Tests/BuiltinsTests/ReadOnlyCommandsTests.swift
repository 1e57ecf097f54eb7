import Builtins
import Lang
import Testing

@Suite("Commands that only read")
struct ReadOnlyCommandsTests {
    @Test(
        "these leave the world as it is",
        arguments: [
            "git rev-parse --short HEAD", "git log --oneline -3", "git log -1 --format=%H", "git status --porcelain",
            "git describe --tags", "git diff --stat HEAD~1", "git show HEAD:README.md", "git branch --show-current",
            "git ls-files", "git config --get user.name", "git remote get-url origin", "git rev-list --count HEAD",
            "git merge-base main dev", "git for-each-ref refs/tags", "git cat-file -p HEAD", "git tag --list v*",
            "docker inspect busybox", "docker images -q", "docker ps -a", "docker version", "docker info",
            "docker image inspect a", "docker image ls", "docker container ls", "docker manifest inspect a:1",
            "docker buildx imagetools inspect a:1", "docker buildx inspect", "docker history a", "docker port c",
            "uname -m", "date", "date +%F", "date -u +%Y-%m-%d", "date -d yesterday +%F", "date -Iseconds", "whoami",
            "id -u", "hostname", "hostname -f", "pwd", "cat VERSION", "ls -la", "head -1 f", "tail -1 f", "wc -l",
            "grep -r x .", "echo -n x", "printf %s x", "cut -d: -f1", "sort -u", "sort -k1,2 f", "uniq -c", "tr a b",
            "basename a/b", "dirname a/b", "realpath .", "readlink -f x", "stat -c %s f", "test -f x", "true", "false",
            "python3 --version",
        ])
    func reads(_ line: String) {
        #expect(ReadOnlyCommands.isReadOnly(line.split(separator: " ").map(String.init)))
    }

    @Test(
        "these change something, or may",
        arguments: [
            "", "git", "git push", "git branch", "git branch -D x", "git branch --show-current -D x",
            "git branch new", "git config x y", "git config --get x --unset", "git config --unset x",
            "git config --get a b c", "git diff --output=x", "git diff --output x", "git diff --outp=x",
            "git log --output=x", "git show --output x", "git -c alias.log=!rm log", "git -C .. log", "git tag v1",
            "git tag --list -d v1", "git remote add x y", "git remote get-url x y", "git ls-remote --upload-pack=x y",
            "git checkout x", "git fetch", "git commit", "docker run x", "docker rm x", "docker image rm x",
            "docker image prune", "docker container rm x", "docker buildx build .", "docker buildx prune",
            "docker buildx imagetools create x", "docker buildx inspect --bootstrap", "docker manifest push x",
            "docker -H tcp://x ps", "docker", "date -s 2020-01-01", "date --set=x", "date 010203", "sort -o f f",
            "sort -uo f f", "sort --output=f f", "sort --out f", "sort --compress-program=x", "uniq in out",
            "hostname new", "hostname -F f", "python3 x.py", "python3 -c x --version", "/usr/bin/git log", "rm x",
            "sh -c true", "tee f", "find . -delete", "curl x", "env true", "xargs rm",
        ])
    func changes(_ line: String) {
        #expect(!ReadOnlyCommands.isReadOnly(line.split(separator: " ").map(String.init)))
    }

    @Test("a pipeline reads if all its stages do")
    func pipelines() {
        let log = ProcessRequest(["git", "log"])
        #expect(ReadOnlyCommands.isReadOnly([log, ProcessRequest(["head", "-1"])]))
        #expect(!ReadOnlyCommands.isReadOnly([log, ProcessRequest(["tee", "x"])]))
        #expect(!ReadOnlyCommands.isReadOnly([ProcessRequest]()))
    }

    @Test("an environment may make a harmless program do anything")
    func environment() {
        let diff = ProcessRequest(["git", "diff"], environment: ["GIT_EXTERNAL_DIFF": "x"])
        #expect(!ReadOnlyCommands.isReadOnly([diff]))
        #expect(ReadOnlyCommands.isReadOnly([ProcessRequest(["date"], environment: ["TZ": "UTC"])]))
    }
}
