;; Imports the contract as it was before it was frozen.
(component
  (import "reddalert:rule/edda@0.1.0" (instance))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
