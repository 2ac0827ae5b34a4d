;; Doubles itself thirty times over: a few lines that stand for a billion instances. The test writes them.
(component
NESTED
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
