;; Imports a function that the contract does not have.
(component
  (import "reddalert:rule/edda@1.0.0" (instance (export "forget" (func))))
  (instance $i)
  (export "reddalert:rule/lifecycle@1.0.0" (instance $i)))
