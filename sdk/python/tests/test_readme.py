"""The rule that the README shows, and its test."""

import re
import unittest
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


class Readme(unittest.TestCase):
    def test_the_rule_and_its_test_work(self):
        blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        self.assertEqual(len(blocks), 2)
        names = {"__name__": __name__}
        for block in blocks:
            exec(compile(block, str(README), "exec"), names)


if __name__ == "__main__":
    unittest.main()
