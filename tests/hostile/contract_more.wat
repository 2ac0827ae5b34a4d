;; Imports an interface that the contract does not have.
(component
  (import "reddalert:rule/files@1.0.0" (instance))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
