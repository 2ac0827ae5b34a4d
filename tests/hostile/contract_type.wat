;; Exports a lifecycle without functions.
(component
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
