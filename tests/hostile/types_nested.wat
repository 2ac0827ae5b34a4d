;; Has a type that doubles thirty times over. The test writes it.
(component
NESTED
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
