"""Container engines: `docker run image`. An image is known by its purl, but nothing reads tools out of it."""

from packageurl import PackageURL

from gateway.commandline import Grammar
from gateway.launcher import Launch, Read

COMMANDS = frozenset({"docker", "podman", "nerdctl"})
OPTIONS = Grammar(
    flags=(
        *("--rm", "-i", "-t", "-d", "-it", "-ti", "-P", "-q", "--interactive", "--tty", "--detach", "--init"),
        *("--privileged", "--read-only", "--publish-all", "--no-healthcheck", "--oom-kill-disable", "--sig-proxy"),
        *("--quiet", "--replace"),
    ),
)
"""Every other option takes a value."""
NOTE = "it is a container image, which is not read"


def launch(command: str, words: list[str], read: Read) -> Launch:  # noqa: ARG001 (the contract; it starts no launcher)
    """Tell the image that is run, as `pkg:docker/namespace/name@tag`."""
    if words[:2] == ["container", "run"]:
        words = words[1:]
    if words[:1] != ["run"]:
        return Launch(reason=f"{command} is started, but not to run an image")
    parsed = OPTIONS.parse(words[1:])
    if not parsed.words:
        return Launch(reason="the command line names no image")
    return Launch(purl=image_purl(parsed.words[0]), reason=NOTE)


def image_purl(image: str) -> str:
    """Return the purl of `[host/]path[:tag][@digest]`; a host is one with a dot, a port, or `localhost`."""
    reference, _, digest = image.partition("@")
    head, slash, rest = reference.partition("/")
    has_host = bool(slash) and ("." in head or ":" in head or head == "localhost")
    path, _, tag = (rest if has_host else reference).partition(":")
    namespace, _, name = path.rpartition("/")
    qualifiers = {"repository_url": head} if has_host else {}
    return PackageURL("docker", namespace or None, name or "unnamed", digest or tag or None, qualifiers).to_string()
