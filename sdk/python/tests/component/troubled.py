"""A rule that does what its setting `mode` says, for the tests of what arrives outside of the component."""

from dataclasses import dataclass

from reddalert_sdk import Alert, At, CallError, Level, Request, Rule, RuleError, Severity, Target, Times


@dataclass
class Machine:
    instanceId: str
    launchTime: int
    tags: list[dict[str, str]] | None = None


class Troubled(Rule):
    @dataclass
    class Settings:
        mode: str = "all"
        url: str = ""

    def __init__(self, settings, host):
        super().__init__(settings, host)
        if settings.mode == "refused settings":
            raise RuleError("the mode makes no sense")
        if settings.mode == "closed in init":
            list(host.documents("view/instances;_expand", Times.NOW))

    def run(self):
        return getattr(self, self.settings.mode.replace(" ", "_"))()

    def mistake(self):
        return {}["absent"]

    def recursion(self):
        return self.recursion()

    def exit(self):
        raise SystemExit(3)

    def wrong_alert(self):
        return [Alert("x", title=5)]

    def no_alert(self):
        return ["x"]

    def no_json(self):
        return [Alert("x", details=[{"when": object()}])]

    def not_caught(self):
        return list(self.host.documents("aws/nonsense;_expand", Times.NOW))

    def half_a_character(self):
        return [Alert("x", labels={"\ud800": "\ud800"}, details=["\ud800"])]

    def network(self):
        request = Request(self.settings.url, headers=[("a", "b")], max_body=5)
        target = Target("127.0.0.1", int(self.settings.url.strip("/").rsplit(":", 1)[1]))
        [answer], [is_open] = self.host.send([request]), self.host.probe([target], timeout=5)
        if isinstance(answer, CallError) or isinstance(is_open, CallError):
            return [Alert("network", details=[str(answer), str(is_open)])]
        has_length = answer.header("CONTENT-LENGTH") == "5"
        told = f"{answer.status} {answer.text()} {str(has_length).lower()}, {len(answer.body)} at {answer.url}"
        return [Alert("network", details=[told, f"open: {str(is_open).lower()}"])]

    def all(self):
        host = self.host
        host.log("quiet", Level.DEBUG)
        host.warn("loud")
        host.skipped("a thing", "odd")
        host.incomplete("a part")
        host.remember("text", "grüße 🚨")
        host.remember("gone", 1)
        host.forget("gone")
        machines = list(host.documents("view/instances;_expand", Times.NOW, Machine))
        earlier = list(host.documents("view/instances;_expand", At(host.window.until - 24 * 60 * 60 * 1000), Machine))
        texts = host.texts(["view/instances", "aws/nonsense"], Times.NOW)
        kinds = [text.kind.name if isinstance(text, CallError) else "text" for text in texts]
        counts = {"now": len(machines), "earlier": len(earlier), "texts": kinds, "keys": host.remembered_keys(), "text": host.recall("text")}
        yield Alert("counts", details=[counts, "words"], severity=Severity.CRITICAL, url="https://a.example/", labels={"account": "1", "region": ""})
        yield Alert("bare")
