"""How a rule is made and run, and how its mistakes are told."""

import types
import unittest
from dataclasses import dataclass, field

from reddalert_sdk import Alert, CallError, ErrorKind, Rule, RuleError, Severity, Times, failure, mock
from reddalert_sdk.mock import MockHost
from reddalert_sdk.rule import only_rule


class Counting(Rule):
    @dataclass
    class Settings:
        names: list[str] = field(default_factory=list)

    def run(self):
        return [Alert(name) for name in self.settings.names]


class Curious(Rule):
    def __init__(self, settings, host):
        super().__init__(settings, host)
        list(host.documents("aws/iamUsers", Times.NOW))


class Silent(Rule):
    def run(self):
        return None


class Odd(Rule):
    def run(self):
        yield "x"


class Running(unittest.TestCase):
    def test_settings_are_read_and_alerts_returned(self):
        self.assertEqual(mock.run(Counting, {"names": ["a"]}, MockHost()), [Alert("a")])
        self.assertEqual(mock.run(Silent, {}, MockHost()), [])

    def test_settings_that_do_not_fit_are_refused(self):
        cases = [
            (Counting, {"nams": []}, "settings: unknown key `nams`, expected one of: names"),
            (Counting, {"names": [1]}, "settings: `names[0]` is a number, expected a text"),
            (Silent, {"x": 1}, "settings: unknown key `x`, expected one of: none"),
        ]
        for kind, settings, message in cases:
            with self.subTest(settings=settings), self.assertRaises(RuleError) as raised:
                mock.run(kind, settings, MockHost())
            self.assertEqual(str(raised.exception), message)

    def test_the_inventory_is_closed_while_the_rule_is_made(self):
        with self.assertRaisesRegex(CallError, "not before `run`"):
            mock.run(Curious, {}, MockHost().answer("aws/iamUsers", []))

    def test_anything_but_alerts_is_a_mistake(self):
        with self.assertRaisesRegex(TypeError, "Odd.run is to return alerts, but returned str"):
            mock.run(Odd, {}, MockHost())

    def test_a_module_has_one_rule(self):
        module = types.ModuleType(__name__)
        module.Rule, module.Silent = Rule, Silent
        self.assertIs(only_rule(module), Silent)
        module.Odd = Odd
        with self.assertRaisesRegex(TypeError, "Silent, Odd"):
            only_rule(module)


class Alerts(unittest.TestCase):
    def test_a_title_stays_one_line(self):
        self.assertEqual(Alert("x", title="a\nb\x1b[0m\x85").title, "a b [0m ")

    def test_an_empty_label_is_left_out(self):
        self.assertEqual(Alert("x", labels={"region": "", "account": "1"}).labels, {"account": "1"})

    def test_a_wrong_type_is_told_at_once(self):
        for parts in ({"id": 1}, {"title": 1}, {"details": "x"}, {"details": [1]}, {"severity": "high"}, {"url": 1}, {"labels": {"a": 1}}):
            with self.subTest(parts=parts), self.assertRaises(TypeError):
                Alert(**{"id": "x", **parts})

    def test_severities_ascend(self):
        self.assertEqual([severity.value for severity in Severity], ["info", "low", "medium", "high", "critical"])


class Failures(unittest.TestCase):
    def told(self, call):
        try:
            call()
        except BaseException as error:
            return failure.describe(error).split("\n")
        self.fail("nothing was raised")

    def test_a_mistake_is_told_with_its_place_the_innermost_first(self):
        def look_up(values):
            return values["absent"]

        lines = self.told(lambda: look_up({}))
        self.assertEqual(lines[0], "KeyError: 'absent'")
        self.assertRegex(lines[1], r"^    at .*test_rule\.py:\d+ in .*look_up$")
        self.assertRegex(lines[-1], r"test_rule\.py:\d+ in Failures\.told$")

    def test_what_is_no_mistake_is_told_in_its_own_words(self):
        def refuse(error):
            raise error

        self.assertEqual(self.told(lambda: refuse(RuleError("no"))), ["no"])
        self.assertEqual(self.told(lambda: refuse(CallError(ErrorKind.DENIED, "denied"))), ["denied"])

    def test_a_deep_stack_is_cut(self):
        def recur():
            recur()

        self.assertEqual(len(self.told(recur)), 1 + failure.INNERMOST)


if __name__ == "__main__":
    unittest.main()
