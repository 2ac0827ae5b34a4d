"""What the host of rules does on top of its plain calls, and that the mock behaves as the real one."""

import unittest
from dataclasses import dataclass

from reddalert_sdk import At, CallError, ErrorKind, Level, Request, Response, RuleError, Target, Times, Window
from reddalert_sdk.mock import MockHost
from reddalert_sdk.selector import project

PATH = "view/instances;_expand"
DOWN = CallError(ErrorKind.UNAVAILABLE, "down", 503)


@dataclass
class Machine:
    instanceId: str
    cores: int


class Documents(unittest.TestCase):
    def test_all_pages_are_read_and_only_the_fields_are_asked_for(self):
        machines = [{"instanceId": f"i-{n}", "cores": n, "user": "x"} for n in range(7)]
        host = MockHost(page_size=3).answer(PATH, machines)
        self.assertEqual([machine.cores for machine in host.documents(PATH, Times.NOW, Machine)], list(range(7)))
        self.assertEqual(host.asked, [(f"{PATH}:(instanceId,cores)", Times.NOW)])

    def test_an_odd_document_is_reported_and_the_reading_goes_on(self):
        odd = [{"instanceId": "i-1", "cores": "two"}, 7, {"cores": 1}, {"instanceId": 5, "cores": 1}]
        host = MockHost().answer(PATH, [*odd, {"instanceId": "i-2", "cores": 2}])
        self.assertEqual(list(host.documents(PATH, Times.NOW, Machine)), [Machine("i-2", 2)])
        expected = [
            ("i-1", "`cores` is a text, expected a whole number"),
            ("a document of view/instances", "it is a number, expected an object"),
            ("a document of view/instances", "missing field `instanceId`"),
            ("5", "`instanceId` is a number, expected a text"),
        ]
        self.assertEqual(host.skipped_things, expected)

    def test_objects_and_ids_are_documents_too(self):
        host = MockHost().answer("aws/iamUsers", ["alice", "code"]).answer("x", [{"a": 1}])
        self.assertEqual(list(host.documents("aws/iamUsers", Times.NOW, str)), ["alice", "code"])
        self.assertEqual(list(host.documents("x", Times.NOW)), [{"a": 1}])

    def test_an_error_of_the_inventory_is_raised(self):
        host = MockHost().answer(PATH, DOWN)
        with self.assertRaises(CallError) as raised:
            list(host.documents(PATH, Times.NOW))
        self.assertEqual((raised.exception.kind, raised.exception.status, str(raised.exception)), (ErrorKind.UNAVAILABLE, 503, "down"))

    def test_an_answer_for_certain_times_goes_first(self):
        host = MockHost().answer("x", ["all"]).answer("x", ["then"], At(5))
        self.assertEqual(list(host.documents("x", At(5), str)), ["then"])
        self.assertEqual(list(host.documents("x", At(6), str)), ["all"])

    def test_a_moment_is_a_number_that_can_be_handed_over(self):
        for moment in (-1, 1.5, "1"):
            with self.subTest(moment=moment), self.assertRaises(ValueError):
                At(moment)


class Status(unittest.TestCase):
    def test_a_value_is_remembered_and_forgotten(self):
        host = MockHost(status={"a": 1})
        host.remember("b", [1, "ü"])
        self.assertEqual((host.recall("a"), host.recall("b"), host.recall("c"), host.recall("c", {})), (1, [1, "ü"], None, {}))
        host.forget("a")
        self.assertEqual((host.remembered_keys(), host.status), (["b"], {"b": [1, "ü"]}))

    def test_what_is_no_json_is_not_remembered(self):
        for value in (object(), float("nan")):
            with self.subTest(value=value), self.assertRaises((TypeError, ValueError)):
                MockHost().remember("x", value)

    def test_what_cannot_be_read_is_told_by_its_key(self):
        host = MockHost()
        host._status_set("x", "{")
        with self.assertRaisesRegex(RuleError, "`x`"):
            host.recall("x")


class Network(unittest.TestCase):
    def test_requests_are_answered_by_address_and_cut(self):
        host = MockHost().answer_request("http://a/", Response("http://a/", 404, [("X-Y", "z")], b"no such page"))
        cut, denied = host.send([Request("http://a/", max_body=7), Request("http://b/")])
        self.assertEqual((cut.status, cut.text(), cut.cut, cut.header("x-y"), cut.header("y")), (404, "no such", True, "z", None))
        self.assertEqual(denied.kind, ErrorKind.DENIED)

    def test_ports_are_answered_by_host_and_port(self):
        host = MockHost().answer_probe("192.0.2.1:22", True)
        answers = host.probe([Target("192.0.2.1", 22), Target("192.0.2.1", 23)])
        self.assertIs(answers[0], True)
        self.assertIsInstance(answers[1], CallError)
        self.assertEqual(host.probed_ports, ["192.0.2.1:22", "192.0.2.1:23"])


class TheRest(unittest.TestCase):
    def test_a_window_holds_its_start_and_not_its_end(self):
        window = Window(10, 20)
        self.assertEqual([moment in window for moment in (9, 10, 19, 20, 10.5, "10", None, True)], [False, True, True, False, True] + [False] * 3)

    def test_what_a_rule_says_is_kept(self):
        host = MockHost().answer_text("x;_diff", "diff")
        host.log("a")
        host.warn("b")
        host.incomplete("c")
        self.assertEqual((host.log_lines, host.incomplete_parts), ([(Level.INFO, "a"), (Level.WARN, "b")], ["c"]))
        self.assertEqual([str(text) for text in host.texts(["x;_diff", "y"], Times.NOW)], ["diff", "the test has no text for y"])

    def test_documents_have_the_fields_that_were_asked_for_and_are_never_left_out(self):
        document = {"a": {"b": 1, "c": 2}, "d": 3, "e": [{"f": 1, "g": 2}, None]}
        self.assertEqual(project(document, ":(a:(b),e:(f),h)"), {"a": {"b": 1}, "e": [{"f": 1}, None]})
        self.assertEqual((project({"a": None}, ":(a:(b))"), project("text", ":(a)")), ({"a": None}, "text"))

    def test_a_selector_that_the_mock_does_not_know_is_refused(self):
        for selector in (":(a=1)", ":(a", ":(a))", ":()", ":(a,)", "(a)"):
            with self.subTest(selector=selector), self.assertRaises(ValueError):
                project({}, selector)


if __name__ == "__main__":
    unittest.main()
