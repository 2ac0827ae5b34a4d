"""Documents become dataclasses, and dataclasses tell what to ask for."""

import unittest
from dataclasses import dataclass, field
from typing import Any, Optional

from reddalert_sdk import fields


@dataclass
class Tag:
    key: str
    value: Any = None


@dataclass
class Machine:
    instanceId: str
    cores: int = 0
    load: float = 0.0
    tags: list[Tag] | None = None
    labels: dict[str, int] = field(default_factory=dict)
    parent: "Optional[Machine]" = None


class Reading(unittest.TestCase):
    def test_a_document_has_its_types_all_the_way_down(self):
        value = {"instanceId": "i", "cores": 2.0, "load": 1, "tags": [{"key": "a", "other": 1}], "parent": {"instanceId": "p"}, "more": 1}
        machine = fields.read(Machine, value)
        self.assertEqual(machine, Machine("i", 2, 1.0, [Tag("a")], {}, Machine("p")))
        self.assertIsInstance(machine.cores, int)
        self.assertIsInstance(machine.load, float)

    def test_what_does_not_fit_is_told_with_its_place(self):
        cases = [
            (7, "it is a number, expected an object"),
            ({}, "missing field `instanceId`"),
            ({"instanceId": None}, "`instanceId` is null, expected a text"),
            ({"instanceId": "i", "cores": True}, "`cores` is a truth value, expected a whole number"),
            ({"instanceId": "i", "cores": 1.5}, "`cores` is a number, expected a whole number"),
            ({"instanceId": "i", "tags": [{"key": "a"}, {}]}, "missing field `tags[1].key`"),
            ({"instanceId": "i", "labels": {"a": "b"}}, "`labels.a` is a text, expected a whole number"),
        ]
        for value, reason in cases:
            with self.subTest(value=value), self.assertRaises(fields.DoesNotFit) as raised:
                fields.read(Machine, value)
            self.assertEqual(str(raised.exception), reason)

    def test_a_key_that_is_no_field_is_refused_where_that_matters(self):
        with self.assertRaises(fields.DoesNotFit) as raised:
            fields.read(Machine, {"instanceId": "i", "tags": [{"key": "a", "valeu": 1}]}, strict=True)
        self.assertEqual(str(raised.exception), "unknown key `tags[0].valeu`, expected one of: key, value")

    def test_a_type_that_json_has_not_is_a_mistake_of_the_author(self):
        with self.assertRaises(TypeError):
            fields.read(set, [])
        with self.assertRaises(TypeError):
            fields.read(str | int, "x")


class Selectors(unittest.TestCase):
    def test_the_selector_names_the_fields_of_dataclasses_in_dataclasses_too(self):
        @dataclass
        class Small:
            instanceId: str
            tags: list[Tag]
            labels: dict[str, Tag]

        self.assertEqual(fields.with_selector("view/x;_expand", Small), "view/x;_expand:(instanceId,tags:(key,value),labels)")

    def test_a_dataclass_that_holds_itself_ends_somewhere(self):
        self.assertEqual(fields.with_selector("x", Machine).count("parent"), fields.DEEPEST)

    def test_a_path_keeps_a_selector_of_its_own(self):
        self.assertEqual(fields.with_selector("view/x:(a)", Machine), "view/x:(a)")

    def test_what_is_no_dataclass_is_asked_for_whole(self):
        self.assertEqual(fields.with_selector("view/x", dict), "view/x")


if __name__ == "__main__":
    unittest.main()
